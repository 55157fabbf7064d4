/** 100,000 deals with ten versions each, for the benchmark of history, written through the storage in bulk. */
import type { Storable, StorageAdapter, StorageSchema } from "@relata/core/adapter";
import { date, decimal, defineEntity, definePlugin, money, oneOf, reference, text } from "@relata/core/plugin";
import { createRandom } from "../measure/random.ts";

export const STAGES = ["qualification", "discovery", "proposal", "negotiation", "won", "lost"] as const;
const VERSIONS = 10;
const BATCH = 5_000;
/** The versions of all deals begin within this time, in milliseconds. */
export const SPAN = 10_000_000_000;
export const BEGINNING = Date.UTC(2026, 0, 1);
const DAYS = 365;
const DAY_MS = 86_400_000;

const fields = {
  name: text(),
  pipeline: text().indexed(),
  stage: oneOf(...STAGES),
  ownerId: reference("user").optional(),
  teamId: reference("team").optional(),
  amount: money().optional(),
  probability: decimal({ scale: 2 }),
  closeDate: date(),
  source: text().optional(),
  notes: text().optional(),
};
/** What every entity has. */
const deal = defineEntity("deal", { plural: "deals", fields, indexes: [["stage", "closeDate"]] });
const listedDeal = defineEntity("deal", { plural: "deals", fields, asOfIndexes: [["stage", "closeDate"]] });
/** The same without history. */
const plainDeal = defineEntity("plainDeal", {
  plural: "plainDeals",
  fields,
  history: false,
  indexes: [["stage", "closeDate"]],
});

/** Deals have history, and are not ready for lists of the past. */
export const dealing = definePlugin({ id: "dealing", entities: [deal, plainDeal] });
/** They are ready for them. */
export const dealingListed = definePlugin({ id: "dealing", entities: [listedDeal, plainDeal] });

export interface OpenData {
  readonly adapter: StorageAdapter;
  readonly schema: StorageSchema;
  readonly tenantId: string;
  readonly ownerId: string;
}

/** Deals are created all along the first nine tenths of the time, and changed from then on up to its end. Gives their ids. */
export async function writeHistoryData(data: OpenData, count: number): Promise<readonly string[]> {
  const { adapter, schema, tenantId, ownerId } = data;
  const columnsOf = (table: string) =>
    schema.tables
      .get(table)!
      .columns.map(({ name }) => name)
      .filter((name) => name !== "tenant_id");
  const columns = columnsOf("deal");
  const storage = await adapter.open({ schema, waitTimeoutMs: 5_000 });
  const rowOf = (values: Version) => columns.map((name) => values[name] ?? null);
  for (let from = 0; from < count; from += BATCH) {
    const now: Storable[][] = [];
    const past: Storable[][] = [];
    for (let number = from; number < Math.min(count, from + BATCH); number++) {
      const versions = versionsOf(number, ownerId);
      now.push(rowOf(versions.at(-1)!));
      for (const [at, version] of versions.slice(0, -1).entries())
        past.push([...rowOf(version), versions[at + 1]!.updated_at!, "ann"]);
    }
    await storage.write(tenantId, [
      { kind: "insert", table: "plain_deal", columns, rows: now },
      { kind: "insert", table: "deal", columns, rows: now },
      { kind: "insert", table: "deal__history", columns: [...columns, "ended_at", "ended_by"], rows: past },
    ]);
  }
  await storage.close();
  return Array.from({ length: count }, (_, number) => idOf(number));
}

/** Scattered over the key, as far as the time of its creation goes. */
function idOf(number: number): string {
  const scattered = String((number * 7_919) % 1_000_003).padStart(12, "0");
  return `019b7600-0000-7000-8000-${scattered}`;
}

/** By column. */
type Version = Readonly<Record<string, Storable>>;

function versionsOf(number: number, ownerId: string): readonly Version[] {
  const random = createRandom(number);
  const createdAt = BEGINNING + random(0.9 * SPAN);
  const instants = [createdAt];
  for (let at = 1; at < VERSIONS; at++) instants.push(createdAt + random(BEGINNING + SPAN - createdAt));
  return instants
    .sort((a, b) => a - b)
    .map((at, before) => ({
      ...{
        id: idOf(number),
        version: before + 1,
        created_at: createdAt,
        created_by: "ann",
        updated_at: at,
        updated_by: "bob",
      },
      ...{ name: `Deal number ${number}`, pipeline: "sales", owner_id: ownerId, source: "referral" },
      stage: STAGES[random(STAGES.length)]!,
      amount: BigInt(100 * random(1_000_000)),
      amount_currency: "EUR",
      probability: BigInt(1_000 * random(11)),
      close_date: new Date(BEGINNING + random(DAYS) * DAY_MS).toISOString().slice(0, 10),
      notes: "A few words that somebody has written about this deal, as people do.",
    }));
}

/** 100,000 deals with ten versions each, for the benchmark of history, written through the storage in bulk. */
import type { ColumnSchema, Storable, StorageSchema, TableSchema } from "@relata/core/adapter";
import { sqlite } from "@relata/sqlite";
import { createRandom } from "./random.ts";

export const TENANT = "t";
export const STAGES = ["qualification", "discovery", "proposal", "negotiation", "won", "lost"] as const;
export const VERSIONS = 10;
const BATCH = 5_000;
/** The versions of all deals begin within this time, in milliseconds. */
export const SPAN = 1_000_000_000;
const FIRST_DAY = Date.UTC(2026, 0, 1);

const column = (name: string, kind: ColumnSchema["kind"], more: Partial<ColumnSchema> = {}): ColumnSchema => {
  return { name, kind, meaning: kind, nullable: false, field: name, ...more };
};
const columns = [
  column("tenant_id", "text"),
  column("id", "text"),
  column("version", "integer"),
  column("created_at", "instant"),
  column("created_by", "text", { nullable: true }),
  column("updated_at", "instant"),
  column("updated_by", "text", { nullable: true }),
  column("archived_at", "instant", { nullable: true }),
  column("name", "text"),
  column("pipeline_id", "text"),
  column("stage", "text"),
  column("owner_id", "text"),
  column("amount", "bigint", { nullable: true }),
  column("probability", "integer"),
  column("close_date", "date"),
  column("source", "text", { nullable: true }),
  column("notes", "text", { nullable: true }),
];
const index = (table: string, ...names: readonly string[]) => {
  return { name: `${table}__${names.join("__")}`, columns: ["tenant_id", ...names], unique: false };
};

/** What a field index of core looks like: the same in both tables that are compared. */
const plainIndexes = (table: string) => [index(table, "owner_id", "id"), index(table, "pipeline_id", "id")];

/** As it would be without history. */
const plain: TableSchema = {
  name: "plain",
  entity: "plain",
  primaryKey: ["tenant_id", "id"],
  columns,
  indexes: [...plainIndexes("plain"), index("plain", "stage", "close_date", "id")],
  foreignKeys: [],
};
const deals: TableSchema = {
  name: "deal",
  entity: "deal",
  primaryKey: ["tenant_id", "id"],
  columns,
  indexes: [
    ...plainIndexes("deal"),
    index("deal", "stage", "close_date", "id", "updated_at"),
    index("deal", "updated_at", "stage", "close_date", "id"),
  ],
  foreignKeys: [],
  history: "deal__history",
};
const history: TableSchema = {
  name: "deal__history",
  entity: "deal",
  primaryKey: ["tenant_id", "id", "version"],
  columns: [...columns, column("ended_at", "instant"), column("ended_by", "text", { nullable: true })],
  indexes: [
    index("deal__history", "ended_at", "updated_at", "stage", "close_date", "id"),
    index("deal__history", "updated_at", "ended_at", "stage", "close_date", "id"),
    index("deal__history", "stage", "close_date", "id", "updated_at", "ended_at"),
  ],
  foreignKeys: [],
};
export const schema: StorageSchema = { tables: new Map([plain, deals, history].map((table) => [table.name, table])) };

const names = columns.map(({ name }) => name).filter((name) => name !== "tenant_id");

/** Deals are created all along the first nine tenths of the time, and changed from then on up to its end. */
export async function writeHistoryData(filename: string, count: number): Promise<void> {
  const storage = await sqlite({ filename, durability: "relaxed" }).open({ schema, waitTimeoutMs: 5_000 });
  await storage.migrator.migrate(() =>
    [...schema.tables.values()].flatMap((table) => [
      { kind: "create_table", table } as const,
      ...table.indexes.map((each) => ({ kind: "create_index", table, index: each }) as const),
    ]),
  );
  for (let from = 0; from < count; from += BATCH) {
    const now: Storable[][] = [];
    const past: Storable[][] = [];
    for (let number = from; number < Math.min(count, from + BATCH); number++) {
      const versions = versionsOf(number);
      now.push(versions.at(-1)!);
      for (const [at, version] of versions.slice(0, -1).entries()) {
        past.push([...version, versions[at + 1]![names.indexOf("updated_at")]!, "ann"]);
      }
    }
    await storage.write(TENANT, [
      { kind: "insert", table: "plain", columns: names, rows: now },
      { kind: "insert", table: "deal", columns: names, rows: now },
      { kind: "insert", table: "deal__history", columns: [...names, "ended_at", "ended_by"], rows: past },
    ]);
  }
  await storage.close();
}

/** The id of the deal with this number: scattered over the key, as far as the time of its creation goes. */
export function idOf(number: number): string {
  return `deal-${String((number * 7_919) % 1_000_003).padStart(7, "0")}`;
}

function versionsOf(number: number): Storable[][] {
  const random = createRandom(number);
  const createdAt = random(0.9 * SPAN);
  const instants = [createdAt];
  for (let at = 1; at < VERSIONS; at++) instants.push(createdAt + random(SPAN - createdAt));
  instants.sort((a, b) => a - b);
  return instants.map((at, version) => dealRow(number, version + 1, { createdAt, updatedAt: at }));
}

export function dealRow(
  number: number,
  version: number,
  { createdAt, updatedAt }: { readonly createdAt: number; readonly updatedAt: number },
): Storable[] {
  const random = createRandom(number * 16 + version);
  const day = new Date(FIRST_DAY + random(365) * 86_400_000).toISOString().slice(0, 10);
  return [
    ...[idOf(number), version, createdAt, "ann", updatedAt, "bob", null, `Deal number ${number}`, "sales"],
    ...[STAGES[random(STAGES.length)]!, `owner-${random(50)}`, BigInt(100 * random(1_000_000)), 10 * random(11)],
    ...[day, "referral", "A few words that somebody has written about this deal, as people do."],
  ];
}

export const columnNames = names;

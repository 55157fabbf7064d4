/** What the databases hold before the first round, written by Relata itself. */
import { createRandom } from "../measure/random.ts";
import type { NewOpportunity } from "./contestant.ts";
import type { SalesCrm } from "./relata.ts";

/** With so many records also all rows are compared, and CI looks for a collapse. */
export const LEAST_SIZE = 10_000;

const OWNERS = 50;
const ACCOUNTS = 1_000;
/** Of one call of `createMany`. */
export const BATCH = 2_000;
const DAYS = 365;
const SOURCES = ["referral", "website", "event", "outbound"];
/** What the clock of the CRM says that writes the data. */
export const FIRST_DAY = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;

export const OPEN_STAGES = ["qualification", "discovery", "proposal", "negotiation"] as const;

export interface SalesData {
  /** Opportunities in the order of creation: all of them, or some thousands, evenly spread. */
  readonly ids: readonly string[];
  /** The same of those in the first stage. */
  readonly idsInFirstStage: readonly string[];
  /** The input of the opportunity with this number, the same in every run. */
  input(number: number): NewOpportunity;
}

/** All but the opportunities. */
export interface SalesBase extends Pick<SalesData, "input"> {
  /** In their order. Opportunity number n is created in stage n, and again from the first. */
  readonly stages: Awaited<ReturnType<SalesCrm["stages"]["list"]>>["items"];
}

/** The pipeline, owners, accounts, and a rate of the dollar for every day. */
export async function writeSalesBase(crm: SalesCrm): Promise<SalesBase> {
  const pipeline = await crm.pipelines.define({
    key: "sales",
    name: "Sales",
    entityType: "opportunity",
    stages: [
      ...OPEN_STAGES.map((key, i) => ({ key, name: key, outcome: "open" as const, probability: String(10 + 25 * i) })),
      { key: "won", name: "won", outcome: "won" },
      { key: "lost", name: "lost", outcome: "lost" },
    ],
  });
  const stages = await crm.stages.list({ where: { pipelineId: pipeline.id }, orderBy: [{ position: "asc" }] });
  const owners = await crm.users.createMany(
    numbers(OWNERS).map((n) => ({ name: `Owner ${n}`, email: `owner${n}@example.com` })),
  );
  const accounts = await crm.accounts.createMany(numbers(ACCOUNTS).map((n) => ({ name: `Account ${n}` })));
  await crm.exchangeRates.createMany(
    numbers(DAYS).map((n) => ({
      baseCurrency: "EUR",
      quoteCurrency: "USD",
      day: dayOf(FIRST_DAY + n * DAY_MS),
      rate: `1.${1_000 + n}`,
    })),
  );

  const input = (number: number): NewOpportunity => {
    const random = createRandom(number);
    const cents = random(100).toString().padStart(2, "0");
    return {
      name: `Opportunity ${number}`,
      accountId: accounts[random(ACCOUNTS)]!.id,
      ownerId: owners[random(OWNERS)]!.id,
      amount: { amount: `${500 + random(100_000)}.${cents}`, currency: random(4) === 0 ? "USD" : "EUR" },
      expectedCloseDate: dayOf(FIRST_DAY + random(DAYS) * DAY_MS),
      source: SOURCES[random(SOURCES.length)]!,
    };
  };
  return { input, stages: stages.items };
}

/** Through the CRM, which stays open. */
export async function writeSalesData(crm: SalesCrm, opportunities: number): Promise<SalesData> {
  const { input, stages } = await writeSalesBase(crm);
  const ids: string[] = [];
  const idsInFirstStage: string[] = [];
  for (let from = 0; from < opportunities; from += BATCH) {
    const inputs = numbers(Math.min(BATCH, opportunities - from)).map((i) => {
      const number = from + i;
      return { ...input(number), stageId: stages[number % stages.length]!.id };
    });
    for (const { id, stageId } of await crm.opportunities.createMany(inputs)) {
      ids.push(id);
      if (stageId === stages[0]!.id) idsInFirstStage.push(id);
    }
  }
  return { ids, idsInFirstStage, input };
}

export function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Brings a sales team's data into the CRM, or up to date there: a second import of the same data changes nothing. */
import type { SalesCrm } from "../crm.ts";
import { noonOf } from "../day.ts";
import type { SalesData, StageKey } from "../source/sales-data.ts";
import { dollars } from "./dollars.ts";
import { type Base, type BaseTallies, importBase, readBase } from "./import-base.ts";
import { activityFields, importSchedule, opportunityFields } from "./import-opportunities.ts";
import { definePipeline, pipelineKey } from "./pipeline.ts";
import { createRegistry, notBefore, type Registry } from "./registry.ts";
import { countWrites, type KnownOpportunity, type Schedule, scheduleImport } from "./schedule.ts";
import { type Tally, tallyOf } from "./tally.ts";

interface ImportTallies extends BaseTallies {
  readonly opportunities: Tally;
  readonly activities: Tally;
}

export interface ImportResult extends Pick<Schedule, "postponed" | "otherCloseDate"> {
  readonly tallies: ImportTallies;
  /** How many opportunities went from one stage to another. */
  readonly moved: number;
}

export interface ImportOptions {
  /** Called as it goes on; `month` is "2017-03". */
  readonly onProgress?: (step: { readonly month: string; readonly written: number; readonly total: number }) => void;
  /** What counts as the present. The system's clock unless said. */
  readonly now?: Date;
}

/**
 * Creates what is new, dated when it happened; changes what has changed, dated now; moves what is in another stage. What is in
 * the CRM and not in `data` stays as it is. Each month is one transaction: after a failure, the next import goes on from there.
 */
export async function importSalesData(
  crm: SalesCrm,
  data: SalesData,
  options: ImportOptions = {},
): Promise<ImportResult> {
  const { onProgress = () => undefined, now = new Date() } = options;
  const { since, stageIds, tallies: baseTallies, base } = await crm.transaction((tx) => importFirst(tx, data));
  const known = await readKnown(crm);

  const { days, ...remarks } = scheduleImport({ data, base, ...known, since, now });
  const total = days.reduce((sum, day) => sum + countWrites(day), 0);
  const opportunityIds = new Map([...known.opportunities].map(([name, { id }]) => [name, id]));
  const wonBefore = new Set([...known.opportunities].filter(([, { stage }]) => stage === "won").map(([name]) => name));
  let written = 0;
  await importSchedule(crm, days, {
    base,
    listPrices: new Map(data.products.map(({ name, listPrice }) => [name, listPrice])),
    opportunityIds,
    stageIds,
    wonBefore,
    onProgress: (month, count) => {
      written += count;
      onProgress({ month, written, total });
    },
  });

  const updated = await crm.transaction((tx) => updateKnown(tx, { data, base, known, opportunityIds }));
  const countOf = (kind: "creations" | "moves" | "activities") => days.reduce((sum, day) => sum + day[kind].length, 0);
  return {
    tallies: {
      ...baseTallies,
      opportunities: { ...updated.opportunities, created: countOf("creations") },
      activities: { ...updated.activities, created: countOf("activities") },
    },
    moved: countOf("moves"),
    ...remarks,
  };
}

interface Known {
  readonly opportunities: ReadonlyMap<string, KnownOpportunity>;
  readonly activities: Registry;
}
type Ids = ReadonlyMap<string, string>;

/** The pipeline, dated the first day of the data when it is new, and everything that opportunities refer to. */
async function importFirst(tx: SalesCrm, data: SalesData) {
  const firstDay = noonOf(data.firstDay);
  const known = await tx.pipelines.find({ where: { entityType: "opportunity", key: pipelineKey } });
  const pipeline = await definePipeline(known === undefined ? tx.at(firstDay) : tx);
  const stageIds = new Map(pipeline.stages.map(({ key, id }) => [key as StageKey, id]));
  const since = notBefore(firstDay, [pipeline]);
  const base = await readBase(tx);
  return { since, stageIds, base, tallies: await importBase(tx, { data, base, since }) };
}

async function readKnown(crm: SalesCrm): Promise<Known> {
  const opportunities = new Map<string, KnownOpportunity>();
  const records = crm.opportunities.iterate({ where: { externalId: { ne: null } }, include: { stage: true } });
  for await (const { externalId, stage, ...opportunity } of records) {
    opportunities.set(externalId ?? "", { ...opportunity, stage: stage?.key as StageKey });
  }
  const activities = createRegistry();
  for await (const activity of crm.activities.iterate()) {
    activities.add(activity.externalId ?? "", activity);
  }
  return { opportunities, activities };
}

/** What the source says now of what was there before. Fields that it does not say stay. */
async function updateKnown(
  crm: SalesCrm,
  { data, base, known, opportunityIds }: { data: SalesData; base: Base; known: Known; opportunityIds: Ids },
) {
  const opportunities = data.opportunities
    .filter(({ id }) => known.opportunities.has(id))
    .map((opportunity) => ({
      ...opportunityFields(opportunity, base),
      ...(opportunity.closeValue === null ? {} : { amount: dollars(opportunity.closeValue) }),
    }));
  const activities = data.activities
    .filter(({ id }) => known.activities.has(id))
    .map((activity) => activityFields(activity, base, opportunityIds));
  return {
    opportunities: tallyOf(await crm.opportunities.upsertMany(opportunities, { by: "externalId" })),
    activities: tallyOf(await crm.activities.upsertMany(activities, { by: "externalId" })),
  };
}

/** The same data as `writeSalesData`, row by row as Relata would have written it, but straight into a storage: for a million records. */
import type { Storable, StorageAdapter, StorageSchema } from "@relata/core/adapter";
import { createIds } from "./ids.ts";
import { openCrm } from "./relata.ts";
import { newOpportunityRow, newStageEntryRow, TENANT } from "./rows.ts";
import { BATCH, dayOf, FIRST_DAY, numbers, type SalesData, writeSalesBase } from "./sales-data.ts";

/** Of more records only some ids are given, evenly spread: a large heap would have its garbage collected while others are measured. */
const IDS = 20_000;

/** `quickly`, where given, is called with what writes the rows, and may do it without indexes. Closes the storage. */
export async function writeSalesRows(
  adapter: StorageAdapter,
  count: number,
  quickly: (write: () => Promise<void>) => Promise<void> = (write) => write(),
): Promise<SalesData> {
  let schema: StorageSchema | undefined;
  const open: StorageAdapter["open"] = (options) => {
    schema = options.schema;
    return adapter.open(options);
  };
  const crm = await openCrm({ name: adapter.name, open }, () => FIRST_DAY);
  const { input, stages } = await writeSalesBase(crm);
  await crm.close();

  // Later than the ids of the base, which were made in the same millisecond.
  let ms = FIRST_DAY + 1_000;
  const newId = createIds(() => ms);
  const every = Math.ceil(count / IDS);
  const ids: string[] = [];
  const idsInFirstStage: string[] = [];
  await quickly(async () => {
    const storage = await adapter.open({ schema: schema!, waitTimeoutMs: 5_000 });
    for (let from = 0; from < count; from += BATCH) {
      ms++;
      const records = numbers(Math.min(BATCH, count - from)).map((index) => {
        const { id: stageId, pipelineId, outcome, probability, key } = stages[(from + index) % stages.length]!;
        const stage = { id: stageId, pipeline_id: pipelineId, key, probability: 100 * Number(probability) };
        const row = newOpportunityRow(input(from + index), stage, { id: newId(), now: FIRST_DAY, index });
        const closed = { status: outcome, actual_close_date: dayOf(FIRST_DAY), sales_cycle_days: 0 };
        return outcome === "open" ? row : { ...row, ...closed };
      });
      const entries = records.map((row) =>
        newStageEntryRow({ id: newId(), opportunityId: row.id, stageId: row.stage_id, now: FIRST_DAY }),
      );
      for (const [index, { id, stage_id }] of records.entries()) {
        const number = from + index;
        if (number % every === 0) ids.push(id);
        if (stage_id === stages[0]!.id && (number / stages.length) % every === 0) idsInFirstStage.push(id);
      }
      await storage.write(TENANT, [insertion("opportunity", records), insertion("opportunity_stage_entry", entries)]);
    }
    await storage.close();
  });
  return { ids, idsInFirstStage, input };
}

/** What SQLite keeps as an integer and core as a big one: amounts in minor units and decimals. */
const BIG = new Set(["amount", "probability"]);

function insertion(table: string, rows: readonly object[]) {
  const columns = Object.keys(rows[0]!).filter((column) => column !== "tenant_id");
  const valuesOf = (row: object) =>
    columns.map((column) => {
      const value = (row as Readonly<Record<string, Storable>>)[column]!;
      return BIG.has(column) ? BigInt(value as number) : value;
    });
  return { kind: "insert", table, columns, rows: rows.map(valuesOf) } as const;
}

/** TypeORM on better-sqlite3, with its statement cache: `insert` and `update` rather than `save`, which reads first. */
import { DataSource, EntitySchema, type EntitySchemaColumnOptions, IsNull } from "typeorm";
import { type NewOpportunity, PAGE_SIZE, type PageQuery } from "../../src/sales/contestant.ts";
import { createIds } from "../../src/sales/ids.ts";
import {
  FIVE_FIELDS_COLUMNS,
  fiveFieldsOf,
  newOpportunityRow,
  newStageEntryRow,
  type OpportunityRow,
  opportunityOf,
  pageOf,
  type StageEntryRow,
  TENANT,
} from "../../src/sales/rows.ts";
import type { ContestantOptions } from "../../src/sqlite/open-database.ts";
import { OPPORTUNITY_TYPES, STAGE_ENTRY_TYPES, type StoredType } from "./columns.ts";
import { type Peer, SETTINGS } from "./peer.ts";
import { moveChanges, readStages } from "./stages.ts";

const ROWS_AT_ONCE = 100;

const Opportunity = new EntitySchema<OpportunityRow>({
  name: "opportunity",
  columns: columnsOf(OPPORTUNITY_TYPES),
});
const StageEntry = new EntitySchema<StageEntryRow>({
  name: "opportunity_stage_entry",
  columns: columnsOf(STAGE_ENTRY_TYPES),
});

export async function typeorm({ filename, clock }: ContestantOptions): Promise<Peer> {
  const newId = createIds(clock);
  const stages = readStages(filename);
  const source = new DataSource({
    type: "better-sqlite3",
    database: filename,
    prepareDatabase: (database: { pragma(text: string): void }) => {
      for (const setting of SETTINGS) database.pragma(setting);
    },
    entities: [Opportunity, StageEntry],
  });
  await source.initialize();
  const opportunities = source.getRepository(Opportunity);

  const newRow = (input: NewOpportunity, index = 0) =>
    newOpportunityRow(input, stages.first, { id: newId(), now: clock(), index });
  const entryOf = (opportunityId: string, stageId: string, now: number) =>
    newStageEntryRow({ id: newId(), opportunityId, stageId, now });
  const insertRows = (rows: readonly OpportunityRow[]) =>
    source.transaction(async (manager) => {
      for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
        const some = rows.slice(from, from + ROWS_AT_ONCE);
        await manager.insert(Opportunity, some);
        await manager.insert(
          StageEntry,
          some.map((row) => entryOf(row.id, row.stage_id, row.created_at)),
        );
      }
    });
  const page = ({ from, after }: PageQuery) => {
    const open = opportunities
      .createQueryBuilder("o")
      .where("o.tenant_id = :tenant and o.archived_at is null and o.status = :status", {
        tenant: TENANT,
        status: "open",
      })
      .orderBy("o.expected_close_date")
      .addOrderBy("o.id")
      .take(PAGE_SIZE + 1);
    if (after === undefined) return open.andWhere("o.expected_close_date >= :from", { from });
    const [day, id] = after as [string, string];
    return open.andWhere("(o.expected_close_date, o.id) > (:day, :id)", { day, id });
  };

  return {
    async create(input) {
      const row = newRow(input);
      await insertRows([row]);
      return opportunityOf(row);
    },
    async createMany(inputs) {
      const rows = inputs.map(newRow);
      await insertRows(rows);
      return rows.map(opportunityOf);
    },
    get: async (id) => opportunityOf(await opportunities.findOneByOrFail({ tenant_id: TENANT, id })),
    list: async (query) => pageOf(await page(query).getMany(), PAGE_SIZE, opportunityOf),
    async listFiveFields(query) {
      const rows = await page(query)
        .select(FIVE_FIELDS_COLUMNS.map((column) => `o.${column}`))
        .getMany();
      return pageOf(rows, PAGE_SIZE, fiveFieldsOf);
    },
    move: (id, key) =>
      source.transaction(async (manager) => {
        const now = clock();
        const stage = stages.byKey(key);
        const row = await manager.findOneByOrFail(Opportunity, { tenant_id: TENANT, id });
        const changes = { ...moveChanges(stage, now), version: row.version + 1 };
        const { affected } = await manager.update(
          Opportunity,
          { tenant_id: TENANT, id, version: row.version },
          changes,
        );
        if (affected !== 1) throw new Error(`${id} has changed`);
        await manager.update(
          StageEntry,
          { tenant_id: TENANT, record_id: id, left_at: IsNull() },
          { left_at: now, updated_at: now, duration_ms: () => `${now} - entered_at`, version: () => "version + 1" },
        );
        await manager.insert(StageEntry, entryOf(id, stage.id, now));
        return opportunityOf({ ...row, ...changes });
      }),
    close: () => source.destroy(),
  };
}

function columnsOf<Row>(types: Readonly<Record<keyof Row, StoredType>>) {
  return Object.fromEntries(
    Object.entries<StoredType>(types).map(([name, { type, nullable }]) => [
      name,
      { type, nullable, primary: name === "tenant_id" || name === "id" } satisfies EntitySchemaColumnOptions,
    ]),
  ) as Record<keyof Row, EntitySchemaColumnOptions>;
}

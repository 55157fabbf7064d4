/** Remult on node:sqlite: one repository of each entity, and in a transaction one that is bound to it. */
import { DatabaseSync } from "node:sqlite";
import { describeEntity, type EntityFilter, Fields, Remult, SqlDatabase } from "remult";
import { NodeSqliteDataProvider } from "remult/remult-node-sqlite";
import { type NewOpportunity, PAGE_SIZE, type PageQuery } from "../../src/sales/contestant.ts";
import { createIds } from "../../src/sales/ids.ts";
import {
  FIVE_FIELDS_COLUMNS,
  type FiveFieldsRow,
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

export async function remult({ filename, clock }: ContestantOptions): Promise<Peer> {
  const newId = createIds(clock);
  const stages = readStages(filename);
  const database = new DatabaseSync(filename);
  for (const setting of SETTINGS) database.exec(`pragma ${setting}`);
  const { Opportunity, StageEntry } = defineEntities();
  const provider = new SqlDatabase(new NodeSqliteDataProvider(database));
  const opportunities = new Remult(provider).repo(Opportunity);

  const newRow = (input: NewOpportunity, index = 0) =>
    newOpportunityRow(input, stages.first, { id: newId(), now: clock(), index });
  const entryOf = (opportunityId: string, stageId: string, now: number) =>
    newStageEntryRow({ id: newId(), opportunityId, stageId, now });
  const inTransaction = async <T>(work: (remult: Remult) => Promise<T>): Promise<T> => {
    let result: { readonly value: T } | undefined;
    await provider.transaction(async (transaction) => {
      result = { value: await work(new Remult(transaction)) };
    });
    return result!.value;
  };
  const insertRows = (rows: readonly OpportunityRow[]) =>
    inTransaction(async (transaction) => {
      await transaction.repo(Opportunity).insert([...rows], { select: "none" });
      const entries = rows.map((row) => entryOf(row.id, row.stage_id, row.created_at));
      await transaction.repo(StageEntry).insert(entries, { select: "none" });
    });
  /** Remult's type of a filter does not know that a field which may be null can be null, and can be compared. */
  const pageWhere = ({ from, after }: PageQuery) => {
    const open = { tenant_id: TENANT, archived_at: null, status: "open" };
    const [day, id] = (after ?? [from]) as [string, string?];
    const following = id === undefined ? {} : { $or: [{ expected_close_date: { $gt: day } }, { id: { $gt: id } }] };
    return { ...open, expected_close_date: { $gte: day }, ...following } as unknown as EntityFilter<OpportunityRow>;
  };
  const pageOptions = (query: PageQuery) =>
    ({
      where: pageWhere(query),
      orderBy: { expected_close_date: "asc", id: "asc" },
      limit: PAGE_SIZE + 1,
    }) as const;
  const fiveFields = Object.fromEntries(FIVE_FIELDS_COLUMNS.map((column) => [column, true as const]));

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
    get: async (id) => opportunityOf((await opportunities.findFirst({ tenant_id: TENANT, id }))!),
    list: async (query) => pageOf(await opportunities.find(pageOptions(query)), PAGE_SIZE, opportunityOf),
    async listFiveFields(query) {
      const rows = await opportunities.find({ ...pageOptions(query), select: fiveFields });
      return pageOf(rows as readonly FiveFieldsRow[], PAGE_SIZE, fiveFieldsOf);
    },
    move: (id, key) =>
      inTransaction(async (transaction) => {
        const now = clock();
        const stage = stages.byKey(key);
        const row = (await transaction.repo(Opportunity).findFirst({ tenant_id: TENANT, id }))!;
        const changes = { ...moveChanges(stage, now), version: row.version + 1 };
        const changed = await transaction
          .repo(Opportunity)
          .updateMany({ where: { tenant_id: TENANT, id, version: row.version }, set: changes });
        if (changed !== 1) throw new Error(`${id} has changed`);
        const stays = transaction.repo(StageEntry);
        const stay = (await stays.findFirst({
          tenant_id: TENANT,
          record_id: id,
          left_at: null,
        } as unknown as EntityFilter<StageEntryRow>))!;
        await stays.update(
          { tenant_id: TENANT, id: stay.id },
          { left_at: now, duration_ms: now - stay.entered_at, updated_at: now, version: stay.version + 1 },
          { select: "none" },
        );
        await stays.insert(entryOf(id, stage.id, now), { select: "none" });
        return opportunityOf({ ...row, ...changes });
      }),
    close: () => database.close(),
  };
}

/** Two classes without fields of their own, described by the columns. */
function defineEntities() {
  class Opportunity {}
  class StageEntry {}
  describeEntity(Opportunity, "opportunity", fieldsOf(OPPORTUNITY_TYPES), { id: ["tenant_id", "id"] as never });
  describeEntity(StageEntry, "opportunity_stage_entry", fieldsOf(STAGE_ENTRY_TYPES), {
    id: ["tenant_id", "id"] as never,
  });
  return {
    Opportunity: Opportunity as new () => OpportunityRow,
    StageEntry: StageEntry as new () => StageEntryRow,
  };
}

function fieldsOf<Row>(types: Readonly<Record<keyof Row, StoredType>>) {
  return Object.fromEntries(
    Object.entries<StoredType>(types).map(([name, { type, nullable }]) => [
      name,
      type === "text" ? Fields.string({ allowNull: nullable }) : Fields.integer({ allowNull: nullable }),
    ]),
  );
}

/** Drizzle as an application would use it: queries built where they are needed, on a pool of `pg`. */
import { and, asc, eq, getTableColumns, gte, isNull, sql } from "drizzle-orm";
import { drizzle as drizzleOn, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";
import { type Contestant, type NewOpportunity, PAGE_SIZE, type PageQuery } from "../sales/contestant.ts";
import { createIds } from "../sales/ids.ts";
import {
  boardOf,
  enteredPosition,
  fiveFieldsOf,
  newOpportunityRow,
  newStageEntryRow,
  type OpportunityRow,
  opportunityOf,
  pageOf,
  TENANT,
} from "../sales/rows.ts";
import { opportunity, opportunityHistory, pipeline, stage, stageEntry, stageEntryHistory } from "./drizzle-tables.ts";
import type { RawOptions } from "./raw.ts";

/** Rows of one insert: more are not faster. */
const ROWS_AT_ONCE = 500;

const { tenant_id: _, name_folded: __, ...fields } = getTableColumns(opportunity);
const fiveFields = {
  id: opportunity.id,
  name: opportunity.name,
  status: opportunity.status,
  amount: opportunity.amount,
  amount_currency: opportunity.amount_currency,
  expected_close_date: opportunity.expected_close_date,
  owner_id: opportunity.owner_id,
};

type Inserting = Pick<NodePgDatabase, "insert">;

export async function drizzle({ url, clock }: RawOptions): Promise<Contestant> {
  const newId = createIds(clock);
  const pool = new pg.Pool({ connectionString: url });
  const database = drizzleOn({ client: pool });
  const readStages = () =>
    database
      .select({ id: stage.id, pipeline_id: stage.pipeline_id, key: stage.key, probability: stage.probability })
      .from(stage)
      .innerJoin(pipeline, and(eq(pipeline.tenant_id, stage.tenant_id), eq(pipeline.id, stage.pipeline_id)))
      .where(and(eq(stage.tenant_id, TENANT), eq(pipeline.is_default, true)))
      .orderBy(asc(stage.position));
  const stages = await readStages();
  const first = stages[0]!;

  const own = (id: string) => and(eq(opportunity.tenant_id, TENANT), eq(opportunity.id, id));
  const inPage = ({ from, after }: PageQuery) => {
    const open = [eq(opportunity.tenant_id, TENANT), isNull(opportunity.archived_at), eq(opportunity.status, "open")];
    if (after === undefined) return and(...open, gte(opportunity.expected_close_date, from));
    const [day, id] = after as [string, string];
    return and(...open, sql`(${opportunity.expected_close_date}, ${opportunity.id}) > (${day}, ${id})`);
  };
  const order = [asc(opportunity.expected_close_date), asc(opportunity.id)];
  const stayOf = (opportunityId: string, stageId: string, now: number) =>
    newStageEntryRow({ id: newId(), opportunityId, stageId, now });
  const insertRows = async (transaction: Inserting, rows: readonly OpportunityRow[]) => {
    await transaction.insert(opportunity).values([...rows]);
    await transaction.insert(stageEntry).values(rows.map((row) => stayOf(row.id, row.stage_id, row.created_at)));
  };
  const newRow = (input: NewOpportunity, index = 0) =>
    newOpportunityRow(input, first, { id: newId(), now: clock(), index });

  return {
    async create(input) {
      const row = newRow(input);
      await database.transaction((transaction) => insertRows(transaction, [row]));
      return opportunityOf(row);
    },
    async createMany(inputs) {
      const rows = inputs.map((input, index) => newRow(input, index));
      await database.transaction(async (transaction) => {
        for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
          await insertRows(transaction, rows.slice(from, from + ROWS_AT_ONCE));
        }
      });
      return rows.map(opportunityOf);
    },
    async get(id) {
      const [row] = await database.select(fields).from(opportunity).where(own(id));
      return opportunityOf(row!);
    },
    async list(query) {
      const page = database
        .select(fields)
        .from(opportunity)
        .where(inPage(query))
        .orderBy(...order);
      return pageOf(await page.limit(PAGE_SIZE + 1), PAGE_SIZE, opportunityOf);
    },
    async listFiveFields(query) {
      const page = database
        .select(fiveFields)
        .from(opportunity)
        .where(inPage(query))
        .orderBy(...order);
      return pageOf(await page.limit(PAGE_SIZE + 1), PAGE_SIZE, fiveFieldsOf);
    },
    move: (id, key) =>
      database.transaction(async (transaction) => {
        const now = clock();
        const next = stages.find((candidate) => candidate.key === key)!;
        const [row] = await transaction.select().from(opportunity).where(own(id));
        const { version } = row!;
        const changes = {
          stage_id: next.id,
          probability: next.probability,
          stage_entered_at: now,
          board_position: enteredPosition(now),
          version: version + 1,
          updated_at: now,
        };
        await transaction.insert(opportunityHistory).values({ ...row!, ended_at: now });
        const { rowCount } = await transaction
          .update(opportunity)
          .set(changes)
          .where(and(own(id), eq(opportunity.version, version)));
        if (rowCount !== 1) throw new Error(`${id} has changed`);
        const stay = and(eq(stageEntry.tenant_id, TENANT), eq(stageEntry.record_id, id), isNull(stageEntry.left_at));
        const [left] = await transaction.select().from(stageEntry).where(stay);
        await transaction.insert(stageEntryHistory).values({ ...left!, ended_at: now });
        const leaving = {
          left_at: now,
          duration_ms: now - left!.entered_at,
          version: left!.version + 1,
          updated_at: now,
        };
        await transaction.update(stageEntry).set(leaving).where(stay);
        await transaction.insert(stageEntry).values(stayOf(id, next.id, now));
        return opportunityOf({ ...row!, ...changes });
      }),
    async board() {
      const rows = await database
        .select({
          stage_id: opportunity.stage_id,
          amount_currency: opportunity.amount_currency,
          count: sql<string>`count(*)`,
          amount: sql<string>`sum(${opportunity.amount})::text`,
          weighted: sql<string>`sum(${opportunity.amount}::numeric * ${opportunity.probability})::text`,
        })
        .from(opportunity)
        .where(
          and(
            eq(opportunity.tenant_id, TENANT),
            eq(opportunity.pipeline_id, first.pipeline_id),
            isNull(opportunity.archived_at),
          ),
        )
        .groupBy(opportunity.stage_id, opportunity.amount_currency)
        .orderBy(asc(opportunity.stage_id), asc(opportunity.amount_currency));
      return boardOf(
        await readStages(),
        rows.map((row) => ({ ...row, count: Number(row.count) })),
      );
    },
    close: () => pool.end(),
  };
}

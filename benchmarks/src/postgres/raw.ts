/** The limit: one connection, kept, with named statements, and no more work than the answer takes. */
import pg from "pg";
import { type Contestant, type NewOpportunity, PAGE_SIZE, type PageQuery } from "../sales/contestant.ts";
import { createIds } from "../sales/ids.ts";
import {
  type BoardRow,
  boardOf,
  enteredPosition,
  FIVE_FIELDS_COLUMNS,
  type FiveFieldsRow,
  fiveFieldsOf,
  newOpportunityRow,
  newStageEntryRow,
  OPPORTUNITY_COLUMNS,
  OPPORTUNITY_TABLE,
  type OpportunityRow,
  opportunityOf,
  pageOf,
  STAGE_ENTRY_COLUMNS,
  type Stage,
  type StageEntryRow,
  TENANT,
} from "../sales/rows.ts";
import { TYPES } from "./parsers.ts";

export interface RawOptions {
  readonly url: string;
  readonly clock: () => number;
}

/** What the ways to write by hand share. */
export interface RawClient {
  readonly client: pg.Client;
  query<Row>(name: string, text: string, values: readonly unknown[]): Promise<readonly Row[]>;
  /** With the index in its list. */
  newRows(input: NewOpportunity, index?: number): readonly [OpportunityRow, StageEntryRow];
  inTransaction<T>(work: () => Promise<T>): Promise<T>;
}

const STAGES = `select stage.id, stage.pipeline_id, stage.key, stage.probability from crm.stage
  join crm.pipeline on pipeline.tenant_id = stage.tenant_id and pipeline.id = stage.pipeline_id
  where stage.tenant_id = $1 and pipeline.is_default order by stage.position`;
export const GET = `select ${OPPORTUNITY_COLUMNS.join()} from crm.opportunity where tenant_id = $1 and id = $2`;
const MOVE = `update crm.opportunity set stage_id = $1, probability = $2, stage_entered_at = $3, board_position = $4,
  version = version + 1, updated_at = $3 where tenant_id = $5 and id = $6 and version = $7`;
const LEAVE = `update crm.opportunity_stage_entry set left_at = $1, duration_ms = $1 - entered_at, version = version + 1,
  updated_at = $1 where tenant_id = $2 and record_id = $3 and left_at is null`;
const BOARD = `select stage_id, amount_currency, count(*) as count, sum(amount) as amount, sum(amount::numeric * probability) as weighted
  from crm.opportunity where tenant_id = $1 and pipeline_id = $2 and archived_at is null
  group by stage_id, amount_currency order by stage_id, amount_currency`;
const KEEP = keepIn("opportunity", OPPORTUNITY_TABLE, "tenant_id = $2 and id = $3 and version = $4");
const KEEP_STAY = keepIn(
  "opportunity_stage_entry",
  STAGE_ENTRY_COLUMNS,
  "tenant_id = $2 and record_id = $3 and left_at is null",
);
export const INSERT = insertInto("opportunity", OPPORTUNITY_TABLE);
const INSERT_STAY = insertInto("opportunity_stage_entry", STAGE_ENTRY_COLUMNS);

export async function raw(options: RawOptions): Promise<Contestant> {
  return (await openRaw(options)).contestant;
}

export async function openRaw({ url, clock }: RawOptions): Promise<RawClient & { readonly contestant: Contestant }> {
  const newId = createIds(clock);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const query = async <Row>(name: string, text: string, values: readonly unknown[]) =>
    (await client.query({ name, text, values: values as unknown[], types: TYPES })).rows as readonly Row[];
  const readStages = () => query<Stage>("stages", STAGES, [TENANT]);
  const stages = await readStages();
  const first = stages[0]!;

  const inTransaction = async <T>(work: () => Promise<T>): Promise<T> => {
    await client.query("begin");
    try {
      const result = await work();
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback");
      throw error;
    }
  };
  const newStay = (opportunityId: string, stageId: string, now: number) =>
    newStageEntryRow({ id: newId(), opportunityId, stageId, now });
  const newRows: RawClient["newRows"] = (input, index = 0) => {
    const now = clock();
    const row = newOpportunityRow(input, first, { id: newId(), now, index });
    return [row, newStay(row.id, first.id, now)];
  };
  const insert = async (input: NewOpportunity, index?: number) => {
    const [row, stay] = newRows(input, index);
    await query("insert", INSERT, Object.values(row));
    await query("insert stay", INSERT_STAY, Object.values(stay));
    return opportunityOf(row);
  };
  const page = <Row>(name: string, columns: readonly string[], { from, after }: PageQuery) =>
    after === undefined
      ? query<Row>(name, pageText(columns, "expected_close_date >= $3"), [TENANT, "open", from])
      : query<Row>(`${name} after`, pageText(columns, "(expected_close_date, id) > ($3, $4)"), [
          TENANT,
          "open",
          ...(after as readonly [string, string]),
        ]);

  const contestant: Contestant = {
    create: (input) => inTransaction(() => insert(input)),
    createMany: (inputs) =>
      inTransaction(async () => {
        const records = [];
        for (const [index, input] of inputs.entries()) records.push(await insert(input, index));
        return records;
      }),
    async get(id) {
      const [row] = await query<OpportunityRow>("get", GET, [TENANT, id]);
      return opportunityOf(row!);
    },
    list: async (asked) =>
      pageOf(await page<OpportunityRow>("list", OPPORTUNITY_COLUMNS, asked), PAGE_SIZE, opportunityOf),
    listFiveFields: async (asked) =>
      pageOf(await page<FiveFieldsRow>("five fields", FIVE_FIELDS_COLUMNS, asked), PAGE_SIZE, fiveFieldsOf),
    move: (id, key) =>
      inTransaction(async () => {
        const now = clock();
        const stage = stages.find((candidate) => candidate.key === key)!;
        const [row] = await query<OpportunityRow>("get", GET, [TENANT, id]);
        const { version } = row!;
        const boardPosition = enteredPosition(now);
        await query("keep", KEEP, [now, TENANT, id, version]);
        const moved = [stage.id, stage.probability, now, boardPosition, TENANT, id, version];
        const { rowCount } = await client.query({ name: "move", text: MOVE, values: moved });
        if (rowCount !== 1) throw new Error(`${id} has changed`);
        await query("keep stay", KEEP_STAY, [now, TENANT, id]);
        await query("leave", LEAVE, [now, TENANT, id]);
        await query("insert stay", INSERT_STAY, Object.values(newStay(id, stage.id, now)));
        return opportunityOf({
          ...row!,
          stage_id: stage.id,
          probability: stage.probability,
          stage_entered_at: now,
          board_position: boardPosition,
          version: version + 1,
          updated_at: now,
        });
      }),
    board: async () => boardOf(await readStages(), await query<BoardRow>("board", BOARD, [TENANT, first.pipeline_id])),
    close: () => client.end(),
  };
  return { client, query, newRows, inTransaction, contestant };
}

/** With parameters from `first` on. */
export function insertInto(table: string, columns: readonly string[], first = 1): string {
  const values = columns.map((_, i) => `$${first + i}`);
  return `insert into crm.${table} (${columns.join()}) values (${values.join()})`;
}

/** With the instant at which the version has ended, and nobody who ended it. */
function keepIn(table: string, columns: readonly string[], where: string): string {
  return `insert into crm.${table}__history (${columns.join()}, ended_at, ended_by)
    select ${columns.join()}, $1, null from crm.${table} where ${where}`;
}

export function pageText(columns: readonly string[], bound: string): string {
  return `select ${columns.join()} from crm.opportunity
    where tenant_id = $1 and archived_at is null and status = $2 and ${bound}
    order by expected_close_date, id limit ${PAGE_SIZE + 1}`;
}

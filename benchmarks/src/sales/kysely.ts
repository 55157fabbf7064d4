/** Kysely as an application would use it: queries built where they are needed, on any of its dialects. */
import { type Dialect, type ExpressionBuilder, Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import { type Contestant, type NewOpportunity, PAGE_SIZE, type PageQuery } from "./contestant.ts";
import { createIds } from "./ids.ts";
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
} from "./rows.ts";

interface Ended {
  readonly ended_at: number;
}

interface Tables {
  readonly opportunity: OpportunityRow;
  readonly opportunity__history: OpportunityRow & Ended;
  readonly opportunity_stage_entry: StageEntryRow;
  readonly opportunity_stage_entry__history: StageEntryRow & Ended;
  readonly stage: Stage & { readonly tenant_id: string; readonly position: number };
  readonly pipeline: { readonly tenant_id: string; readonly id: string; readonly is_default: boolean | number };
}

export interface KyselyOptions {
  readonly dialect: Dialect;
  readonly clock: () => number;
  /** Rows of one insert: more are not faster. */
  readonly rowsAtOnce: number;
  readonly schema?: string;
  readonly yes: boolean | 1;
  /** The product of amount and probability, which is larger than an integer on PostgreSQL. */
  readonly weighted: RawBuilder<unknown>;
}

export async function kyselyOn(options: KyselyOptions): Promise<Contestant> {
  const { dialect, clock, rowsAtOnce, schema, yes, weighted } = options;
  const newId = createIds(clock);
  const plain = new Kysely<Tables>({ dialect });
  const database = schema === undefined ? plain : plain.withSchema(schema);
  const readStages = () =>
    database
      .selectFrom("stage")
      .innerJoin("pipeline", (join) =>
        join.onRef("pipeline.tenant_id", "=", "stage.tenant_id").onRef("pipeline.id", "=", "stage.pipeline_id"),
      )
      .select(["stage.id", "stage.pipeline_id", "stage.key", "stage.probability"])
      .where("stage.tenant_id", "=", TENANT)
      .where("pipeline.is_default", "=", yes)
      .orderBy("stage.position")
      .execute();
  const stages = await readStages();
  const first = stages[0]!;

  const page = ({ from, after }: PageQuery) => {
    const open = database
      .selectFrom("opportunity")
      .where("tenant_id", "=", TENANT)
      .where("archived_at", "is", null)
      .where("status", "=", "open")
      .orderBy("expected_close_date")
      .orderBy("id")
      .limit(PAGE_SIZE + 1);
    if (after === undefined) return open.where("expected_close_date", ">=", from);
    const [day, id] = after as [string, string];
    return open.where((eb) => eb(eb.refTuple("expected_close_date", "id"), ">", eb.tuple(day, id)));
  };
  const entryOf = (opportunityId: string, stageId: string, now: number) =>
    newStageEntryRow({ id: newId(), opportunityId, stageId, now });
  const insertRows = async (transaction: Transaction<Tables>, rows: readonly OpportunityRow[]) => {
    await transaction.insertInto("opportunity").values(rows).execute();
    const entries = rows.map((row) => entryOf(row.id, row.stage_id, row.created_at));
    await transaction.insertInto("opportunity_stage_entry").values(entries).execute();
  };
  const newRow = (input: NewOpportunity, index = 0) =>
    newOpportunityRow(input, first, { id: newId(), now: clock(), index });
  const endedAt = <Table extends keyof Tables>(eb: ExpressionBuilder<Tables, Table>, now: number) =>
    eb.cast<number>(eb.val(now), "bigint").as("ended_at");

  return {
    async create(input) {
      const row = newRow(input);
      await database.transaction().execute((transaction) => insertRows(transaction, [row]));
      return opportunityOf(row);
    },
    async createMany(inputs) {
      const rows = inputs.map((input, index) => newRow(input, index));
      await database.transaction().execute(async (transaction) => {
        for (let from = 0; from < rows.length; from += rowsAtOnce) {
          await insertRows(transaction, rows.slice(from, from + rowsAtOnce));
        }
      });
      return rows.map(opportunityOf);
    },
    async get(id) {
      const row = await database
        .selectFrom("opportunity")
        .select(OPPORTUNITY_COLUMNS)
        .where("tenant_id", "=", TENANT)
        .where("id", "=", id)
        .executeTakeFirstOrThrow();
      return opportunityOf(row);
    },
    list: async (query) => pageOf(await page(query).select(OPPORTUNITY_COLUMNS).execute(), PAGE_SIZE, opportunityOf),
    async listFiveFields(query) {
      const rows: readonly FiveFieldsRow[] = await page(query).select(FIVE_FIELDS_COLUMNS).execute();
      return pageOf(rows, PAGE_SIZE, fiveFieldsOf);
    },
    move: (id, key) =>
      database.transaction().execute(async (transaction) => {
        const now = clock();
        const stage = stages.find((candidate) => candidate.key === key)!;
        const row = await transaction
          .selectFrom("opportunity")
          .select(OPPORTUNITY_COLUMNS)
          .where("tenant_id", "=", TENANT)
          .where("id", "=", id)
          .executeTakeFirstOrThrow();
        const changes = {
          stage_id: stage.id,
          probability: stage.probability,
          stage_entered_at: now,
          board_position: enteredPosition(now),
          version: row.version + 1,
          updated_at: now,
        };
        await transaction
          .insertInto("opportunity__history")
          .columns([...OPPORTUNITY_TABLE, "ended_at"])
          .expression(
            transaction
              .selectFrom("opportunity")
              .select((eb) => [...OPPORTUNITY_TABLE, endedAt(eb, now)])
              .where("tenant_id", "=", TENANT)
              .where("id", "=", id)
              .where("version", "=", row.version),
          )
          .execute();
        const { numUpdatedRows } = await transaction
          .updateTable("opportunity")
          .set(changes)
          .where("tenant_id", "=", TENANT)
          .where("id", "=", id)
          .where("version", "=", row.version)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) throw new Error(`${id} has changed`);
        await transaction
          .insertInto("opportunity_stage_entry__history")
          .columns([...STAGE_ENTRY_COLUMNS, "ended_at"])
          .expression(
            transaction
              .selectFrom("opportunity_stage_entry")
              .select((eb) => [...STAGE_ENTRY_COLUMNS, endedAt(eb, now)])
              .where("tenant_id", "=", TENANT)
              .where("record_id", "=", id)
              .where("left_at", "is", null),
          )
          .execute();
        await transaction
          .updateTable("opportunity_stage_entry")
          .set((eb) => ({
            left_at: now,
            duration_ms: eb(eb.val(now), "-", eb.ref("entered_at")),
            version: eb("version", "+", 1),
            updated_at: now,
          }))
          .where("tenant_id", "=", TENANT)
          .where("record_id", "=", id)
          .where("left_at", "is", null)
          .execute();
        await transaction
          .insertInto("opportunity_stage_entry")
          .values(entryOf(id, stage.id, now))
          .execute();
        return opportunityOf({ ...row, ...changes });
      }),
    async board() {
      const rows: readonly BoardRow[] = await database
        .selectFrom("opportunity")
        .select(({ fn }) => [
          "stage_id",
          "amount_currency",
          fn.countAll<number>().as("count"),
          sql<string>`cast(sum(amount) as text)`.as("amount"),
          sql<string>`cast(sum(${weighted}) as text)`.as("weighted"),
        ])
        .where("tenant_id", "=", TENANT)
        .where("pipeline_id", "=", first.pipeline_id)
        .where("archived_at", "is", null)
        .groupBy(["stage_id", "amount_currency"])
        .orderBy("stage_id")
        .orderBy("amount_currency")
        .execute();
      return boardOf(await readStages(), rows);
    },
    close: () => database.destroy(),
  };
}

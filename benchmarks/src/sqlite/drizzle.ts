/** Drizzle on better-sqlite3, with each of its queries prepared once. */
import { and, asc, count, eq, getTableColumns, gte, isNull, type SQL, sql } from "drizzle-orm";
import { drizzle as connect } from "drizzle-orm/better-sqlite3";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { type Contestant, type NewOpportunity, PAGE_SIZE, type PageQuery } from "../sales/contestant.ts";
import { createIds } from "../sales/ids.ts";
import {
  boardOf,
  enteredPosition,
  type FIVE_FIELDS_COLUMNS,
  fiveFieldsOf,
  newOpportunityRow,
  newStageEntryRow,
  opportunityOf,
  pageOf,
  TENANT,
} from "../sales/rows.ts";
import { opportunity, opportunityHistory, pipeline, stage, stageEntry, stageEntryHistory } from "./drizzle-tables.ts";
import { type ContestantOptions, openBetterSqlite3 } from "./open-database.ts";

const kept = getTableColumns(opportunity);
const keptStay = getTableColumns(stageEntry);
const { tenant_id: _, name_folded: __, ...read } = kept;
const five = {
  id: read.id,
  name: read.name,
  status: read.status,
  amount: read.amount,
  amount_currency: read.amount_currency,
  expected_close_date: read.expected_close_date,
  owner_id: read.owner_id,
} satisfies Record<(typeof FIVE_FIELDS_COLUMNS)[number], SQLiteColumn>;

const hole = <Name extends string>(name: Name) => sql.placeholder(name);

export function drizzle({ filename, clock }: ContestantOptions): Contestant {
  const client = openBetterSqlite3(filename);
  const database = connect(client);
  const newId = createIds(clock);
  const own = eq(opportunity.tenant_id, hole("tenant"));
  const byKey = and(own, eq(opportunity.id, hole("id")));
  const openStay = and(
    eq(stageEntry.tenant_id, hole("tenant")),
    eq(stageEntry.record_id, hole("id")),
    isNull(stageEntry.left_at),
  );

  const insertOpportunity = database.insert(opportunity).values(holesFor(kept)).prepare();
  const insertStay = database.insert(stageEntry).values(holesFor(keptStay)).prepare();
  const byId = database.select(read).from(opportunity).where(byKey).prepare();
  const keep = database
    .insert(opportunityHistory)
    .select(
      database
        .select({
          ...kept,
          ended_at: sql<number>`${hole("now")}`.as("ended_at"),
          ended_by: sql<null>`null`.as("ended_by"),
        })
        .from(opportunity)
        .where(byKey),
    )
    .prepare();
  const move = database
    .update(opportunity)
    .set({
      stage_id: sql`${hole("stage_id")}`,
      probability: sql`${hole("probability")}`,
      stage_entered_at: sql`${hole("now")}`,
      board_position: sql`${hole("board_position")}`,
      version: sql`${hole("version")}`,
      updated_at: sql`${hole("now")}`,
    })
    .where(and(byKey, eq(opportunity.version, hole("before"))))
    .prepare();
  const keepStay = database
    .insert(stageEntryHistory)
    .select(
      database
        .select({
          ...keptStay,
          ended_at: sql<number>`${hole("now")}`.as("ended_at"),
          ended_by: sql<null>`null`.as("ended_by"),
        })
        .from(stageEntry)
        .where(openStay),
    )
    .prepare();
  const leave = database
    .update(stageEntry)
    .set({
      left_at: sql`${hole("now")}`,
      duration_ms: sql`${hole("now")} - ${stageEntry.entered_at}`,
      version: sql`${stageEntry.version} + 1`,
      updated_at: sql`${hole("now")}`,
    })
    .where(openStay)
    .prepare();
  const open = and(own, isNull(opportunity.archived_at), eq(opportunity.status, hole("status")));
  const first = gte(opportunity.expected_close_date, hole("from"));
  const following = sql`(${opportunity.expected_close_date}, ${opportunity.id}) > (${hole("day")}, ${hole("id")})`;
  const pageOfAll = (bound: SQL) =>
    database
      .select(read)
      .from(opportunity)
      .where(and(open, bound))
      .orderBy(asc(opportunity.expected_close_date), asc(opportunity.id))
      .limit(PAGE_SIZE + 1)
      .prepare();
  const pageOfFive = (bound: SQL) =>
    database
      .select(five)
      .from(opportunity)
      .where(and(open, bound))
      .orderBy(asc(opportunity.expected_close_date), asc(opportunity.id))
      .limit(PAGE_SIZE + 1)
      .prepare();
  const pages = { first: pageOfAll(first), following: pageOfAll(following) };
  const fivePages = { first: pageOfFive(first), following: pageOfFive(following) };
  const stagesInOrder = database
    .select({ id: stage.id, pipeline_id: stage.pipeline_id, key: stage.key, probability: stage.probability })
    .from(stage)
    .innerJoin(pipeline, and(eq(pipeline.tenant_id, stage.tenant_id), eq(pipeline.id, stage.pipeline_id)))
    .where(and(eq(stage.tenant_id, hole("tenant")), eq(pipeline.is_default, 1)))
    .orderBy(asc(stage.position))
    .prepare();
  const totals = database
    .select({
      stage_id: opportunity.stage_id,
      amount_currency: opportunity.amount_currency,
      count: count(),
      amount: sql<string>`cast(sum(${opportunity.amount}) as text)`,
      weighted: sql<string>`cast(sum(${opportunity.amount} * ${opportunity.probability}) as text)`,
    })
    .from(opportunity)
    .where(and(own, eq(opportunity.pipeline_id, hole("pipeline")), isNull(opportunity.archived_at)))
    .groupBy(opportunity.stage_id, opportunity.amount_currency)
    .orderBy(asc(opportunity.stage_id), asc(opportunity.amount_currency))
    .prepare();

  const readStages = () => stagesInOrder.all({ tenant: TENANT });
  const stages = readStages();
  const enter = (opportunityId: string, stageId: string, now: number) =>
    insertStay.run({ ...newStageEntryRow({ id: newId(), opportunityId, stageId, now }) });
  const insert = (input: NewOpportunity, index = 0) => {
    const row = newOpportunityRow(input, stages[0]!, { id: newId(), now: clock(), index });
    insertOpportunity.run({ ...row });
    enter(row.id, row.stage_id, row.created_at);
    return opportunityOf(row);
  };
  const valuesOf = ({ from, after }: PageQuery) => {
    const [day, id] = (after ?? []) as readonly string[];
    return { tenant: TENANT, status: "open", from, day, id };
  };
  const immediate = { behavior: "immediate" } as const;

  return {
    create: (input) => database.transaction(() => insert(input), immediate),
    createMany: (inputs) => database.transaction(() => inputs.map((input, index) => insert(input, index)), immediate),
    get: (id) => opportunityOf(byId.get({ tenant: TENANT, id })!),
    list(query) {
      const page = query.after === undefined ? pages.first : pages.following;
      return pageOf(page.all(valuesOf(query)), PAGE_SIZE, opportunityOf);
    },
    listFiveFields(query) {
      const page = query.after === undefined ? fivePages.first : fivePages.following;
      return pageOf(page.all(valuesOf(query)), PAGE_SIZE, fiveFieldsOf);
    },
    move: (id, key) =>
      database.transaction(() => {
        const now = clock();
        const next = stages.find((candidate) => candidate.key === key)!;
        const row = byId.get({ tenant: TENANT, id })!;
        const changes = {
          stage_id: next.id,
          probability: next.probability,
          board_position: enteredPosition(now),
          version: row.version + 1,
        };
        keep.run({ tenant: TENANT, id, now });
        const { changes: changed } = move.run({ tenant: TENANT, id, now, before: row.version, ...changes });
        if (changed !== 1) throw new Error(`${id} has changed`);
        keepStay.run({ tenant: TENANT, id, now });
        leave.run({ tenant: TENANT, id, now });
        enter(id, next.id, now);
        return opportunityOf({ ...row, ...changes, stage_entered_at: now, updated_at: now });
      }, immediate),
    board: () => boardOf(readStages(), totals.all({ tenant: TENANT, pipeline: stages[0]!.pipeline_id })),
    close: () => void client.close(),
  };
}

/** A placeholder for each column, by its name. */
function holesFor<Columns extends Readonly<Record<string, SQLiteColumn>>>(columns: Columns) {
  return Object.fromEntries(Object.keys(columns).map((name) => [name, hole(name)])) as {
    readonly [Name in keyof Columns]: ReturnType<typeof hole>;
  };
}

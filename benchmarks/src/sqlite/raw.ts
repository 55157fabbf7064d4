/** The limit: statements of the driver, each prepared once, and no more work than the answer takes. */
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
  TENANT,
} from "../sales/rows.ts";
import { type ContestantOptions, type Database, type Driver, openDatabase, type Statement } from "./open-database.ts";

export function raw(driver: Driver, { filename, clock }: ContestantOptions): Contestant {
  return rawOn(openDatabase(driver, filename), clock);
}

export function rawOn(database: Database, clock: () => number): Contestant {
  const newId = createIds(clock);
  const begin = database.prepare("begin immediate");
  const commit = database.prepare("commit");
  const rollback = database.prepare("rollback");
  const insertOpportunity = database.prepare(insertInto("opportunity", OPPORTUNITY_TABLE));
  const insertStageEntry = database.prepare(insertInto("opportunity_stage_entry", STAGE_ENTRY_COLUMNS));
  const byId = database.prepare(`select ${OPPORTUNITY_COLUMNS.join()} from opportunity where tenant_id = ? and id = ?`);
  const keepOpportunity = database.prepare(
    `${keepIn("opportunity", OPPORTUNITY_TABLE)} where tenant_id = ? and id = ? and version = ?`,
  );
  const moveOpportunity = database.prepare(
    `update opportunity set stage_id = ?, probability = ?, stage_entered_at = ?, board_position = ?, version = ?, updated_at = ?
    where tenant_id = ? and id = ? and version = ?`,
  );
  const keepStay = database.prepare(
    `${keepIn("opportunity_stage_entry", STAGE_ENTRY_COLUMNS)} where tenant_id = ? and record_id = ? and left_at is null`,
  );
  const leaveStage = database.prepare(
    `update opportunity_stage_entry set left_at = ?, duration_ms = ? - entered_at, version = version + 1, updated_at = ?
    where tenant_id = ? and record_id = ? and left_at is null`,
  );
  const pages = preparePages(database.prepare, OPPORTUNITY_COLUMNS);
  const fiveFieldsPages = preparePages(database.prepare, FIVE_FIELDS_COLUMNS);
  const stagesInOrder = database.prepare(
    `select stage.id, stage.pipeline_id, stage.key, stage.probability from stage
    join pipeline on pipeline.tenant_id = stage.tenant_id and pipeline.id = stage.pipeline_id
    where stage.tenant_id = ? and pipeline.is_default = 1 order by stage.position`,
  );
  const totals = database.prepareBig(
    `select stage_id, amount_currency, count(*) as count, sum(amount) as amount, sum(amount * probability) as weighted
    from opportunity where tenant_id = ? and pipeline_id = ? and archived_at is null
    group by stage_id, amount_currency order by stage_id, amount_currency`,
  );
  const readStages = () => stagesInOrder.all(TENANT) as unknown as readonly Stage[];
  const stages = readStages();
  const first = stages[0]!;

  const inTransaction = <T>(work: () => T): T => {
    begin.run();
    try {
      const result = work();
      commit.run();
      return result;
    } catch (error) {
      rollback.run();
      throw error;
    }
  };
  const enterStage = (opportunityId: string, stageId: string, now: number) =>
    insertStageEntry.run(...Object.values(newStageEntryRow({ id: newId(), opportunityId, stageId, now })));
  const insert = (input: NewOpportunity, index = 0) => {
    const now = clock();
    const row = newOpportunityRow(input, first, { id: newId(), now, index });
    insertOpportunity.run(...Object.values(row));
    enterStage(row.id, first.id, now);
    return opportunityOf(row);
  };

  return {
    create: (input) => inTransaction(() => insert(input)),
    createMany: (inputs) => inTransaction(() => inputs.map((input, index) => insert(input, index))),
    get: (id) => opportunityOf(byId.get(TENANT, id) as unknown as OpportunityRow),
    list: (query) => pageOf(readPage(pages, query) as readonly OpportunityRow[], PAGE_SIZE, opportunityOf),
    listFiveFields: (query) =>
      pageOf(readPage(fiveFieldsPages, query) as readonly FiveFieldsRow[], PAGE_SIZE, fiveFieldsOf),
    move: (id, key) =>
      inTransaction(() => {
        const now = clock();
        const stage = stages.find((candidate) => candidate.key === key)!;
        const row = byId.get(TENANT, id) as unknown as OpportunityRow;
        const version = row.version + 1;
        const boardPosition = enteredPosition(now);
        keepOpportunity.run(now, TENANT, id, row.version);
        const { changes } = moveOpportunity.run(
          stage.id,
          stage.probability,
          now,
          boardPosition,
          version,
          now,
          TENANT,
          id,
          row.version,
        );
        if (Number(changes) !== 1) throw new Error(`${id} has changed`);
        keepStay.run(now, TENANT, id);
        leaveStage.run(now, now, now, TENANT, id);
        enterStage(id, stage.id, now);
        const { probability } = stage;
        return opportunityOf({
          ...row,
          stage_id: stage.id,
          probability,
          stage_entered_at: now,
          board_position: boardPosition,
          version,
          updated_at: now,
        });
      }),
    board: () => boardOf(readStages(), totals.all(TENANT, first.pipeline_id) as unknown as readonly BoardRow[]),
    close: () => database.close(),
  };
}

function insertInto(table: string, columns: readonly string[]): string {
  return `insert into ${table} (${columns.join()}) values (${columns.map(() => "?").join()})`;
}

/** With the instant at which the version has ended, and nobody who ended it. */
function keepIn(table: string, columns: readonly string[]): string {
  return `insert into ${table}__history (${columns.join()}, ended_at, ended_by) select ${columns.join()}, ?, null from ${table}`;
}

interface PageStatements {
  readonly first: Statement;
  readonly following: Statement;
}

/**
 * The limit stands in the text, because SQLite compiles a statement anew each time that a parameter is bound to its limit. A following
 * page has no lower bound but the key: with two of them SQLite would seek by the other, and walk all pages before.
 */
export function preparePages(prepare: Database["prepare"], columns: readonly string[]): PageStatements {
  const page = (bound: string) =>
    prepare(
      `select ${columns.join()} from opportunity
      where tenant_id = ? and archived_at is null and status = ? and ${bound}
      order by expected_close_date, id limit ${PAGE_SIZE + 1}`,
    );
  return { first: page("expected_close_date >= ?"), following: page("(expected_close_date, id) > (?, ?)") };
}

export function readPage({ first, following }: PageStatements, { from, after }: PageQuery): readonly unknown[] {
  if (after === undefined) return first.all(TENANT, "open", from);
  const [day, id] = after as [string, string];
  return following.all(TENANT, "open", day, id);
}

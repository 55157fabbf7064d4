/** The limit: statements of node:sqlite, each prepared once, and no more work than the answer takes. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
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
  type OpportunityRow,
  opportunityOf,
  pageOf,
  type Stage,
  TENANT,
} from "../sales/rows.ts";
import { type ContestantOptions, openDatabase } from "./open-database.ts";

export function raw({ filename, clock }: ContestantOptions): Contestant {
  const database = openDatabase(filename);
  const newId = createIds(clock);
  const begin = database.prepare("begin immediate");
  const commit = database.prepare("commit");
  const rollback = database.prepare("rollback");
  const insertOpportunity = database.prepare(
    insertInto("opportunity", ["tenant_id", ...OPPORTUNITY_COLUMNS, "name_folded"]),
  );
  const insertStageEntry = database.prepare(
    insertInto("opportunity_stage_entry", [
      "tenant_id",
      "id",
      "version",
      "created_at",
      "created_by",
      "updated_at",
      "updated_by",
      "archived_at",
      "record_id",
      "stage_id",
      "entered_at",
      "entered_by",
      "left_at",
      "duration_ms",
    ]),
  );
  const byId = database.prepare(`select ${OPPORTUNITY_COLUMNS.join()} from opportunity where tenant_id = ? and id = ?`);
  const moveOpportunity = database.prepare(
    `update opportunity set stage_id = ?, probability = ?, stage_entered_at = ?, board_position = ?, version = ?, updated_at = ?
    where tenant_id = ? and id = ? and version = ?`,
  );
  const leaveStage = database.prepare(
    `update opportunity_stage_entry set left_at = ?1, duration_ms = ?1 - entered_at, version = version + 1, updated_at = ?1
    where tenant_id = ?2 and record_id = ?3 and left_at is null`,
  );
  const pages = preparePages(database, OPPORTUNITY_COLUMNS);
  const fiveFieldsPages = preparePages(database, FIVE_FIELDS_COLUMNS);
  const stagesInOrder = database.prepare(
    `select stage.id, stage.pipeline_id, stage.key, stage.probability from stage
    join pipeline on pipeline.tenant_id = stage.tenant_id and pipeline.id = stage.pipeline_id
    where stage.tenant_id = ? and pipeline.is_default = 1 order by stage.position`,
  );
  const totals = database.prepare(
    `select stage_id, amount_currency, count(*) as count, sum(amount) as amount, sum(amount * probability) as weighted
    from opportunity where tenant_id = ? and pipeline_id = ? and archived_at is null
    group by stage_id, amount_currency order by stage_id, amount_currency`,
  );
  totals.setReadBigInts(true);
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
        if (changes !== 1) throw new Error(`${id} has changed`);
        leaveStage.run(now, TENANT, id);
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

interface PageStatements {
  readonly first: StatementSync;
  readonly following: StatementSync;
}

/**
 * The limit stands in the text, because SQLite compiles a statement anew each time that a parameter is bound to its limit. A following
 * page has no lower bound but the key: with two of them SQLite would seek by the other, and walk all pages before.
 */
function preparePages(database: DatabaseSync, columns: readonly string[]): PageStatements {
  const page = (bound: string) =>
    database.prepare(
      `select ${columns.join()} from opportunity
      where tenant_id = ? and archived_at is null and status = ? and ${bound}
      order by expected_close_date, id limit ${PAGE_SIZE + 1}`,
    );
  return { first: page("expected_close_date >= ?"), following: page("(expected_close_date, id) > (?, ?)") };
}

function readPage({ first, following }: PageStatements, { from, after }: PageQuery): readonly object[] {
  if (after === undefined) return first.all(TENANT, "open", from);
  const [day, id] = after as [string, string];
  return following.all(TENANT, "open", day, id);
}

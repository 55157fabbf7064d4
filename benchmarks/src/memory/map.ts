/**
 * What one would write without a library: rows in a Map, one sorted index for the list, counters for the board, and copies on read.
 * It checks the version but no input and no rule, takes nothing back, and has no other index.
 */
import { DatabaseSync } from "node:sqlite";
import {
  type Contestant,
  type NewOpportunity,
  type Opportunity,
  PAGE_SIZE,
  type PageQuery,
} from "../sales/contestant.ts";
import { createIds } from "../sales/ids.ts";
import {
  type BoardRow,
  boardOf,
  enteredPosition,
  fiveFieldsOf,
  newOpportunityRow,
  newStageEntryRow,
  OPPORTUNITY_COLUMNS,
  type OpportunityRow,
  opportunityOf,
  pageOf,
  STAGE_ENTRY_COLUMNS,
  type Stage,
  type StageEntryRow,
} from "../sales/rows.ts";
import { createOrderedRows } from "./ordered-rows.ts";

type Ended<Row> = Row & { readonly ended_at: number; readonly ended_by: null };

export interface MapRows {
  readonly opportunity: readonly OpportunityRow[];
  readonly opportunity_stage_entry: readonly StageEntryRow[];
  readonly opportunity__history: readonly Ended<OpportunityRow>[];
  readonly opportunity_stage_entry__history: readonly Ended<StageEntryRow>[];
}

/** `rows` gives what it holds. */
export function mapOf(filename: string, clock: () => number): Contestant & { rows(): MapRows } {
  const newId = createIds(clock);
  const opportunities = new Map<string, OpportunityRow>();
  const stays = new Map<string, StageEntryRow[]>();
  const history: Ended<OpportunityRow>[] = [];
  const stayHistory: Ended<StageEntryRow>[] = [];
  const byDay = createOrderedRows((row: OpportunityRow) => `${row.status} ${row.expected_close_date} ${row.id}`);
  const totals = createTotals();

  const { stages, ...loaded } = load(filename);
  const first = stages[0]!;
  const add = (row: OpportunityRow) => {
    opportunities.set(row.id, row);
    byDay.add(row);
    totals.add(row, 1);
  };
  const enter = (row: StageEntryRow) => {
    const known = stays.get(row.record_id);
    if (known) known.push(row);
    else stays.set(row.record_id, [row]);
  };
  for (const row of loaded.opportunities) add(row);
  for (const row of loaded.stays) enter(row);

  const insert = (input: NewOpportunity, index = 0): Opportunity => {
    const now = clock();
    const row = newOpportunityRow(input, first, { id: newId(), now, index });
    add(row);
    enter(newStageEntryRow({ id: newId(), opportunityId: row.id, stageId: first.id, now }));
    return opportunityOf(row);
  };
  const read = ({ from, after }: PageQuery) => {
    const [day, id] = (after as readonly [string, string] | undefined) ?? [from, ""];
    const start = { key: `open ${day} ${id}`, behind: after !== undefined };
    return byDay.take(start, PAGE_SIZE + 1, (row) => row.status === "open");
  };

  return {
    create: (input) => insert(input),
    createMany: (inputs) => inputs.map((input, index) => insert(input, index)),
    get: (id) => opportunityOf(opportunities.get(id)!),
    list: (query) => pageOf(read(query), PAGE_SIZE, opportunityOf),
    listFiveFields: (query) => pageOf(read(query), PAGE_SIZE, fiveFieldsOf),
    move(id, key) {
      const now = clock();
      const stage = stages.find((candidate) => candidate.key === key)!;
      const before = opportunities.get(id)!;
      const after: OpportunityRow = {
        ...before,
        stage_id: stage.id,
        probability: stage.probability,
        stage_entered_at: now,
        board_position: enteredPosition(now),
        version: before.version + 1,
        updated_at: now,
      };
      history.push({ ...before, ended_at: now, ended_by: null });
      byDay.remove(before);
      totals.add(before, -1);
      add(after);
      const entries = stays.get(id)!;
      const at = entries.findIndex((entry) => entry.left_at === null);
      const stay = entries[at]!;
      stayHistory.push({ ...stay, ended_at: now, ended_by: null });
      const left = { left_at: now, duration_ms: now - stay.entered_at };
      entries[at] = { ...stay, ...left, version: stay.version + 1, updated_at: now };
      enter(newStageEntryRow({ id: newId(), opportunityId: id, stageId: stage.id, now }));
      return opportunityOf(after);
    },
    board: () => boardOf(stages, totals.rows()),
    close: () => {},
    rows: () => ({
      opportunity: [...opportunities.values()],
      opportunity_stage_entry: [...stays.values()].flat(),
      opportunity__history: history,
      opportunity_stage_entry__history: stayHistory,
    }),
  };
}

/** Count, amount and weighted amount by stage and currency, kept up to date. */
function createTotals() {
  const totals = new Map<string, { stage_id: string; amount_currency: string | null; count: number; sums: bigint[] }>();
  return {
    add({ stage_id, amount_currency, amount, probability }: OpportunityRow, sign: 1 | -1) {
      const key = `${stage_id} ${amount_currency}`;
      const total = totals.get(key) ?? { stage_id, amount_currency, count: 0, sums: [0n, 0n] };
      totals.set(key, total);
      total.count += sign;
      total.sums[0]! += BigInt(sign * (amount ?? 0));
      total.sums[1]! += BigInt(sign * (amount ?? 0) * probability);
    },
    rows: (): BoardRow[] =>
      [...totals]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, { sums, ...total }]) => ({ ...total, amount: sums[0]!, weighted: sums[1]! }))
        .filter(({ count }) => count > 0),
  };
}

function load(filename: string) {
  const database = new DatabaseSync(filename, { readOnly: true });
  const read = <Row>(sql: string) => database.prepare(sql).all() as unknown as readonly Row[];
  const loaded = {
    stages: read<Stage>("select id, pipeline_id, key, probability from stage order by position"),
    opportunities: read<OpportunityRow>(
      `select tenant_id, ${OPPORTUNITY_COLUMNS.join()}, name_folded from opportunity order by id`,
    ).map((row) => ({ ...row })),
    stays: read<StageEntryRow>(`select ${STAGE_ENTRY_COLUMNS.join()} from opportunity_stage_entry order by id`).map(
      (row) => ({ ...row }),
    ),
  };
  database.close();
  return loaded;
}

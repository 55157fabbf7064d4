/** Reads rows as they were at an instant: from the current rows that had begun, and from the ended versions that had not ended. */
import type { FindQuery, Param } from "@relata/core/adapter";
import { sql } from "kysely";
import type { Compiler } from "./compiler.ts";
import type { Conversation, RawRows } from "./conversation.ts";
import { createMerge } from "./merge-versions.ts";
import { createScope, type Part, type TimeColumn } from "./source.ts";
import { compileStatement, type Fragment, type Statement, type Values } from "./statement.ts";

interface Context extends Compiler {
  readonly asOf: Param;
}

type ReadRows = (values: Values) => Conversation<RawRows>;

interface Level {
  readonly query: FindQuery;
  /** Of the query of an include: the column that leads to the parent. */
  readonly foreign: string | undefined;
  fragment(wanted: FindQuery, part: Part): Fragment;
  decoding(wanted: FindQuery): (row: unknown[]) => void;
}

/**
 * So few rows are found and sorted sooner by time than they are met among all others in the wanted order. Measured with ten versions
 * of each row: of the current rows, which are fewer, a walk in the wanted order passes fewer that are not valid.
 */
const FEW = { current: 1_000, ended: 4_000 } as const;

/**
 * Each part gives its rows in the wanted order, by an index of its own, and at most as many as are wanted. They are put together
 * here: a database that is given the union of both reads and sorts all of it.
 */
export function readPast(context: Context, level: Level): ReadRows {
  const { query, foreign } = level;
  const keys = query.orderBy.map((key) => key.column).filter((column) => !query.columns.includes(column));
  const wanted = { ...query, columns: [...query.columns, ...new Set(keys)] };
  const isList = foreign === undefined && query.limit !== undefined;
  const compile = (versions: FindQuery, part: Part) => compileStatement(context.kysely, level.fragment(versions, part));
  const read = context.dialect.unindexed
    ? isList
      ? readFirst(context, wanted, compile)
      : readAll(wanted, compile)
    : readTogether(context, wanted, level.fragment);
  const decode = level.decoding(wanted);
  const merge = createMerge(wanted, foreign);
  return function* (values) {
    const rows = yield* read(values);
    for (const row of rows) decode(row);
    const merged = merge(rows, values);
    for (const row of merged) row.length = query.columns.length;
    return merged;
  };
}

type Compile = (wanted: FindQuery, part: Part) => Statement;

/** Both parts by one statement, each with an order and a limit of its own. */
function readTogether({ kysely }: Context, wanted: FindQuery, fragment: Level["fragment"]): ReadRows {
  const parts = (["current", "ended"] as const).map((versions) => sql`(${fragment(wanted, { versions })})`);
  const statement = compileStatement(kysely, sql.join(parts, sql` union all `));
  return function* (values) {
    return yield { statement, values };
  };
}

function readAll(wanted: FindQuery, compile: Compile): ReadRows {
  const statements = (["current", "ended"] as const).map((versions) => compile(wanted, { versions }));
  return function* (values) {
    let rows: RawRows = [];
    for (const statement of statements) rows = rows.concat(yield { statement, values });
    return rows;
  };
}

/**
 * The first rows of each part. In the wanted order they are found soon, unless nearly all rows began later or had ended: then the few
 * that are left are found by time. A planner that does not know the instant cannot tell, so it is tried whether they are few. Few
 * current rows had begun when the instant is long ago, and then few ended versions had; else few had not ended.
 */
function readFirst(context: Context, wanted: FindQuery, compile: Compile): ReadRows {
  const unindexed = context.dialect.unindexed!;
  const part = (versions: Part["versions"], by: TimeColumn) => ({
    more: moreThanFew(context, wanted.table, { versions, only: by }),
    timed: compile(wanted, { versions, way: { by, unindexed } }),
    ordered: compile(wanted, { versions, way: { by: "order", unindexed } }),
  });
  const current = part("current", "updated_at");
  const ended = { few: part("ended", "updated_at"), many: part("ended", "ended_at") };
  return function* (values) {
    const isMany = (yield { statement: current.more, values }).length > 0;
    const rows = yield { statement: isMany ? current.ordered : current.timed, values };
    const { more, ordered, timed } = isMany ? ended.many : ended.few;
    const statement = (yield { statement: more, values }).length > 0 ? ordered : timed;
    return rows.concat(yield { statement, values });
  };
}

/** Gives a row where the condition on time leaves more than a few. */
function moreThanFew(context: Context, table: string, part: Part): Statement {
  const { kysely, asOf } = context;
  const source = createScope(context, asOf).part(table, part);
  return compileStatement(kysely, sql`select 1 ${source.from([])} limit 1 offset ${sql.lit(FEW[part.versions])}`);
}

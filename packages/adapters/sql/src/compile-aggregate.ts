/** From an AggregateQuery to its statement and a reader of its rows. */
import type {
  AggregateQuery,
  ColumnKey,
  ColumnKind,
  MeasureQuery,
  Param,
  Predicate,
  Row,
  RowElement,
} from "@relata/core/adapter";
import { sql } from "kysely";
import { compileWhere } from "./compile-predicate.ts";
import type { Compiler } from "./compiler.ts";
import { conjunction, createScope, type Scope, type Source } from "./source.ts";
import type { SqlDialect, SumForm } from "./sql-dialect.ts";
import { compileStatement, type Fragment, named, paramSlot, type Statement } from "./statement.ts";

export interface CompiledAggregate {
  readonly statement: Statement;
  read(row: readonly unknown[]): Row;
}

/** Some columns of the statement, and the one element that they make. */
interface Output {
  readonly fragments: readonly Fragment[];
  read(raw: readonly unknown[]): RowElement;
}

export function compileAggregate(compiler: Compiler, query: AggregateQuery, sumForm: SumForm): CompiledAggregate {
  const { dialect } = compiler;
  const scope = createScope(compiler, query.asOf);
  const root = scope.source(query.table);
  const joins = createJoins(scope, root);
  const conditions = (where: Predicate) => conjunction(compileWhere({ dialect, scope }, root, where));
  const groups = query.groupBy.map((key, at) =>
    "cases" in key
      ? caseExpression(key.cases.map(conditions), at)
      : groupExpression(dialect, key, { source: joins.reach(key), at }),
  );
  const outputs: readonly Output[] = [
    ...groups.map(({ kind, value }) => valueOutput(dialect, kind, value)),
    ...query.measures.map((measure) => measureOutput(dialect, root, { measure, sumForm })),
  ];
  const selected = outputs.flatMap((output) => output.fragments).map(named);
  const where = compileWhere({ dialect, scope }, root, query.where);
  const groupBy = groups.length === 0 ? sql`` : sql` group by ${sql.join(groups.map((group) => group.by))}`;
  // Without group keys an aggregate function makes one row of no rows: there must be one.
  const list = selected.length === 0 ? [sql`count(*)`] : selected;
  return {
    statement: compileStatement(
      compiler.kysely,
      sql`select ${sql.join(list)} ${root.from(where, joins.fragments)}${groupBy}`,
    ),
    read: rowReader(outputs),
  };
}

function rowReader(outputs: readonly Output[]): (row: readonly unknown[]) => Row {
  return (row) => {
    let end = 0;
    return outputs.map((output) => {
      const start = end;
      end += output.fragments.length;
      return output.read(row.slice(start, end));
    });
  };
}

/** Left joins along the paths of the group keys; a way that several keys go is gone once. */
function createJoins(scope: Scope, root: Source) {
  const reached = new Map<string, Source>();
  const fragments: Fragment[] = [];
  return {
    fragments,
    reach(key: ColumnKey): Source {
      let source = root;
      let way = "";
      for (const join of key.path) {
        way += `${JSON.stringify([join.table, join.local, join.foreign])}/`;
        const known = reached.get(way);
        const next = known ?? scope.source(join.table);
        if (!known) {
          reached.set(way, next);
          fragments.push(next.leftJoin(sql`${next.column(join.foreign)} = ${source.column(join.local)}`));
        }
        source = next;
      }
      return source;
    },
  };
}

interface GroupExpression {
  readonly kind: ColumnKind;
  readonly value: Fragment;
  /** What stands in GROUP BY. */
  readonly by: Fragment;
}

function groupExpression(
  dialect: SqlDialect,
  { column: name, bucket }: ColumnKey,
  { source, at }: { readonly source: Source; readonly at: number },
): GroupExpression {
  const column = source.column(name);
  if (bucket === undefined) return { kind: source.schemaOf(name).kind, value: column, by: column };
  if (bucket === "month") return { kind: "text", value: dialect.month(column), by: dialect.month(column) };
  const value = sql`case when ${column} is not null then ${lastStart(column, bucket.startingAt)} end`;
  // By its place: the same expression with parameters of its own would be another one.
  return { kind: "instant", value, by: sql.lit(at + 1) };
}

/** By its place, as what has parameters of its own. */
function caseExpression(conditions: readonly Fragment[], at: number): GroupExpression {
  const whens = conditions.map((condition, place) => sql`when ${condition} then ${sql.lit(place)}`);
  const value = sql`case ${sql.join(whens, sql` `)} else ${sql.lit(conditions.length)} end`;
  return { kind: "integer", value, by: sql.lit(at + 1) };
}

/** The last start that is not after the column's value, by halves: some ten comparisons for each row, whatever their number. */
function lastStart(column: Fragment, starts: readonly Param[]): Fragment {
  if (starts.length === 1) return sql`${paramSlot(starts[0]!)}`;
  const half = Math.ceil(starts.length / 2);
  const [earlier, later] = [lastStart(column, starts.slice(0, half)), lastStart(column, starts.slice(half))];
  return sql`case when ${column} < ${paramSlot(starts[half]!)} then ${earlier} else ${later} end`;
}

function measureOutput(
  dialect: SqlDialect,
  source: Source,
  { measure, sumForm }: { readonly measure: MeasureQuery; readonly sumForm: SumForm },
): Output {
  switch (measure.kind) {
    case "rows":
      return countOutput(sql`count(*)`);
    case "count":
      return countOutput(sql`count(${source.column(measure.column)})`);
    case "countDistinct":
      return countOutput(sql`count(distinct ${source.column(measure.column)})`);
    case "min":
    case "max":
      return valueOutput(
        dialect,
        source.schemaOf(measure.column).kind,
        sql`${sql.raw(measure.kind)}(${source.column(measure.column)})`,
      );
    case "sum": {
      const weight = measure.weight === undefined ? undefined : source.column(measure.weight);
      return {
        fragments: sumForm.terms(source.column(measure.column), weight),
        read: (raw) => sumForm.combine(raw, weight !== undefined),
      };
    }
  }
}

function valueOutput(dialect: SqlDialect, kind: ColumnKind, value: Fragment): Output {
  const decode = dialect.decoder(kind);
  return {
    fragments: [dialect.read(kind, value)],
    read: ([raw]) => (raw === null || !decode ? (raw as RowElement) : decode(raw)),
  };
}

function countOutput(count: Fragment): Output {
  return { fragments: [count], read: ([raw]) => Number(raw) };
}

/** From a predicate to SQL that is true exactly where the predicate is; where it is not, the SQL is false or null. */
import type { ColumnKind, Comparison, Predicate } from "@relata/core/adapter";
import { sql } from "kysely";
import { lineage, storedLineage } from "./lineage.ts";
import { type Leaf, type NormalLeaf, type NormalPredicate, pushNot } from "./push-not.ts";
import { combined, conjunction, type Scope, type Source } from "./source.ts";
import type { SqlDialect } from "./sql-dialect.ts";
import { type Fragment, paramSlot } from "./statement.ts";

export interface PredicateContext {
  readonly dialect: SqlDialect;
  readonly scope: Scope;
}

/** The conditions that all must hold; none for `always`. */
export function compileWhere(context: PredicateContext, source: Source, where: Predicate): readonly Fragment[] {
  const normal = pushNot(where);
  const parts = normal.kind === "and" ? normal.of : [normal];
  return parts.map((part) => compilePart(context, source, part));
}

/** Of conditions that all must hold, one by stored paths is what rows are looked for by. */
function compilePart(context: PredicateContext, source: Source, part: NormalPredicate): Fragment {
  const { scope, dialect } = context;
  if (part.kind !== "leaf" || part.negated || part.leaf.kind !== "tree" || !part.leaf.paths || scope.isPast)
    return compileNormal(context, source, part);
  const { kind } = source.schemaOf(part.leaf.column);
  return dialect.inFew(source.column(part.leaf.column), idsInTree(scope, part.leaf, kind));
}

function compileNormal(context: PredicateContext, source: Source, predicate: NormalPredicate): Fragment {
  switch (predicate.kind) {
    case "and":
      return sql`(${conjunction(predicate.of.map((part) => compileNormal(context, source, part)))})`;
    case "or":
      if (predicate.of.length === 0) return sql`false`;
      return sql`(${combined(
        predicate.of.map((part) => compileNormal(context, source, part)),
        sql` or `,
      )})`;
    case "exists":
      return compileExists(context, source, predicate);
    case "leaf":
      return compileLeaf(context, source, predicate);
  }
}

function compileExists(
  context: PredicateContext,
  source: Source,
  { join, where, negated }: NormalPredicate & { readonly kind: "exists" },
): Fragment {
  const related = context.scope.source(join.table);
  const local = source.column(join.local);
  const foreign = related.column(join.foreign);
  const condition = compileNormal(context, related, where);
  if (!context.scope.isPast || join.foreign === "id") {
    const rows = related.from([sql`${foreign} = ${local}`, condition]);
    return sql`${sql.raw(negated ? "not exists" : "exists")} (select 1 ${rows})`;
  }
  // History has no index on references: all of it is gone through once, and not for every row.
  const list = sql`select ${foreign} ${related.from([sql`${foreign} is not null`, condition])}`;
  if (!negated) return sql`${local} in (${list})`;
  const isNot = sql`${local} not in (${list})`;
  return source.schemaOf(join.local).nullable ? sql`(${local} is null or ${isNot})` : isNot;
}

const OPERATORS = { eq: "=", ne: "<>", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;
const COMPLEMENTS = { eq: "ne", ne: "eq", lt: "gte", lte: "gt", gt: "lte", gte: "lt" } as const;

/** Of a column that holds a value each positive form is true or false, so only a null needs a word of its own. */
function compileLeaf(context: PredicateContext, source: Source, { leaf, negated }: NormalLeaf): Fragment {
  const column = source.column(leaf.column);
  const orNull = (condition: Fragment) =>
    source.schemaOf(leaf.column).nullable ? sql`(${condition} or ${column} is null)` : condition;

  switch (leaf.kind) {
    case "null":
      return sql`${column} ${sql.raw(negated ? "is not null" : "is null")}`;
    case "compare": {
      const operator: Comparison = negated ? COMPLEMENTS[leaf.operator] : leaf.operator;
      const condition = sql`${column} ${sql.raw(OPERATORS[operator])} ${paramSlot(leaf.value)}`;
      // `ne` is the complement of `eq`: it holds where the column is null, and its own complement does not.
      return negated === (leaf.operator !== "ne") ? orNull(condition) : condition;
    }
    default: {
      const condition = compilePositive(context, { column, kind: source.schemaOf(leaf.column).kind }, leaf);
      return negated ? orNull(sql`not (${condition})`) : condition;
    }
  }
}

function compilePositive(
  { dialect, scope }: PredicateContext,
  { column, kind }: { readonly column: Fragment; readonly kind: ColumnKind },
  leaf: Exclude<Leaf, { readonly kind: "null" | "compare" }>,
): Fragment {
  switch (leaf.kind) {
    case "in":
      return dialect.inList(column, paramSlot(leaf.values));
    case "between":
      // Not `between`: of two lower bounds SQLite seeks by the one that stands first, which is that of a page, and by `between` sooner still.
      return sql`(${column} >= ${paramSlot(leaf.low)} and ${column} <= ${paramSlot(leaf.high)})`;
    case "text":
      return dialect.text(leaf.operator, column, paramSlot(leaf.value));
    case "tree":
      return sql`${column} in (${idsInTree(scope, leaf, kind)})`;
  }
}

/** As values of the column that is compared: one of a pair of fields is text, whatever the ids are. */
function idsInTree(scope: Scope, leaf: Leaf & { readonly kind: "tree" }, kind: ColumnKind): Fragment {
  const { paths } = leaf;
  const ids = paths && !scope.isPast ? storedLineage(scope, { ...leaf, paths }) : lineage(scope, leaf);
  if (scope.source(leaf.table).schemaOf("id").kind === kind) return ids;
  const name = scope.name();
  return sql`select cast(${sql.id(name, "id")} as text) from (${ids}) as ${sql.id(name)}`;
}

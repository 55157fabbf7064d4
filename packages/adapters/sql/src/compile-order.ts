/** Order and keyset: how a page follows another without counting what came before. */
import type { AfterKey, FindQuery, Predicate } from "@relata/core/adapter";
import { sql } from "kysely";
import { conjunction, type Source } from "./source.ts";
import type { OrderTerm, SqlDialect } from "./sql-dialect.ts";
import { type Fragment, paramSlot } from "./statement.ts";

/** A part of the rows that an index gives in the wanted order. */
export interface OrderedRange {
  readonly conditions: readonly Fragment[];
  readonly terms: readonly OrderTerm[];
}

/** The ranges that make up a page, in order. A nullable leading key is walked as two: its values, and its nulls. */
export function orderedRanges(dialect: SqlDialect, query: FindQuery, source: Source): readonly OrderedRange[] {
  const terms = orderTermsOf(query, source);
  const after = query.after ?? [];
  const leading = terms[0];
  const splits = leading?.nullable && query.limit !== undefined && (dialect.splitsNulls || after.length > 0);
  if (!splits) {
    return [{ conditions: after.length === 0 ? [] : [afterCondition(terms, after)], terms }];
  }

  const [leadingAfter, ...restAfter] = after;
  const [, ...rest] = terms;
  const values = [{ ...leading, nullable: false }, ...rest];
  const allValues = { conditions: [sql`${leading.value} is not null`], terms: values };
  const valuesAfter = () => ({ conditions: [afterCondition(values, after)], terms: values });
  const allNulls = { conditions: [sql`${leading.value} is null`], terms: rest };
  const nullsAfter = () => ({ conditions: [...allNulls.conditions, afterCondition(rest, restAfter)], terms: rest });

  if (leading.direction === "asc") {
    if (!leadingAfter) return [allValues, allNulls];
    return leadingAfter.isNull ? [nullsAfter()] : [valuesAfter(), allNulls];
  }
  if (!leadingAfter) return [allNulls, allValues];
  return leadingAfter.isNull ? [nullsAfter(), allValues] : [valuesAfter()];
}

/** `order by …`, or nothing for at most one row. */
export function orderBy(dialect: SqlDialect, terms: readonly OrderTerm[]): Fragment {
  return terms.length === 0 ? sql`` : sql` order by ${sql.join(terms.flatMap((term) => dialect.orderTerms(term)))}`;
}

/** A key that no row found has null in is not nullable, unless it is from a null that the page goes on. */
export function orderTermsOf(query: FindQuery, source: Source): readonly OrderTerm[] {
  return query.orderBy.map(({ column, direction }, i) => ({
    value: source.column(column),
    nullable: source.schemaOf(column).nullable && (query.after?.[i]?.isNull || !excludesNull(query.where, column)),
    direction,
  }));
}

/** Whether the predicate cannot hold where the column is null. */
function excludesNull(where: Predicate, column: string): boolean {
  switch (where.kind) {
    case "and":
      return where.of.some((part) => excludesNull(part, column));
    case "not":
      return where.of.kind === "null" && where.of.column === column;
    case "compare":
      return where.column === column && where.operator !== "ne";
    case "between":
    case "in":
    case "text":
      return where.column === column;
    default:
      return false;
  }
}

/** True for the rows that come after the given values of the keys. */
export function afterCondition(terms: readonly OrderTerm[], after: readonly AfterKey[]): Fragment {
  const [leading] = terms;
  const [leadingAfter] = after;
  if (!leading || !leadingAfter) return sql`false`;
  const uniform = terms.every((term) => !term.nullable && term.direction === leading.direction);
  if (uniform && terms.length > 1) {
    const values = terms.map((term) => term.value);
    const bounds = after.map((key) => sql`${paramSlot(key.value)}`);
    return sql`(${sql.join(values)}) ${sql.raw(leading.direction === "asc" ? ">" : "<")} (${sql.join(bounds)})`;
  }
  const condition = afterFrom(terms, after, 0);
  if (leading.nullable || terms.length === 1) return condition;
  // Implied by the condition, and the only part of it that an index understands.
  const bound = sql`${leading.value} ${sql.raw(leading.direction === "asc" ? ">=" : "<=")} ${paramSlot(leadingAfter.value)}`;
  return conjunction([bound, condition]);
}

/** Later in the key at `position`, or equal in it and later in those that follow. */
function afterFrom(terms: readonly OrderTerm[], after: readonly AfterKey[], position: number): Fragment {
  const term = terms[position];
  const key = after[position];
  if (!term || !key) return sql`false`;
  const equal = key.isNull ? sql`${term.value} is null` : sql`${term.value} = ${paramSlot(key.value)}`;
  if (position === terms.length - 1) return later(term, key);
  return sql`(${later(term, key)} or (${equal} and ${afterFrom(terms, after, position + 1)}))`;
}

function later(term: OrderTerm, key: AfterKey): Fragment {
  const { value } = term;
  if (key.isNull) return term.direction === "asc" ? sql`false` : sql`${value} is not null`;
  if (term.direction === "desc") return sql`${value} < ${paramSlot(key.value)}`;
  const greater = sql`${value} > ${paramSlot(key.value)}`;
  return term.nullable ? sql`(${greater} or ${value} is null)` : greater;
}

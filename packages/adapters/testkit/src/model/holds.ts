/** Whether a condition holds for a row: the contract's predicates, word for word. */
import type { Comparison, Storable, TextMatch } from "@relata/core/adapter";
import type { Condition, Value } from "../question/condition.ts";
import { compareValues } from "./compare.ts";
import { type ModelRow, type ModelTables, rowsOf, valueIn } from "./tables.ts";

export function holds(condition: Condition, row: ModelRow, tables: ModelTables): boolean {
  switch (condition.kind) {
    case "and":
      return condition.of.every((part) => holds(part, row, tables));
    case "or":
      return condition.of.some((part) => holds(part, row, tables));
    case "not":
      return !holds(condition.of, row, tables);
    case "compare":
      return compares(valueIn(row, condition.column), condition.operator, condition.value);
    case "in":
      return condition.values.some((value) => compares(valueIn(row, condition.column), "eq", value));
    case "between": {
      const value = valueIn(row, condition.column);
      return compares(value, "gte", condition.low) && compares(value, "lte", condition.high);
    }
    case "text":
      return matches(valueIn(row, condition.column), condition.operator, condition.value);
    case "null":
      return valueIn(row, condition.column) === null;
    case "relation": {
      const related = joined(row, condition, tables);
      const satisfying = related.filter((other) => holds(condition.where, other, tables));
      if (condition.quantifier === "some") return satisfying.length > 0;
      if (condition.quantifier === "none") return satisfying.length === 0;
      return satisfying.length === related.length;
    }
    case "tree": {
      const value = valueIn(row, condition.column);
      return (
        value !== null && standsInTree(String(value), condition, rowsOf(tables, condition.table, String(row.tenant_id)))
      );
    }
  }
}

/** One way up from each row: whoever meets the root on it is below, and what the root meets is above. */
function standsInTree(id: string, condition: Condition & { kind: "tree" }, rows: readonly ModelRow[]): boolean {
  const { root, self, relation, parent } = condition;
  if (!rows.some((row) => row.id === root)) return false;
  if (id === root) return self;
  return relation === "descendants" ? above(id, rows, parent).has(root) : above(root, rows, parent).has(id);
}

function above(id: string, rows: readonly ModelRow[], parent: string): ReadonlySet<string> {
  const found = new Set<string>();
  let at = rows.find((row) => row.id === id);
  while (at) {
    const next = valueIn(at, parent);
    if (next === null || found.has(String(next))) return found;
    found.add(String(next));
    at = rows.find((row) => row.id === next);
  }
  return found;
}

/** The rows that a join leads to, of the same tenant. Null joins nothing. */
export function joined(
  row: ModelRow,
  join: { readonly table: string; readonly local: string; readonly foreign: string },
  tables: ModelTables,
): readonly ModelRow[] {
  const local = valueIn(row, join.local);
  if (local === null) return [];
  return rowsOf(tables, join.table, String(row.tenant_id)).filter((other) => valueIn(other, join.foreign) === local);
}

function compares(value: Storable, operator: Comparison, other: Value): boolean {
  if (operator === "ne") return !compares(value, "eq", other);
  if (value === null) return false;
  const difference = compareValues(value, other);
  switch (operator) {
    case "eq":
      return difference === 0;
    case "lt":
      return difference < 0;
    case "lte":
      return difference <= 0;
    case "gt":
      return difference > 0;
    case "gte":
      return difference >= 0;
  }
}

function matches(value: Storable, operator: TextMatch, part: string): boolean {
  if (value === null) return false;
  const text = String(value);
  if (operator === "contains") return text.includes(part);
  return operator === "startsWith" ? text.startsWith(part) : text.endsWith(part);
}

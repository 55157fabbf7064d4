/** What a question must be answered with: filter, sort, cut. */
import type { MeasureQuery, Row, RowElement, Storable } from "@relata/core/adapter";
import { everything } from "../question/condition.ts";
import { type Figures, type Inclusion, type Question, type SortKey, sortKeys } from "../question/question.ts";
import { compareInOrder, compareValues } from "./compare.ts";
import { holds, joined } from "./holds.ts";
import { type ModelRow, type ModelTables, rowsOf, tablesAt, valueIn } from "./tables.ts";

export function answerFind(question: Question, tenantId: string, tables: ModelTables): readonly Row[] {
  const then = tablesAt(tables, question.asOf);
  return answer(question, rowsOf(then, question.table, tenantId), then);
}

function answer(question: Question, candidates: readonly ModelRow[], tables: ModelTables): readonly Row[] {
  const keys = sortKeys(question);
  const { where = everything, columns = ["id"], after, include = [] } = question;
  const position = (row: ModelRow) => keys.map((key) => valueIn(row, key.column));
  const found = candidates
    .filter((row) => holds(where, row, tables))
    .filter((row) => after === undefined || comparePositions(position(row), after, keys) > 0)
    .sort((left, right) => comparePositions(position(left), position(right), keys))
    .slice(0, question.limit ?? Number.POSITIVE_INFINITY);
  return found.map((row) => {
    const values: RowElement[] = columns.map((column) => valueIn(row, column));
    return [...values, ...include.map((inclusion) => included(inclusion, row, tables))];
  });
}

function included(inclusion: Inclusion, row: ModelRow, tables: ModelTables): RowElement {
  const { local, foreign, question, cardinality } = inclusion;
  const rows = answer(question, joined(row, { table: question.table, local, foreign }, tables), tables);
  return cardinality === "many" ? rows : (rows[0] ?? null);
}

function comparePositions(left: readonly Storable[], right: readonly Storable[], keys: readonly SortKey[]): number {
  const differences = keys.map((key, at) => compareInOrder(left[at] ?? null, right[at] ?? null, key.direction));
  return differences.find((difference) => difference !== 0) ?? 0;
}

export function answerAggregate(figures: Figures, tenantId: string, now: ModelTables): readonly Row[] {
  const { where = everything, groupBy = [], measures } = figures;
  const tables = tablesAt(now, figures.asOf);
  const rows = rowsOf(tables, figures.table, tenantId).filter((row) => holds(where, row, tables));
  const groups = new Map<string, { readonly keys: readonly Storable[]; readonly rows: ModelRow[] }>();
  if (groupBy.length === 0) groups.set("", { keys: [], rows: [] });
  for (const row of rows) {
    const keys = groupBy.map((key): Storable => {
      if ("cases" in key) {
        const place = key.cases.findIndex((condition) => holds(condition, row, tables));
        return place < 0 ? key.cases.length : place;
      }
      const { path, column, bucket } = key;
      let reached: ModelRow | undefined = row;
      for (const join of path) reached = reached && joined(reached, join, tables)[0];
      const value = reached ? valueIn(reached, column) : null;
      if (bucket === undefined || value === null) return value;
      if (bucket === "month") return String(value).slice(0, 7);
      return bucket.startingAt.findLast((start) => start <= (value as number)) ?? bucket.startingAt[0]!;
    });
    const name = keys.map((key) => (key === null ? "null" : `${typeof key} ${JSON.stringify(String(key))}`)).join();
    const group = groups.get(name) ?? { keys, rows: [] };
    groups.set(name, group);
    group.rows.push(row);
  }
  return [...groups.values()].map((group) => [
    ...group.keys,
    ...measures.map((measure) => measured(measure, group.rows)),
  ]);
}

function measured(measure: MeasureQuery, rows: readonly ModelRow[]): Storable {
  if (measure.kind === "rows") return rows.length;
  const present = rows.filter((row) => valueIn(row, measure.column) !== null);
  const values = present.map((row) => valueIn(row, measure.column));
  switch (measure.kind) {
    case "count":
      return values.length;
    case "countDistinct":
      return new Set(values).size;
    case "sum": {
      const { weight } = measure;
      const terms = present.flatMap((row) => {
        const factor = weight === undefined ? 1 : valueIn(row, weight);
        return factor === null ? [] : [integer(valueIn(row, measure.column)) * integer(factor)];
      });
      return terms.length === 0 ? null : terms.reduce((total, term) => total + term, 0n);
    }
    case "min":
    case "max": {
      const sorted = values.sort(compareValues);
      return (measure.kind === "min" ? sorted[0] : sorted.at(-1)) ?? null;
    }
  }
}

function integer(value: Storable): bigint {
  return BigInt(value as number | bigint);
}

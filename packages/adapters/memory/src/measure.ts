/** The figures of an aggregate, kept while the rows of a group go by. */
import type { MeasureQuery, Storable } from "@relata/core/adapter";
import type { StoredRow } from "./stored-row.ts";
import { columnOf, sortKeyOf, type TableStore } from "./table-store.ts";

export interface Tally {
  add(row: StoredRow): void;
  result(): Storable;
}

/** The result starts the figure of one group. */
export function compileMeasure(measure: MeasureQuery, store: TableStore): () => Tally {
  switch (measure.kind) {
    case "rows":
      return () => counting(() => true);
    case "count": {
      const { position } = columnOf(store, measure.column);
      return () => counting((row) => row[position] !== null);
    }
    case "countDistinct": {
      const { position } = columnOf(store, measure.column);
      return () => countingDistinct(position);
    }
    case "min":
    case "max": {
      const { position, compare } = sortKeyOf(store, measure.column);
      const sign = measure.kind === "min" ? 1 : -1;
      return () => keepingFirst(position, (left, right) => sign * compare(left, right));
    }
    case "sum": {
      const { position } = columnOf(store, measure.column);
      const weight = measure.weight === undefined ? undefined : columnOf(store, measure.weight).position;
      return () => summing(position, weight);
    }
    default:
      return measure satisfies never;
  }
}

function counting(counts: (row: StoredRow) => boolean): Tally {
  let count = 0;
  return {
    add(row) {
      if (counts(row)) count++;
    },
    result: () => count,
  };
}

function countingDistinct(position: number): Tally {
  const values = new Set<Storable>();
  return {
    add(row) {
      const value = row[position] as Storable;
      if (value !== null) values.add(value);
    },
    result: () => values.size,
  };
}

function keepingFirst(position: number, compare: (left: Storable, right: Storable) => number): Tally {
  let first: Storable = null;
  return {
    add(row) {
      const value = row[position] as Storable;
      if (value !== null && (first === null || compare(value, first) < 0)) first = value;
    },
    result: () => first,
  };
}

/** Exact: numbers are made bigints before they are multiplied or added. */
function summing(position: number, weight: number | undefined): Tally {
  let sum: bigint | null = null;
  return {
    add(row) {
      const value = row[position] as number | bigint | null;
      const factor = weight === undefined ? 1n : (row[weight] as number | bigint | null);
      if (value === null || factor === null) return;
      sum = (sum ?? 0n) + (weight === undefined ? BigInt(value) : BigInt(value) * BigInt(factor));
    },
    result: () => sum,
  };
}

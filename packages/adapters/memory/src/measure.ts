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

/** Exact: what is beyond the safe integers, or would bring the sum there, is added as a bigint. */
function summing(position: number, weight: number | undefined): Tally {
  let isEmpty = true;
  let beyond = 0n;
  let safe = 0;
  return {
    add(row) {
      const value = row[position] as number | bigint | null;
      const factor = weight === undefined ? 1 : (row[weight] as number | bigint | null);
      if (value === null || factor === null) return;
      isEmpty = false;
      // A product that is not exact is not below 2^53 either.
      const product = Number(value) * Number(factor);
      if (!Number.isSafeInteger(product)) {
        beyond += BigInt(value) * BigInt(factor);
        return;
      }
      const sum = safe + product;
      if (Number.isSafeInteger(sum)) {
        safe = sum;
        return;
      }
      beyond += BigInt(safe);
      safe = product;
    },
    result: () => (isEmpty ? null : beyond + BigInt(safe)),
  };
}

/** Exact sums in a database that adds up 64 bits and no more. */
import { CrmError } from "@relata/core/adapter";
import type { Fragment, SumForm } from "@relata/sql";
import { sql } from "kysely";

/** A number is cut into `count` pieces of `bits` bits, the first the lowest; the last keeps the sign and what is left. */
interface Limbs {
  readonly count: number;
  readonly bits: number;
}

/** Up to 2^31 rows of any 64-bit integers. */
const HALVES: Limbs = { count: 2, bits: 32 };
const WHOLE: Limbs = { count: 1, bits: 64 };

/** What SQLite adds up by itself: exact while sum and products have 64 bits, and else fails with `sum_overflow`. */
export const plainSum: SumForm = {
  terms: (value, weight) => [sql`cast(sum(${weight ? sql`${value} * ${weight}` : value}) as text)`],
  combine: ([term]) => (term === null ? null : exactInteger(String(term))),
};

/** Exact for weights of up to about 20 bits, such as percentages and quantities; fails with `sum_overflow` beyond. */
export const lightSum: SumForm = limbSum({ count: 3, bits: 22 }, WHOLE);

/** Exact for all weights and up to 2^31 rows, at about three times the cost. */
export const heavySum: SumForm = limbSum({ count: 4, bits: 16 }, { count: 4, bits: 16 });

function limbSum(valueLimbs: Limbs, weightLimbs: Limbs): SumForm {
  return {
    terms(value, weight) {
      const values = cut(value, weight ? valueLimbs : HALVES);
      const products = weight ? values.flatMap((a) => cut(weight, weightLimbs).map((b) => sql`${a} * ${b}`)) : values;
      return products.map((product) => sql`cast(sum(${product}) as text)`);
    },
    combine(terms, weighted) {
      if (terms[0] === null) return null;
      const inner = weighted ? weightLimbs : WHOLE;
      const outer = weighted ? valueLimbs : HALVES;
      return terms.reduce<bigint>((total, term, index) => {
        const shift = Math.floor(index / inner.count) * outer.bits + (index % inner.count) * inner.bits;
        return total + (exactInteger(String(term)) << BigInt(shift));
      }, 0n);
    },
  };
}

function cut(value: Fragment, { count, bits }: Limbs): readonly Fragment[] {
  return Array.from({ length: count }, (_, index) => {
    const shifted = index === 0 ? value : sql`(${value} >> ${sql.lit(index * bits)})`;
    return index === count - 1 ? shifted : sql`(${shifted} & ${sql.lit(2 ** bits - 1)})`;
  });
}

/** SQLite turns a product that leaves 64 bits into a floating-point number: its text then has a point or an exponent. */
function exactInteger(text: string): bigint {
  if (/^-?\d+$/.test(text)) return BigInt(text);
  throw new CrmError("sum_overflow", "A sum leaves the range of what the database can add up exactly.");
}

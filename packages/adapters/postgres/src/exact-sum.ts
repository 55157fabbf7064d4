/** Sums of 64-bit integers, exact: PostgreSQL adds them up as decimals of any length. */
import type { SumForm } from "@relata/sql";
import { sql } from "kysely";

export const exactSum: SumForm = {
  terms: (value, weight) => [sql`sum(${weight ? sql`${value}::numeric * ${weight}` : value})::text`],
  combine: ([sum]) => (sum === null ? null : BigInt(sum as string)),
};

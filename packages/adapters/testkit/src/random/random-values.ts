/** Values that databases like to get wrong, from small pools, so that rows meet. */
import type { ColumnKind, ColumnSchema, Storable } from "@relata/core/adapter";
import * as fc from "fast-check";
import type { Value } from "../question/condition.ts";

const texts = [
  "",
  " ",
  "a",
  "A",
  "ab",
  "b",
  "%",
  "_",
  "a%b",
  "a_b",
  "\\",
  "a\\%",
  "'",
  '"',
  "''; --",
  "[a]*?",
  "caf\u00e9",
  "cafe\u0301",
  "\u0301",
  "ss",
  "\u00df",
  "\u0130",
  "\ue000",
  "\ufb01",
  "\uff21",
  "\uff21b",
  "\uffff",
  "\u{10000}",
  "🚀",
  "🚀a",
  "👨‍👩‍👧",
  "\u{10ffff}",
  "10",
  "9",
  "null",
  "x".repeat(3_000),
];

const safe = Number.MAX_SAFE_INTEGER;
const pools: Readonly<Record<Exclude<ColumnKind, "text">, readonly Value[]>> = {
  integer: [0, 1, -1, 2, 10, 2_147_483_648, -2_147_483_649, safe, safe - 1, -safe],
  bigint: [0n, 1n, -1n, 2n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, 2n ** 63n - 2n, -(2n ** 63n)],
  instant: [0, 1, -1, 1_719_792_000_123, 1_719_792_000_124, 8_640_000_000_000_000, -8_640_000_000_000_000],
  date: ["2024-01-31", "2024-02-01", "2024-02-29", "2023-12-31", "0001-01-01", "9999-12-31", "1969-12-31"],
  uuid: [
    "00000000-0000-0000-0000-000000000000",
    "0190163d-8694-739b-aea5-966c26f8ad09",
    "a0000000-0000-4000-8000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
  ],
  boolean: [true, false],
  json: ["null", "{}", '{"b":1,"a":[null,"🚀"]}', '[1.50, "x"]'],
};

/** A value that is not null. */
export function valueOfKind(kind: ColumnKind): fc.Arbitrary<Value> {
  if (kind !== "text") return fc.constantFrom(...pools[kind]);
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...texts) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 5 }).map((text) => text.replaceAll("\0", "")) },
  );
}

/** A value for a column, nearly always one that it accepts; for a column that must be unique, nearly always a new one. */
export function valueFor(column: ColumnSchema, isUnique: boolean): fc.Arbitrary<Storable> {
  const { kind, values } = column;
  const usual = values
    ? fc.constantFrom(...values)
    : isUnique
      ? fc.oneof({ weight: 12, arbitrary: newValue(kind) }, valueOfKind(kind))
      : valueOfKind(kind);
  const refused = values ? fc.constant("outside of the list") : usual;
  return fc.oneof(
    { weight: 60, arbitrary: usual },
    { weight: column.nullable ? 15 : 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: refused },
  );
}

function newValue(kind: ColumnKind): fc.Arbitrary<Value> {
  const number = fc.nat(1_000_000);
  switch (kind) {
    case "text":
      return fc.tuple(fc.constantFrom(...texts), number).map(([text, suffix]) => `${text}${suffix}`);
    case "integer":
    case "instant":
      return number;
    case "bigint":
      return number.map((value) => BigInt(value) * 9_007_199_254_741n);
    case "date":
      return number.map((value) => new Date(value * 86_400_000).toISOString().slice(0, 10));
    case "uuid":
      return number.map(uuidOf);
    case "boolean":
    case "json":
      return valueOfKind(kind);
  }
}

export function uuidOf(number: number): string {
  return `${((number * 2_654_435_761) >>> 0).toString(16).padStart(8, "0")}-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

/** How the values of each kind of field are accepted, stored and read back. The only place that knows both forms. */
import * as z from "zod";
import { once } from "../once.ts";
import type { Row } from "../storage/query.ts";
import type { ColumnKind, Storable } from "../storage/storage-schema.ts";
import { isDate } from "../value/calendar.ts";
import { minorDigitsOf } from "../value/currency.ts";
import { fromScaled, type ScaleProblem, shortest, toScaled } from "../value/decimal.ts";
import { isUuid } from "../value/id.ts";
import { type Money, moneyOf } from "../value/money.ts";
import { isAscii, textLength, textProblem } from "../value/text.ts";
import type { FieldDefinition } from "./field.ts";
import { schemaInvalid } from "./schema-errors.ts";

export interface FieldCodec {
  /** One for most kinds; amount and currency for money. */
  readonly columns: readonly ColumnKind[];
  /** What is accepted, normalised: made when it is first asked for. Absence is not its business. */
  readonly accepts: z.ZodType;
  /** An accepted value to one storable for each column. */
  encode(value: unknown): readonly Storable[];
  /** Whether what is stored is the value itself, so that there is nothing to decode. */
  readonly plain: boolean;
  /** The columns' values, none of them null, to the value. They stand in a row from `at` on, or alone. */
  decode(row: Row, at?: number): unknown;
  /** An accepted value that has no object in common with the given one. */
  copy(value: unknown): unknown;
}

/** `idKind` is that of the entity itself, or for a reference, that of its target. */
export function codecFor(definition: FieldDefinition, idKind: "uuid" | "text"): FieldCodec {
  switch (definition.kind) {
    case "text":
    case "foldedText":
      return same("text", () => textSchema(definition.maxLength ?? 10_000, definition.minLength));
    case "id":
    case "reference":
      return idKind === "uuid" ? same("uuid", uuidSchema) : same("text", () => textSchema(200, 1));
    case "integer":
      return same("integer", () => integerSchema(definition));
    case "boolean":
      return same("boolean", z.boolean);
    case "oneOf":
      return same("text", () => z.enum(definition.values as [string, ...string[]]));
    case "date":
      return same("date", dateSchema);
    case "instant":
      return codec(instantSchema, {
        columns: ["instant"],
        plain: false,
        encode: (value) => [(value as Date).getTime()],
        decode: (row, at = 0) => new Date(row[at] as number),
        copy: (value) => new Date((value as Date).getTime()),
      });
    case "decimal":
      return decimalCodec(definition);
    case "money":
      return codec(moneySchema, {
        columns: ["bigint", "text"],
        plain: false,
        encode: (value) => {
          const { amount, currency } = value as Money;
          return [toScaled(amount, minorDigitsOf(currency) ?? 0) as bigint, currency];
        },
        decode: (row, at = 0) => moneyOf(row[at] as bigint, row[at + 1] as string),
        copy: (value) => ({ ...(value as Money) }),
      });
    case "json":
      return codec(() => jsonSchema(schemaOf(definition)), {
        columns: ["json"],
        plain: false,
        encode: (value) => [canonicalJson(value)],
        decode: (row, at = 0) => JSON.parse(row[at] as string),
        copy: (value) => JSON.parse(canonicalJson(value)),
      });
    default:
      return definition.kind satisfies never;
  }
}

const itself = (value: unknown) => value;

function codec(accepts: () => z.ZodType, parts: Omit<FieldCodec, "accepts">): FieldCodec {
  return Object.defineProperty(parts, "accepts", { get: once(accepts), enumerable: true }) as FieldCodec;
}

function same(kind: ColumnKind, accepts: () => z.ZodType): FieldCodec {
  return codec(accepts, {
    columns: [kind],
    plain: true,
    encode: (value) => [value as Storable],
    decode: (row, at = 0) => row[at],
    copy: itself,
  });
}

function decimalCodec(definition: FieldDefinition): FieldCodec {
  const scale = definition.scale ?? 6;
  if (!Number.isInteger(scale) || scale < 0 || scale > 18) {
    throw schemaInvalid(`decimal({ scale: ${scale} }) is not possible: a scale is a whole number from 0 to 18.`);
  }
  const accepts = () =>
    z.string().check((check) => {
      const scaled = toScaled(check.value, scale);
      if (typeof scaled !== "bigint") check.issues.push(scaleIssue(check.value, scaled, `at most ${scale} decimals`));
      else {
        rangeProblem(check, Number(check.value), definition);
        check.value = shortest(fromScaled(scaled, scale));
      }
    });
  return codec(accepts, {
    columns: ["bigint"],
    plain: false,
    encode: (value) => [toScaled(value as string, scale) as bigint],
    decode: (row, at = 0) => shortest(fromScaled(row[at] as bigint, scale)),
    copy: itself,
  });
}

function textSchema(maxLength: number, minLength = 0): z.ZodType {
  return z.string().check((check) => {
    if (!isAscii(check.value)) check.value = check.value.normalize("NFC");
    const problem = textProblem(check.value);
    if (problem) check.issues.push(issue(check.value, "invalid_text", problem));
    const length = textLength(check.value);
    if (length > maxLength) {
      check.issues.push(issue("", "text_too_long", `has ${length} characters; at most ${maxLength} are allowed`));
    } else if (length < minLength) check.issues.push(issue("", "empty_text", "must not be empty"));
  });
}

const uuidSchema = once(() =>
  z.string().check((check) => {
    if (!isUuid(check.value)) check.issues.push(issue(check.value, "invalid_id", "is not a UUID in lower case"));
  }),
);

const dateSchema = once(() =>
  z.string().check((check) => {
    if (!isDate(check.value))
      check.issues.push(issue(check.value, "invalid_date", "is not a day that exists, as YYYY-MM-DD"));
  }),
);

/** Instants before the year 0001 or after 9999 could not be written as a day. */
const FIRST_INSTANT = Date.parse("0001-01-01T00:00:00.000Z");
const LAST_INSTANT = Date.parse("9999-12-31T23:59:59.999Z");

const instantSchema = once(() =>
  z.custom<Date>().check((check) => {
    const value: unknown = check.value;
    if (!(value instanceof Date)) check.issues.push(issue(value, "invalid_type", "must be a Date"));
    else if (!(value.getTime() >= FIRST_INSTANT && value.getTime() <= LAST_INSTANT)) {
      check.issues.push(issue(value, "invalid_instant", "is not a point in time that exists"));
    }
  }),
);

function integerSchema(definition: FieldDefinition): z.ZodType {
  return z
    .custom<number>()
    .check((check) => {
      const value: unknown = check.value;
      if (typeof value !== "number") check.issues.push(issue(value, "invalid_type", "must be a number"));
      else if (!Number.isFinite(value)) check.issues.push(issue(value, "invalid_number", `must not be ${value}`));
      else if (!Number.isInteger(value)) check.issues.push(issue(value, "not_whole", "must be a whole number"));
      else if (!Number.isSafeInteger(value)) {
        check.issues.push(issue(value, "unsafe_integer", "is too large to be held exactly as a number"));
      } else rangeProblem(check, value, definition);
    })
    .overwrite((value) => (value === 0 ? 0 : value));
}

const moneySchema = once(() =>
  z.strictObject({ amount: z.string(), currency: z.string() }).check((check) => {
    const { amount, currency } = check.value;
    const digits = minorDigitsOf(currency);
    if (digits === undefined) {
      check.issues.push(issue(currency, "unknown_currency", `"${currency.slice(0, 20)}" is not an ISO 4217 currency`));
      return;
    }
    const scaled = toScaled(amount, digits);
    if (typeof scaled === "bigint") check.value = moneyOf(scaled, currency);
    else check.issues.push(scaleIssue(amount, scaled, `at most ${digits} decimals in ${currency}`));
  }),
);

function schemaOf({ schema = z.json }: FieldDefinition): z.ZodType {
  return typeof schema === "function" ? schema() : schema;
}

/** Deeper than what people write, and shallower than what a stack or a database's parser can bear. */
const JSON_LEVELS = 200;

function jsonSchema(schema: z.ZodType): z.ZodType {
  const shallow = z.custom<unknown>().check((check) => {
    if (isDeeper(check.value, JSON_LEVELS)) {
      check.issues.push(
        issue(undefined, "invalid_json", `is nested more than ${JSON_LEVELS} levels deep, or contains itself`),
      );
    }
  });
  return shallow.pipe(schema).pipe(
    z.custom<unknown>().check((check) => {
      let json: string;
      try {
        json = canonicalJson(check.value);
      } catch (error) {
        check.issues.push(issue(undefined, "invalid_json", `cannot be held as JSON: ${(error as Error).message}`));
        return;
      }
      if (json.length > 1_000_000)
        check.issues.push(issue(undefined, "text_too_long", "is longer than 1,000,000 characters as JSON"));
    }),
  );
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

/** Keys in order, so that equal values are equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(plain(value));
}

/** A copy with its keys in order. @throws TypeError for what JSON would drop or change. */
function plain(value: unknown): unknown {
  switch (typeof value) {
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) throw new TypeError(`${value} is no JSON number`);
      return value;
    case "string": {
      const problem = textProblem(value);
      if (problem) throw new TypeError(`a text ${problem}`);
      return value;
    }
    case "object": {
      if (value === null) return null;
      if (Array.isArray(value)) return Array.from(value, plain);
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null) throw new TypeError("an object of a class");
      const entries = Object.entries(value).filter(([, member]) => member !== undefined);
      entries.sort(([a], [b]) => (a < b ? -1 : 1));
      return Object.fromEntries(entries.map(([key, member]) => [plain(key), plain(member)]));
    }
    default:
      throw new TypeError(`a ${typeof value}`);
  }
}

interface Check<T> {
  readonly value: T;
  readonly issues: z.core.$ZodRawIssue[];
}

function rangeProblem<T>(check: Check<T>, value: number, { min, max }: FieldDefinition): void {
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    const range =
      min === undefined ? `at most ${max}` : max === undefined ? `at least ${min}` : `between ${min} and ${max}`;
    check.issues.push(issue(check.value, "out_of_range", `must be ${range}`));
  }
}

function scaleIssue(input: string, problem: ScaleProblem, decimals: string): z.core.$ZodRawIssue {
  switch (problem) {
    case "invalid_number":
      return issue(input, "invalid_number", 'must be a decimal in plain notation, such as "12500.00"');
    case "too_many_decimals":
      return issue(input, "too_many_decimals", `must have ${decimals}`);
    case "out_of_range":
      return issue(input, "out_of_range", "is too large");
    default:
      return problem satisfies never;
  }
}

function issue(input: unknown, code: string, message: string): z.core.$ZodRawIssue {
  return { code: "custom", input, message, params: { code } };
}

/** What a unit returns, as JSON: given back equal to whoever asks again. */
import { isPlainObject } from "../value/plain-object.ts";
import { textProblem } from "../value/text.ts";

/**
 * JSON has no `undefined`, `Date`, `bigint` and -0: these are lists that begin with what they are. So every list begins with what it is.
 */
type Stored = string | number | boolean | null | readonly Stored[] | { readonly [key: string]: Stored };

/** Deeper than what people write, and shallower than what a stack can bear. */
const MOST_LEVELS = 200;

/** Why a value cannot be stored, and where it stands: "" is the result itself. */
export class NotStorable extends Error {
  readonly path: string;

  constructor(path: string, why: string) {
    super(why);
    this.path = path;
  }
}

/** @throws `NotStorable` */
export function storeResult(result: unknown): string {
  return JSON.stringify(stored(result, "", MOST_LEVELS));
}

export function readResult(json: string): unknown {
  return read(JSON.parse(json) as Stored);
}

function stored(value: unknown, path: string, levels: number): Stored {
  if (levels === 0) throw new NotStorable(path.slice(0, 100), "is nested too deep, or contains itself");
  switch (typeof value) {
    case "boolean":
      return value;
    case "undefined":
      return ["undefined"];
    case "bigint":
      return ["bigint", String(value)];
    case "number":
      if (!Number.isFinite(value)) throw new NotStorable(path, `is ${value}`);
      return Object.is(value, -0) ? ["-0"] : value;
    case "string":
      return storableText(value, path);
  }
  if (value === null) return null;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new NotStorable(path, "is an invalid date");
    return ["date", value.getTime()];
  }
  if (Array.isArray(value)) {
    return ["list", ...Array.from(value, (item, i) => stored(item, `${path}[${i}]`, levels - 1))];
  }
  if (!isPlainObject(value)) throw new NotStorable(path, `is ${nameOf(value)}`);
  if (Object.getOwnPropertySymbols(value).length > 0) throw new NotStorable(path, "has symbols for keys");
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const at = path === "" ? key : `${path}.${key}`;
      return [storableText(key, at), stored(item, at, levels - 1)];
    }),
  );
}

function storableText(text: string, path: string): string {
  const problem = textProblem(text);
  if (problem !== undefined) throw new NotStorable(path, problem);
  return text;
}

function isList(value: object): value is readonly Stored[] {
  return Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (typeof value !== "object") return `a ${typeof value}`;
  return `an object of the class ${(value as object).constructor?.name || "without a name"}`;
}

function read(value: Stored): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!isList(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item)]));
  }
  const [tag, ...rest] = value;
  switch (tag) {
    case "list":
      return rest.map(read);
    case "date":
      return new Date(rest[0] as number);
    case "bigint":
      return BigInt(rest[0] as string);
    case "-0":
      return -0;
    default:
      return undefined;
  }
}

/** Reads a recurrence: a rule of RFC 5545 (3.3.10), and the days or times that are left out of it. */

export interface Recurrence {
  /** FREQ, INTERVAL, COUNT and the BY… parts, without UNTIL. */
  readonly rule: string;
  readonly count: number | undefined;
  readonly until: Limit | undefined;
  /** EXDATE. */
  readonly excluded: readonly Limit[];
}

/** A day, a time on the wall, or an instant. */
export type Limit =
  | { readonly kind: "day"; readonly day: string }
  | { readonly kind: "wall"; readonly wall: string }
  | { readonly kind: "instant"; readonly at: Date };

/** What is wrong with a text that is no recurrence, for a person. */
export class RecurrenceProblem extends Error {}

/**
 * `FREQ=WEEKLY;BYDAY=MO`, with or without "RRULE:" before it, and lines of its own for `EXDATE:20260608` or
 * `EXDATE:20260608T090000,20260615T070000Z`.
 *
 * @throws RecurrenceProblem for what is unknown, out of range, given twice, or does not go together
 */
export function parseRecurrence(text: string): Recurrence {
  const [first = "", ...others] = text.trim().split(/\r?\n/);
  const parts = partsOf(first.replace(/^RRULE:/, ""));
  const until = parts.get("UNTIL");
  parts.delete("UNTIL");
  const count = parts.get("COUNT");
  return {
    rule: [...parts].map(([name, value]) => `${name}=${value}`).join(";"),
    count: count === undefined ? undefined : Number(count),
    until: until === undefined ? undefined : limitOf(until),
    excluded: others.flatMap(excludedBy),
  };
}

const WEEKDAY = "(MO|TU|WE|TH|FR|SA|SU)";
const list = (one: string) => new RegExp(`^${one}(,${one})*$`);
const upTo = (most: number, least: number) => (value: string) =>
  value.split(",").every((each) => {
    const size = Math.abs(Number(each));
    return size >= least && size <= most;
  });
const NUMBERS = /^\d{1,4}(,\d{1,4})*$/;
const SIGNED = /^[+-]?\d{1,3}(,[+-]?\d{1,3})*$/;

interface PartRule {
  readonly form: RegExp;
  readonly holds?: (value: string) => boolean;
  readonly expected: string;
}

const number = (least: number, most: number): PartRule => ({
  form: /^\d{1,5}$/,
  holds: upTo(most, least),
  expected: `a whole number from ${least} to ${most}`,
});
const numbers = (least: number, most: number): PartRule => ({
  form: NUMBERS,
  holds: upTo(most, least),
  expected: `numbers from ${least} to ${most}`,
});
const signed = (most: number): PartRule => ({
  form: SIGNED,
  holds: upTo(most, 1),
  expected: `numbers from 1 to ${most}, or from -${most} to -1`,
});

/** In the order in which a rule is written. */
const PARTS: { readonly [name: string]: PartRule } = {
  FREQ: { form: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/, expected: "DAILY, WEEKLY, MONTHLY or YEARLY" },
  INTERVAL: number(1, 1_000),
  COUNT: number(1, 10_000),
  UNTIL: {
    form: /^\d{8}(T\d{6}Z?)?$/,
    expected: "a day as YYYYMMDD, or a time as YYYYMMDDTHHMMSS or with a Z for UTC",
  },
  BYMONTH: numbers(1, 12),
  BYWEEKNO: signed(53),
  BYYEARDAY: signed(366),
  BYMONTHDAY: signed(31),
  BYDAY: { form: list(`([+-]?[1-9]\\d?)?${WEEKDAY}`), expected: "weekdays such as MO,WE or -1FR" },
  BYHOUR: numbers(0, 23),
  BYMINUTE: numbers(0, 59),
  BYSECOND: numbers(0, 59),
  BYSETPOS: signed(366),
  WKST: { form: new RegExp(`^${WEEKDAY}$`), expected: "a weekday" },
};

function partsOf(rule: string): Map<string, string> {
  const given = new Map<string, string>();
  for (const part of rule.split(";")) {
    const [name = "", value = "", ...rest] = part.toUpperCase().split("=");
    const known = Object.hasOwn(PARTS, name) ? PARTS[name]! : undefined;
    if (!known || rest.length > 0)
      throw new RecurrenceProblem(`has "${part}": its parts are ${Object.keys(PARTS).join(", ")}`);
    if (given.has(name)) throw new RecurrenceProblem(`has ${name} twice`);
    if (!known.form.test(value) || known.holds?.(value) === false)
      throw new RecurrenceProblem(`has ${name}=${value}: it must be ${known.expected}`);
    given.set(name, value);
  }
  refuseContradictions(given);
  return new Map(Object.keys(PARTS).flatMap((name) => (given.has(name) ? [[name, given.get(name)!]] : [])));
}

function refuseContradictions(given: ReadonlyMap<string, string>): void {
  const frequency = given.get("FREQ");
  if (frequency === undefined) throw new RecurrenceProblem("needs a FREQ: DAILY, WEEKLY, MONTHLY or YEARLY");
  if (given.has("COUNT") && given.has("UNTIL"))
    throw new RecurrenceProblem("has both COUNT and UNTIL: it ends by one of them");
  if (given.has("BYWEEKNO") && frequency !== "YEARLY") throw new RecurrenceProblem("has BYWEEKNO, which is for YEARLY");
  if (given.has("BYYEARDAY") && frequency !== "YEARLY")
    throw new RecurrenceProblem("has BYYEARDAY, which is for YEARLY");
  if (given.has("BYMONTHDAY") && frequency === "WEEKLY")
    throw new RecurrenceProblem("has BYMONTHDAY, which is not for WEEKLY");
  const ordinal = /\d/.test(given.get("BYDAY") ?? "");
  if (ordinal && frequency !== "MONTHLY" && frequency !== "YEARLY")
    throw new RecurrenceProblem("has a number in BYDAY, which is for MONTHLY and YEARLY");
  const others = [...given.keys()].filter((name) => name.startsWith("BY") && name !== "BYSETPOS");
  if (given.has("BYSETPOS") && others.length === 0)
    throw new RecurrenceProblem("has BYSETPOS without another BY… part that it could choose from");
}

function excludedBy(line: string): Limit[] {
  const match = /^EXDATE(;VALUE=DATE)?:(.*)$/i.exec(line.trim());
  if (!match) throw new RecurrenceProblem(`has a line "${line}": after the rule only EXDATE may follow`);
  return match[2]!.split(",").map((value) => limitOf(value.toUpperCase()));
}

/** @throws RecurrenceProblem for a day or a time that does not exist */
function limitOf(value: string): Limit {
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/.exec(value);
  const [, year, month, date, hour, minute, second, utc] = match ?? [];
  const day = `${year}-${month}-${date}`;
  const wall = `${day}T${hour ?? "00"}:${minute ?? "00"}:${second ?? "00"}`;
  const at = new Date(`${wall}Z`);
  if (!match || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 19) !== wall)
    throw new RecurrenceProblem(`has "${value}", which is no day and no time that exists`);
  if (hour === undefined) return { kind: "day", day };
  return utc === "Z" ? { kind: "instant", at } : { kind: "wall", wall };
}

/** Checks the measures of a roll-up against the fields of their entity. */
import {
  type EntityDescription,
  type FieldDescription,
  type InputIssue,
  invalidInput,
  isDate,
  minorDigitsOf,
} from "@relata/core/plugin";
import type { Asked } from "./figure.ts";

type Kind = FieldDescription["kind"];

const SUMMED: ReadonlySet<Kind> = new Set<Kind>(["integer", "decimal", "money"]);
const ORDERED: ReadonlySet<Kind> = new Set<Kind>([...SUMMED, "date", "instant", "text", "foldedText"]);
const LATEST_BY: ReadonlySet<Kind> = new Set<Kind>(["date", "instant", "integer", "decimal"]);
const NO_VALUE: ReadonlySet<Kind> = new Set<Kind>(["money", "json"]);

/** What there is besides, and why not here. */
const NOT_ADDED: Readonly<Record<string, string>> = {
  avg: "is a mean, and means do not add up: ask for sum(…) and count()",
  countDistinct: "counts different values, and such counts do not add up: ask for count()",
};

/** @throws `invalid_input`, naming every measure that is not possible. */
export function askMeasures(query: string, entity: EntityDescription, given: unknown): readonly Asked[] {
  const named = isObject(given) ? Object.entries(given) : [];
  if (named.length === 0)
    throw invalidInput(query, [
      { field: "measures", code: "missing_field", message: "must name at least one measure" },
    ]);
  const issues: InputIssue[] = [];
  const asked = named.flatMap(([name, measure]): Asked[] => {
    const result = askMeasure(entity, name, measure);
    if (typeof result !== "string") return [result];
    issues.push({ field: `measures.${name}`, code: "not_allowed", message: result });
    return [];
  });
  if (issues.length > 0) throw invalidInput(query, issues);
  return asked;
}

/** The measure, or why it is none. */
function askMeasure(entity: EntityDescription, name: string, given: unknown): Asked | string {
  const { fn, field: fieldName, percent, in: to, on, by } = isObject(given) ? given : ({} as Record<string, unknown>);
  const fieldOf = (wanted: unknown) => entity.fields.find((field) => field.name === wanted);
  if (fn === "count") return { name, fn, field: fieldOf("id")! };
  if (fn !== "sum" && fn !== "min" && fn !== "max" && fn !== "latest")
    return NOT_ADDED[String(fn)] ?? "must be count(), sum(…), min(…), max(…) or latest(…)";
  const field = fieldOf(fieldName);
  if (!field) return `is of "${String(fieldName)}", which is no field of ${entity.name}`;
  const wrong = (problem: string) => `is of "${field.name}", which ${problem}`;
  switch (fn) {
    case "sum": {
      if (!SUMMED.has(field.kind)) return wrong("is neither a number nor money, and has no sum");
      const problem = percentProblem(fieldOf, percent) ?? conversionProblem(field, { fieldOf, to, on });
      const options = { percent, in: to, on } as Pick<Asked, "percent" | "in" | "on">;
      return problem ?? { name, fn, field, ...options };
    }
    case "latest": {
      const latestBy = fieldOf(by);
      if (NO_VALUE.has(field.kind)) return wrong(`is no single value: ask for latest("id", …), and read the record`);
      if (!latestBy || !LATEST_BY.has(latestBy.kind))
        return `is the latest by "${String(by)}", which is no day, instant or number of ${entity.name}`;
      return { name, fn, field, by: latestBy };
    }
    default:
      return ORDERED.has(field.kind) ? { name, fn, field } : wrong("has no order");
  }
}

type FieldOf = (name: unknown) => FieldDescription | undefined;

function percentProblem(fieldOf: FieldOf, percent: unknown): string | undefined {
  const kind = fieldOf(percent)?.kind;
  if (percent === undefined || kind === "integer" || kind === "decimal") return undefined;
  return `is multiplied by "${String(percent)}", which is no number of per cent`;
}

interface ConversionAsked {
  readonly fieldOf: FieldOf;
  readonly to: unknown;
  readonly on: unknown;
}

function conversionProblem(field: FieldDescription, { fieldOf, to, on }: ConversionAsked): string | undefined {
  if (to === undefined && on === undefined) return undefined;
  if (field.kind !== "money") return `is of "${field.name}", which is not money, and has no currency to convert from`;
  if (typeof to !== "string" || minorDigitsOf(to) === undefined)
    return `is in "${String(to)}", which is not an ISO 4217 currency`;
  if ((typeof on === "string" && isDate(on)) || fieldOf(on)?.kind === "date") return undefined;
  return `is converted on "${String(on)}": name a date field, or a day such as "2026-12-31"`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

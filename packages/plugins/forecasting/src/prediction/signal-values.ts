/** Signals of the deals of a CRM: fields of opportunities, as they were recorded at each day that is looked at. */
import { dayNumberOf, invalidInput, isDate } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";
import { type Deal, openStay } from "./deal-history.ts";
import { residualDays } from "./residuals.ts";
import type { Signal } from "./signals.ts";
import type { TenantDays } from "./tenant-days.ts";

/** What may carry a signal, unless said. */
export const defaultSignals = ["ownerId", "accountId", "source", "expectedCloseDate"] as const;

/** So many open deals are looked at for each month: evenly spaced, which is enough to tell what carries. */
const mostInMonth = 2_000;
const idsAtOnce = 1_000;

const kinds: ReadonlySet<string> = new Set(["text", "integer", "boolean", "date", "oneOf", "foldedText", "reference"]);

/** @throws `invalid_input` for what is no field of opportunities that people write, or has no single plain value */
export function checkSignals(context: ForecastingContext, query: string, names: readonly string[]): void {
  const { fields } = context.entities().find(({ name }) => name === "opportunity")!;
  const fit = fields.filter(({ kind, written }) => kinds.has(kind) && written === "anyone").map(({ name }) => name);
  const issues = names.flatMap((name, index) => {
    if (fit.includes(name)) return [];
    const message = `is "${name}", which is none of the fields that may carry a signal: ${fit.join(", ")}`;
    return [{ field: `signals.${index}`, code: "not_allowed" as const, message }];
  });
  if (issues.length > 0) throw invalidInput(query, issues);
}

/** What a field's value counts as. A day counts by how far ahead it is. */
export function signalValue(value: unknown, today: number): string | undefined {
  if (value === null || value === undefined || typeof value === "object") return undefined;
  const text = String(value);
  return isDate(text) ? aheadBy(dayNumberOf(text) - today) : text;
}

function aheadBy(days: number): string {
  if (days < 0) return "overdue";
  if (days <= 30) return "within 30 days";
  return days <= 90 ? "within 90 days" : "later";
}

export interface SignalsInput {
  readonly at: ForecastingContext;
  readonly days: TenantDays;
  readonly deals: readonly Deal[];
  readonly riskFrom: number;
  readonly origin: number;
  readonly names: readonly string[];
}

/**
 * Signals whose values at earlier days are those recorded then, not what was filled in since: a few queries for each of the months
 * before the origin that are looked at.
 */
export async function readSignals(input: SignalsInput): Promise<readonly Signal[]> {
  const { origin, riskFrom, names } = input;
  if (names.length === 0) return [];
  const earlier = new Map<number, ReadonlyMap<string, readonly (string | undefined)[]>>();
  for (const day of residualDays(origin, riskFrom)) earlier.set(day, await valuesAt(input, day));
  return names.map((name, index) => ({
    name,
    valueOf: (deal, at) => (at === origin ? deal.signals?.[index] : earlier.get(at)?.get(deal.id)?.[index]),
  }));
}

async function valuesAt({ at, days, deals, names }: SignalsInput, day: number) {
  const open = deals.filter((deal) => openStay(deal, day) !== undefined);
  const step = Math.max(1, open.length / mostInMonth);
  const ids: string[] = [];
  for (let place = 0; place < open.length; place += step) ids.push(open[Math.floor(place)]!.id);
  const then = at.asOf(days.endOf(day));
  const values = new Map<string, readonly (string | undefined)[]>();
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const where = { id: { in: ids.slice(start, start + idsAtOnce) } };
    const select = names as readonly "ownerId"[];
    for await (const record of then.opportunities.iterate({ where, select, archived: "include" })) {
      const fields = record as Readonly<Record<string, unknown>>;
      values.set(
        record.id,
        names.map((name) => signalValue(fields[name], day)),
      );
    }
  }
  return values;
}

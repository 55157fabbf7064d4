/** Puts the values of the moment into a query that was kept as data. */
import { CrmError } from "../../errors.ts";
import { addDays } from "../../kernel/value/calendar.ts";

export interface Moment {
  readonly actorId: string | null;
  readonly today: string;
}

/**
 * The query with each `{ "$me": true }`, `{ "$today": days }` and `{ "$instant": "…" }` replaced, at any depth. Where nobody acts, `$me` is
 * nobody: the nil UUID, which is no id of anyone.
 *
 * @throws `invalid_query` for another name that begins with `$`, and for a value that is none.
 */
export function resolveQuery(query: Readonly<Record<string, unknown>>, moment: Moment): Record<string, unknown> {
  return resolved(query, moment) as Record<string, unknown>;
}

const NOBODY = "00000000-0000-0000-0000-000000000000";

function resolved(value: unknown, moment: Moment): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(each, moment));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const dynamic = entries.find(([name]) => name.startsWith("$"));
  if (!dynamic) return Object.fromEntries(entries.map(([name, each]) => [name, resolved(each, moment)]));
  if (entries.length > 1) throw unknown(dynamic[0], "stands alone in its object");
  return valueFor(dynamic, moment);
}

function valueFor([name, given]: readonly [string, unknown], { actorId, today }: Moment): unknown {
  switch (name) {
    case "$me":
      if (given !== true) throw unknown(name, 'is written { "$me": true }');
      return actorId ?? NOBODY;
    case "$today":
      if (!Number.isInteger(given) || Math.abs(given as number) > 100_000)
        throw unknown(name, "takes a whole number of days");
      return addDays(today, given as number);
    case "$instant": {
      const instant = new Date(typeof given === "string" ? given : Number.NaN);
      if (Number.isNaN(instant.getTime())) throw unknown(name, "takes a point in time, as 2026-01-31T09:00:00Z");
      return instant;
    }
    default:
      throw unknown(name, "is none of $me, $today and $instant");
  }
}

function unknown(name: string, message: string): CrmError {
  return new CrmError("invalid_query", `"${name}" ${message}.`, { details: { field: name } });
}

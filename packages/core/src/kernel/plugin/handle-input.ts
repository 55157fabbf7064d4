/** What callers give to `as`, `at` and `asOf`, checked. */
import type { CrmError } from "../../errors.ts";
import { invalidInput } from "../entity/input-issues.ts";
import type { Binding } from "../kernel.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { textProblem } from "../value/text.ts";

/** What differs in the binding. One that was misspelt would act for somebody else. @throws `invalid_input`. */
export function boundTo(who: unknown): Partial<Binding> {
  if (!isPlainObject(who)) throw refused("", "invalid_type", "must be an object with tenantId, actorId or both");
  const given = Object.entries(who).filter(([, value]) => value !== undefined);
  const bound: Partial<Binding> = Object.fromEntries(given.map(([name, value]) => [name, identifier(name, value)]));
  return bound.tenantId === undefined ? bound : { ...bound, tenantBound: true };
}

function identifier(name: string, value: unknown): string {
  if (name !== "tenantId" && name !== "actorId")
    throw refused(name, "unknown_field", "is neither tenantId nor actorId");
  if (typeof value === "string" && value.length > 0 && value.length <= 200 && textProblem(value) === undefined)
    return value;
  throw refused(name, "invalid_id", "must be a text of 1 to 200 characters");
}

/** Milliseconds since 1970. */
export function pastInstant(name: "at" | "asOf", instant: unknown, now: number): number {
  const ms = instant instanceof Date ? instant.getTime() : Number.NaN;
  if (Number.isNaN(ms)) throw refused(name, "invalid_instant", "must be a Date");
  if (ms > now) throw refused(name, "out_of_range", `is in the future: ${new Date(ms).toISOString()}`);
  return ms;
}

export function refused(field: string, code: string, message: string): CrmError {
  return invalidInput("handle", [{ field, code, message }]);
}

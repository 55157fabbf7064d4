/** Writes through a handle that reads the past. */
import { CrmError } from "../../errors.ts";

export function pastIsReadOnly(call: string, asOf: number): CrmError {
  return new CrmError(
    "past_is_read_only",
    `${call} would write, and this handle reads the past (as of ${new Date(asOf).toISOString()}). Write with the handle that it was made from; to date a write in the past, use at().`,
    { details: { call, asOf: new Date(asOf) } },
  );
}

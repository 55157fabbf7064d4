/** The refusals of schemas that cannot be, or that two plugins cannot share. */
import { CrmError } from "../../errors.ts";

export function invalid(message: string): CrmError {
  return new CrmError("schema_invalid", message);
}

export function conflict(message: string, first: string, second: string): CrmError {
  return new CrmError("plugin_conflict", message, { details: { plugins: [first, second] } });
}

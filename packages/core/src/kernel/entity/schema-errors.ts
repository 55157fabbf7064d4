/** The refusals of declarations that cannot be, or that two plugins cannot share. */
import { CrmError } from "../../errors.ts";

export function schemaInvalid(message: string): CrmError {
  return new CrmError("schema_invalid", message);
}

export function pluginConflict(message: string, plugins: readonly string[]): CrmError {
  return new CrmError("plugin_conflict", message, { details: { plugins } });
}

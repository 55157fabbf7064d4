/** The refusal of a plugin that is not what a plugin must be. */
import { CrmError } from "../../errors.ts";

export function pluginInvalid(message: string, details: object, cause?: unknown): CrmError {
  return new CrmError("plugin_invalid", message, { details: { ...details }, cause });
}

export function pluginConflict(message: string, plugins: readonly string[]): CrmError {
  return new CrmError("plugin_conflict", message, { details: { plugins } });
}

/** `Plugin "tagging"`, with its version where it has one. */
export function named({ id, version }: { readonly id: string; readonly version?: string }): string {
  return version === undefined ? `"${id}"` : `"${id}" (${version})`;
}

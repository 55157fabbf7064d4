/** The refusal of a plugin that is not what a plugin must be. */
import { CrmError } from "../../errors.ts";

export function pluginInvalid(message: string, details: object, cause?: unknown): CrmError {
  return new CrmError("plugin_invalid", message, { details: { ...details }, cause });
}

/** `"tagging" (1.2.0)`, or without a version where it has none. */
export function named({ id, version }: { readonly id: string; readonly version?: string }): string {
  return version === undefined ? `"${id}"` : `"${id}" (${version})`;
}

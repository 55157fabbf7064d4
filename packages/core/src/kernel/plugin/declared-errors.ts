/** The errors that plugins declare: their codes, who declares them, and how one is made. */
import { CrmError, type CrmErrorCode, type CrmErrorDetails } from "../../errors.ts";
import type { PluginDefinition } from "./define-plugin.ts";
import { pluginConflict, pluginInvalid } from "./plugin-invalid.ts";

/** Every code of core, so that none is declared again: the type keeps the list complete. */
const CORE_CODES: { readonly [C in CrmErrorCode]: true } = {
  invalid_input: true,
  invalid_query: true,
  invalid_cursor: true,
  not_found: true,
  read_only_entity: true,
  reference_not_found: true,
  not_unique: true,
  stale_version: true,
  guard_failed: true,
  value_refused: true,
  still_referenced: true,
  move_not_allowed: true,
  backdated_before_change: true,
  hierarchy_cycle: true,
  outer_handle: true,
  unit_closed: true,
  unit_failed: true,
  unit_wait_timeout: true,
  schema_invalid: true,
  schema_mismatch: true,
  hook_invalid: true,
  plugin_conflict: true,
  plugin_invalid: true,
  plugin_missing: true,
  dispose_failed: true,
  storage_unavailable: true,
  storage_corrupt: true,
  storage_busy: true,
  storage_full: true,
  storage_failed: true,
  sum_overflow: true,
};

/** @throws `plugin_conflict` where two plugins, or core and a plugin, declare the same code. */
export function refuseTakenCodes(definitions: readonly PluginDefinition[]): void {
  const owners = new Map(Object.keys(CORE_CODES).map((code) => [code, "core"]));
  for (const { id, errors = {} } of definitions) {
    for (const code of Object.keys(errors)) {
      const other = owners.get(code);
      if (other !== undefined)
        throw pluginConflict(`Plugins "${other}" and "${id}" both declare the error ${code}.`, [other, id]);
      owners.set(code, id);
    }
  }
}

/** @throws `plugin_invalid` for a code that the plugin does not declare. */
export function declaredError(
  { id, errors = {} }: Pick<PluginDefinition, "id" | "errors">,
  code: string,
  details: CrmErrorDetails = {},
): CrmError {
  if (!Object.hasOwn(errors, code)) {
    const codes = Object.keys(errors).join(", ") || "none";
    throw pluginInvalid(`Plugin "${id}" does not declare the error ${code}: it declares ${codes}.`, {
      plugin: id,
      code,
    });
  }
  const message = errors[code]!.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(details, name) ? String(details[name]) : placeholder,
  );
  return new CrmError(code, message, { details: { ...details, plugin: id } });
}

/** The errors that plugins declare: their codes, who declares them, and how one is made. */

import { CrmError, type CrmErrorDetails, coreCodes } from "../../errors.ts";
import { pluginConflict } from "../entity/schema-errors.ts";
import { wordsOf } from "../thrown.ts";
import type { PluginDefinition } from "./plugin.ts";
import { pluginInvalid } from "./plugin-invalid.ts";

/** @throws `plugin_conflict` where two plugins, or core and a plugin, declare the same code. */
export function refuseTakenCodes(definitions: readonly PluginDefinition[]): void {
  const owners = new Map<string, string>(coreCodes.map((code) => [code, "core"]));
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
    Object.hasOwn(details, name) ? wordsOf(details[name]) : placeholder,
  );
  return new CrmError(code, message, { details: { ...details, plugin: id } });
}

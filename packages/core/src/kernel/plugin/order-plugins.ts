/** In which order plugins stand: what a plugin requires, and what it names as optional, comes before it; else the order given. */
import { CrmError } from "../../errors.ts";
import { pluginConflict } from "../entity/schema-errors.ts";
import type { AnyPlugin } from "./plugin.ts";
import { named } from "./plugin-invalid.ts";

/** @throws `plugin_missing`, `plugin_conflict`. */
export function orderPlugins(given: readonly AnyPlugin[]): AnyPlugin[] {
  const byId = new Map<string, AnyPlugin>();
  for (const plugin of given) {
    const other = byId.get(plugin.id);
    if (other) throw twice(other, plugin);
    byId.set(plugin.id, plugin);
  }
  const ordered = new Set<AnyPlugin>();
  const visit = (plugin: AnyPlugin, path: readonly string[]) => {
    if (ordered.has(plugin)) return;
    if (path.includes(plugin.id)) {
      const circle = path.slice(path.indexOf(plugin.id));
      throw pluginConflict(`Plugins require each other in a circle: ${[...circle, plugin.id].join(" → ")}.`, circle);
    }
    for (const required of plugin.requires) {
      const installed = byId.get(required.id);
      if (!installed) throw missing(plugin, required);
      visit(installed, [...path, plugin.id]);
    }
    for (const { id } of plugin.definition.optional ?? []) {
      const installed = byId.get(id);
      if (installed) visit(installed, [...path, plugin.id]);
    }
    ordered.add(plugin);
  };
  for (const plugin of given) visit(plugin, []);
  return [...ordered];
}

function twice(first: AnyPlugin, second: AnyPlugin): CrmError {
  const versions = [first, second].flatMap(({ definition }) => definition.version ?? []);
  const which = versions.length > 0 ? `: versions ${versions.join(" and ")}` : "";
  const message =
    first === second
      ? `Plugin "${first.id}" is given twice: give it once.`
      : `Two plugins have the id "${first.id}"${which}.`;
  return pluginConflict(message, [first.id, second.id]);
}

function missing(plugin: AnyPlugin, required: AnyPlugin): CrmError {
  const { version } = required.definition ?? {};
  return new CrmError(
    "plugin_missing",
    `Plugin ${named(plugin.definition)} requires ${named({ ...required.definition, id: required.id })}: install it too.`,
    { details: { plugin: plugin.id, requires: required.id, ...(version === undefined ? {} : { version }) } },
  );
}

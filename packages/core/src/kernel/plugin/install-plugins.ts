/** Puts plugins in order, checks that they fit together, and collects what they bring. */
import type { ResolvedSchema } from "../entity/entity-schema.ts";
import { type Contribution, resolveSchema } from "../entity/resolve-schema.ts";
import { pluginConflict, schemaInvalid } from "../entity/schema-errors.ts";
import { collectEvents, type EventCatalog } from "../event/event-catalog.ts";
import type { Shipped } from "../migration/ledger.ts";
import { checkPlugins } from "./check-plugins.ts";
import { refuseTakenCodes } from "./declared-errors.ts";
import { type HookPhase, type HooksOf, hookPhases, type InstalledHook, type InstalledHooks } from "./hook.ts";
import { type InstalledPlugin, withApis } from "./installed-plugin.ts";
import { orderPlugins } from "./order-plugins.ts";
import type { PluginDefinition } from "./plugin.ts";
import { collectProviders, type Providers } from "./providers.ts";
import { isReserved } from "./reserved-names.ts";

export interface Installation {
  readonly plugins: readonly InstalledPlugin[];
  readonly schema: ResolvedSchema;
  readonly hooks: ReadonlyMap<string, InstalledHooks>;
  readonly events: EventCatalog;
  readonly providers: Providers;
  /** In the order of the plugins. */
  readonly migrations: readonly Shipped[];
}

const MIGRATION_ID = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,79}$/;

/** @throws `plugin_conflict`, `plugin_missing`, `plugin_invalid`, `schema_invalid`, naming the plugins. */
export function installPlugins(given: unknown): Installation {
  checkPlugins(given);
  const ordered = orderPlugins(given).map((plugin) => plugin.definition);
  const contributions = ordered.map(
    ({ id, entities = [], extend = {}, indexes = {} }): Contribution => ({ plugin: id, entities, extend, indexes }),
  );
  const schema = resolveSchema(contributions);
  refuseTakenNames(ordered, schema);
  refuseTakenCodes(ordered);
  checkTimelines(ordered, schema);
  return {
    plugins: withApis(ordered, schema),
    schema,
    hooks: collectHooks(ordered, schema),
    events: collectEvents(ordered, schema),
    providers: collectProviders(ordered),
    migrations: collectMigrations(ordered),
  };
}

function refuseTakenNames(definitions: readonly PluginDefinition[], schema: ResolvedSchema): void {
  const byPlural = new Map([...schema.entities.values()].map((entity) => [entity.plural, entity]));
  for (const { plural, plugin } of byPlural.values()) {
    if (isReserved(plural)) {
      throw pluginConflict(
        `"${plural}" is a name of every handle, and cannot be the plural of an entity of plugin "${plugin}".`,
        [plugin],
      );
    }
  }
  for (const { id, services } of definitions) {
    if (!services) continue;
    if (isReserved(id))
      throw pluginConflict(`"${id}" is a name of every handle, and cannot be the id of a plugin with services.`, [id]);
    const entity = byPlural.get(id);
    if (entity && entity.plugin !== id) {
      throw pluginConflict(
        `Plugin "${id}" has services under crm.${id}, the name of the entity "${entity.name}" of plugin "${entity.plugin}".`,
        [entity.plugin, id],
      );
    }
  }
}

/** A kind of entry has one source, and what hangs below others are records of entities that are there. */
function checkTimelines(definitions: readonly PluginDefinition[], schema: ResolvedSchema): void {
  const owners = new Map<string, string>();
  for (const { id, timeline: { entries = {}, below = {} } = {} } of definitions) {
    for (const kind of Object.keys(entries)) {
      const other = owners.get(kind);
      if (other !== undefined)
        throw pluginConflict(`Plugins "${other}" and "${id}" both add entries "${kind}" to timelines.`, [other, id]);
      owners.set(kind, id);
    }
    for (const entity of Object.keys(below)) {
      if (!schema.entities.has(entity))
        throw schemaInvalid(`Plugin "${id}" has records below "${entity}", but there is no such entity.`);
    }
  }
}

function collectHooks(
  definitions: readonly PluginDefinition[],
  schema: ResolvedSchema,
): ReadonlyMap<string, InstalledHooks> {
  const hooks = new Map<string, Record<HookPhase, InstalledHook[]>>();
  for (const { id: plugin, hooks: own = {} } of definitions) {
    for (const [entity, given] of Object.entries(own)) {
      if (!schema.entities.has(entity))
        throw schemaInvalid(`Plugin "${plugin}" has hooks for "${entity}", but there is no such entity.`);
      const installed = hooks.get(entity) ?? noHooks();
      hooks.set(entity, installed);
      const all: readonly HooksOf[] = [given].flat();
      for (const phase of hookPhases) {
        const runs = all.flatMap((hook) => {
          return hook[phase]
            ? [(context: never, batch: readonly object[]) => hook[phase]!(context, batch as never)]
            : [];
        });
        if (runs.length > 0)
          installed[phase].push({ entity, phase, plugin, link: `${entity}.${phase} (${plugin})`, runs });
      }
    }
  }
  return hooks;
}

function noHooks(): Record<HookPhase, InstalledHook[]> {
  return { before: [], beforeDelete: [], merging: [], unmerging: [], after: [], committed: [] };
}

function collectMigrations(definitions: readonly PluginDefinition[]): Shipped[] {
  return definitions.flatMap(({ id: plugin, migrations = [] }) => {
    const ids = new Set<string>();
    return migrations.map((migration) => {
      const { id } = migration;
      if (!MIGRATION_ID.test(id))
        throw schemaInvalid(
          `"${id}" of plugin "${plugin}" is no id for a migration: use letters, digits, dots, hyphens and underscores, at most 80.`,
        );
      if (ids.has(id)) throw pluginConflict(`Plugin "${plugin}" has two migrations with the id "${id}".`, [plugin]);
      ids.add(id);
      return { plugin, migration };
    });
  });
}

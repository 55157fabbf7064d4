/** Puts plugins in order, checks that they fit together, and collects what they bring. */
import { CrmError } from "../../errors.ts";
import type { ResolvedSchema } from "../entity/entity-schema.ts";
import { type Contribution, resolveSchema } from "../entity/resolve-schema.ts";
import { repositoryMethods } from "../repository/create-repository.ts";
import type { AnyPlugin, InstalledHook, PluginDefinition } from "./define-plugin.ts";

type Apis = Record<string, Record<string, unknown>>;

export interface InstalledPlugin {
  readonly id: string;
  /** The entities that have operations of this plugin. */
  readonly operatesOn: ReadonlySet<string>;
  operations(context: never): Apis;
  readonly services: ((context: never) => object) | undefined;
}

export interface Installation {
  readonly plugins: readonly InstalledPlugin[];
  readonly schema: ResolvedSchema;
  readonly hooks: ReadonlyMap<string, readonly InstalledHook[]>;
}

const PLUGIN_ID = /^[a-z][a-zA-Z0-9]{0,39}$/;

/** Members of every handle, and what JavaScript itself looks for on objects. */
const RESERVED = new Set([
  "transaction",
  "as",
  "at",
  "asOf",
  "using",
  "native",
  "committed",
  "rolledBack",
  "close",
  "settled",
  "now",
  "actorId",
  "exists",
  "then",
  "constructor",
  "toJSON",
]);

/** @throws `plugin_conflict`, `plugin_missing`, `schema_invalid`, naming the plugins. */
export function installPlugins(given: readonly AnyPlugin[]): Installation {
  const ordered = inOrder(given).map((plugin) => plugin.definition);
  const contributions = ordered.map(
    ({ id, entities = [], extend = {} }): Contribution => ({ plugin: id, entities, extend }),
  );
  const schema = resolveSchema(contributions);
  refuseTakenNames(ordered, schema);
  return { plugins: withOperations(ordered, schema), schema, hooks: collectHooks(ordered, schema) };
}

/** What a plugin requires comes before it; otherwise the order given stays. */
function inOrder(given: readonly AnyPlugin[]): AnyPlugin[] {
  const byId = new Map<string, AnyPlugin>();
  for (const plugin of given) {
    if (!PLUGIN_ID.test(plugin.id))
      throw new CrmError("schema_invalid", `"${plugin.id}" is no id for a plugin: use camel case.`);
    if (byId.has(plugin.id)) throw conflict(`Two plugins have the id "${plugin.id}".`, [plugin.id, plugin.id]);
    byId.set(plugin.id, plugin);
  }
  const ordered = new Set<AnyPlugin>();
  const visit = (plugin: AnyPlugin, path: readonly string[]) => {
    if (ordered.has(plugin)) return;
    if (path.includes(plugin.id))
      throw conflict(`Plugins require each other in a circle: ${[...path, plugin.id].join(" → ")}.`, path);
    for (const { id } of plugin.requires) {
      const required = byId.get(id);
      if (!required) {
        throw new CrmError("plugin_missing", `Plugin "${plugin.id}" requires "${id}": install it too.`, {
          details: { plugin: plugin.id, requires: id },
        });
      }
      visit(required, [...path, plugin.id]);
    }
    ordered.add(plugin);
  };
  for (const plugin of given) visit(plugin, []);
  return [...ordered];
}

function refuseTakenNames(definitions: readonly PluginDefinition[], schema: ResolvedSchema): void {
  const plurals = new Map([...schema.entities.values()].map((entity) => [entity.plural, entity.name]));
  for (const plural of plurals.keys()) {
    if (RESERVED.has(plural))
      throw conflict(`"${plural}" is a name of every handle, and cannot be the plural of an entity.`, []);
  }
  for (const { id, services } of definitions) {
    if (!services) continue;
    if (RESERVED.has(id))
      throw conflict(`"${id}" is a name of every handle, and cannot be the id of a plugin with services.`, [id]);
    if (plurals.has(id))
      throw conflict(`Plugin "${id}" has services under the name of the entity "${plurals.get(id)}".`, [id]);
  }
}

/** Operations are made once without a database, to know their names and to refuse those that are taken. */
function withOperations(definitions: readonly PluginDefinition[], schema: ResolvedSchema): InstalledPlugin[] {
  const owners = new Map<string, string>();
  return definitions.map(({ id, operations, services }) => {
    const make = (context: never): Apis => (operations?.(context) ?? {}) as Apis;
    const apis = make(unusable(id) as never);
    for (const [entity, api] of Object.entries(apis)) {
      if (!schema.entities.has(entity))
        throw new CrmError(
          "schema_invalid",
          `Plugin "${id}" has operations for "${entity}", but there is no such entity.`,
        );
      for (const name of Object.keys(api)) {
        const key = `${entity}.${name}`;
        if (repositoryMethods.has(name))
          throw conflict(`Plugin "${id}" names an operation ${key}, which every repository has.`, [id]);
        const other = owners.get(key);
        if (other !== undefined)
          throw conflict(`Plugins "${other}" and "${id}" both add the operation ${key}.`, [other, id]);
        owners.set(key, id);
      }
    }
    return { id, operatesOn: new Set(Object.keys(apis)), operations: make, services };
  });
}

/** A context whose use, before there is a database, says so. */
function unusable(plugin: string): object {
  return new Proxy(
    {},
    {
      get() {
        throw new CrmError(
          "schema_invalid",
          `Plugin "${plugin}" uses its context while its operations are made: use it inside of them.`,
        );
      },
    },
  );
}

function collectHooks(definitions: readonly PluginDefinition[], schema: ResolvedSchema): Map<string, InstalledHook[]> {
  const hooks = new Map<string, InstalledHook[]>();
  for (const { id, hooks: own = {} } of definitions) {
    for (const [entity, hook] of Object.entries(own)) {
      if (!schema.entities.has(entity))
        throw new CrmError("schema_invalid", `Plugin "${id}" has hooks for "${entity}", but there is no such entity.`);
      hooks.set(entity, [...(hooks.get(entity) ?? []), { ...hook, plugin: id }]);
    }
  }
  return hooks;
}

function conflict(message: string, plugins: readonly string[]): CrmError {
  return new CrmError("plugin_conflict", message, { details: { plugins } });
}

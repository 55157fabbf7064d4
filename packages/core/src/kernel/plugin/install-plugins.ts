/** Puts plugins in order, checks that they fit together, and collects what they bring. */
import { CrmError, type CrmErrorDetails } from "../../errors.ts";
import type { ResolvedSchema } from "../entity/entity-schema.ts";
import { type Contribution, resolveSchema } from "../entity/resolve-schema.ts";
import { isPlainObject } from "../repository/compilation.ts";
import { repositoryMethods } from "../repository/create-repository.ts";
import { checkPlugins, describe, isThenable } from "./check-plugins.ts";
import { declaredError, refuseTakenCodes } from "./declared-errors.ts";
import type { InstalledHook, PluginDefinition } from "./define-plugin.ts";
import { orderPlugins } from "./order-plugins.ts";
import { pluginConflict, pluginInvalid } from "./plugin-invalid.ts";
import { isMemberName, isReserved } from "./reserved-names.ts";

type Apis = Record<string, Record<string, unknown>>;

export interface InstalledPlugin {
  readonly id: string;
  /** The entities that have operations of this plugin. */
  readonly operatesOn: ReadonlySet<string>;
  operations(context: never): Apis;
  readonly services: ((context: never) => object) | undefined;
  /** The entity beside whose repository the services stand: the one whose plural is the plugin's id. */
  readonly servesBeside: string | undefined;
  readonly dispose: PluginDefinition["dispose"];
  error(code: string, details?: CrmErrorDetails): CrmError;
}

export interface Installation {
  readonly plugins: readonly InstalledPlugin[];
  readonly schema: ResolvedSchema;
  readonly hooks: ReadonlyMap<string, readonly InstalledHook[]>;
}

/** @throws `plugin_conflict`, `plugin_missing`, `plugin_invalid`, `schema_invalid`, naming the plugins. */
export function installPlugins(given: unknown): Installation {
  checkPlugins(given);
  const ordered = orderPlugins(given).map((plugin) => plugin.definition);
  const contributions = ordered.map(
    ({ id, entities = [], extend = {} }): Contribution => ({ plugin: id, entities, extend }),
  );
  const schema = resolveSchema(contributions);
  refuseTakenNames(ordered, schema);
  refuseTakenCodes(ordered);
  return { plugins: withApis(ordered, schema), schema, hooks: collectHooks(ordered, schema) };
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

/** Operations and services are made once without a database, to know their names and to refuse those that are taken. */
function withApis(definitions: readonly PluginDefinition[], schema: ResolvedSchema): InstalledPlugin[] {
  const owners = new Map<string, string>();
  const installed = definitions.map((definition): InstalledPlugin => {
    const { id, operations, services, dispose } = definition;
    const make = (context: never): Apis => (operations?.(context) ?? {}) as Apis;
    const apis = operations ? operationNames(definition, schema) : new Map<string, readonly string[]>();
    for (const [entity, names] of apis) {
      for (const name of names) {
        const key = `${entity}.${name}`;
        if (repositoryMethods.has(name))
          throw pluginConflict(`Plugin "${id}" names an operation ${key}, which every repository has.`, [id]);
        const other = owners.get(key);
        if (other !== undefined)
          throw pluginConflict(`Plugins "${other}" and "${id}" both add the operation ${key}.`, [other, id]);
        owners.set(key, id);
      }
    }
    const beside = services && [...schema.entities.values()].find(({ plural }) => plural === id)?.name;
    return {
      id,
      operatesOn: new Set(apis.keys()),
      operations: make,
      services,
      servesBeside: beside,
      dispose,
      error: (code, details) => declaredError(definition, code, details),
    };
  });
  for (const definition of definitions) if (definition.services) checkServices(definition, { schema, owners });
  return installed;
}

/** The names of a plugin's operations, by entity. */
function operationNames(definition: PluginDefinition, schema: ResolvedSchema): Map<string, readonly string[]> {
  const plugin = definition.id;
  const apis = madeEarly(definition, "operations");
  const names = new Map<string, readonly string[]>();
  for (const [entity, api] of Object.entries(apis)) {
    if (!schema.entities.has(entity))
      throw new CrmError(
        "schema_invalid",
        `Plugin "${plugin}" has operations for "${entity}", but there is no such entity.`,
      );
    if (!isPlainObject(api))
      throw pluginInvalid(`Plugin "${plugin}": operations.${entity} must be an object of functions.`, { plugin });
    for (const [name, operation] of Object.entries(api)) {
      const where = `operations.${entity}.${name}`;
      if (!isMemberName(name))
        throw pluginInvalid(`Plugin "${plugin}": ${where} is no name for an operation.`, { plugin });
      if (typeof operation !== "function")
        throw pluginInvalid(`Plugin "${plugin}": ${where} must be a function.`, { plugin });
    }
    names.set(entity, Object.keys(api));
  }
  return names;
}

interface Taken {
  readonly schema: ResolvedSchema;
  /** The plugin of each operation, by `entity.name`. */
  readonly owners: ReadonlyMap<string, string>;
}

/** Under the plural of an entity, services share their names with the repository's methods and with operations. */
function checkServices(definition: PluginDefinition, { schema, owners }: Taken): void {
  const { id } = definition;
  const api = madeEarly(definition, "services");
  for (const name of Object.keys(api)) {
    if (!isMemberName(name))
      throw pluginInvalid(`Plugin "${id}": services.${name} is no name for a service.`, { plugin: id });
  }
  const entity = [...schema.entities.values()].find(({ plural }) => plural === id);
  if (!entity) return;
  if (!isPlainObject(api))
    throw pluginInvalid(
      `Plugin "${id}": its services stand beside the repository crm.${id}, so they must be a plain object.`,
      { plugin: id },
    );
  for (const name of Object.keys(api)) {
    const operator = owners.get(`${entity.name}.${name}`);
    if (!repositoryMethods.has(name) && operator === undefined) continue;
    const holder = operator === undefined ? "which every repository has" : `an operation of plugin "${operator}"`;
    throw pluginConflict(`Plugin "${id}" has a service crm.${id}.${name}, ${holder}.`, [operator ?? "the kernel", id]);
  }
}

function madeEarly(definition: PluginDefinition, part: "operations" | "services"): object {
  const { id } = definition;
  let made: unknown;
  try {
    made = definition[part]!(unusable(id, part) as never);
  } catch (cause) {
    if (CrmError.is(cause)) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw pluginInvalid(`Plugin "${id}" failed while its ${part} were made: ${why}`, { plugin: id, part }, cause);
  }
  const problem = isThenable(made) ? "returned a promise: they are made without waiting" : undefined;
  if (problem !== undefined || typeof made !== "object" || made === null || Array.isArray(made))
    throw pluginInvalid(
      `Plugin "${id}": ${part} ${problem ?? `must return an object, and returned ${describe(made)}`}.`,
      { plugin: id, part },
    );
  return made;
}

/** A context whose use, before there is a database, says so. */
function unusable(plugin: string, part: string): object {
  return new Proxy(
    {},
    {
      get() {
        throw new CrmError(
          "schema_invalid",
          `Plugin "${plugin}" uses its context while its ${part} are made: use it inside of them.`,
          { details: { plugin, part } },
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

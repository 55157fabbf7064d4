/** A plugin's operations and services: made once without a database, to know their names and to refuse those that are taken. */
import { CrmError, type CrmErrorDetails } from "../../errors.ts";
import type { ResolvedSchema } from "../entity/entity-schema.ts";
import { pluginConflict, schemaInvalid } from "../entity/schema-errors.ts";
import { repositoryMethods } from "../repository/create-repository.ts";
import { wordsOf } from "../thrown.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { describe, isThenable } from "./check-plugins.ts";
import { declaredError } from "./declared-errors.ts";
import type { PluginDefinition } from "./plugin.ts";
import { pluginInvalid } from "./plugin-invalid.ts";
import { isMemberName } from "./reserved-names.ts";

type Apis = Record<string, Record<string, unknown>>;

export interface InstalledPlugin {
  readonly id: string;
  /** The names of its operations, by entity. */
  readonly operationNames: ReadonlyMap<string, readonly string[]>;
  operations(context: never): Apis;
  readonly services: ((context: never) => object) | undefined;
  /** The entity beside whose repository the services stand: the one whose plural is the plugin's id. */
  readonly servesBeside: string | undefined;
  readonly serviceNames: readonly string[];
  readonly timeline: PluginDefinition["timeline"];
  readonly dispose: PluginDefinition["dispose"];
  error(code: string, details?: CrmErrorDetails): CrmError;
}

/** @throws `plugin_invalid`, `plugin_conflict`, `schema_invalid`. */
export function withApis(definitions: readonly PluginDefinition[], schema: ResolvedSchema): InstalledPlugin[] {
  const owners = new Map<string, string>();
  const operationNames = definitions.map((definition) => {
    const names = definition.operations ? namesOfOperations(definition, schema) : new Map<string, readonly string[]>();
    claimOperations(definition.id, names, owners);
    return names;
  });
  return definitions.map((definition, i): InstalledPlugin => {
    const { id, operations, services, timeline, dispose } = definition;
    const servesBeside = services && [...schema.entities.values()].find(({ plural }) => plural === id)?.name;
    return {
      id,
      operationNames: operationNames[i]!,
      operations: (context) => (operations?.(context) ?? {}) as Apis,
      services,
      servesBeside,
      serviceNames: services ? namesOfServices(definition, servesBeside, owners) : [],
      timeline,
      dispose,
      error: (code, details) => declaredError(definition, code, details),
    };
  });
}

/** The names of a plugin's operations, by entity. */
function namesOfOperations(definition: PluginDefinition, schema: ResolvedSchema): Map<string, readonly string[]> {
  const plugin = definition.id;
  const names = new Map<string, readonly string[]>();
  for (const [entity, api] of Object.entries(madeEarly(definition, "operations"))) {
    if (!schema.entities.has(entity))
      throw schemaInvalid(`Plugin "${plugin}" has operations for "${entity}", but there is no such entity.`);
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

/** `owners` keeps the plugin of each operation, by `entity.name`. */
function claimOperations(id: string, names: Map<string, readonly string[]>, owners: Map<string, string>): void {
  for (const key of [...names].flatMap(([entity, own]) => own.map((name) => `${entity}.${name}`))) {
    if (repositoryMethods.has(key.slice(key.indexOf(".") + 1)))
      throw pluginConflict(`Plugin "${id}" names an operation ${key}, which every repository has.`, [id]);
    const other = owners.get(key);
    if (other !== undefined)
      throw pluginConflict(`Plugins "${other}" and "${id}" both add the operation ${key}.`, [other, id]);
    owners.set(key, id);
  }
}

/** Beside a repository, services share their names with its methods and with operations. */
function namesOfServices(
  definition: PluginDefinition,
  beside: string | undefined,
  owners: ReadonlyMap<string, string>,
): readonly string[] {
  const { id } = definition;
  const api = madeEarly(definition, "services");
  if (beside !== undefined && !isPlainObject(api))
    throw pluginInvalid(
      `Plugin "${id}": its services stand beside the repository crm.${id}, so they must be a plain object.`,
      { plugin: id },
    );
  for (const name of Object.keys(api)) {
    if (!isMemberName(name))
      throw pluginInvalid(`Plugin "${id}": services.${name} is no name for a service.`, { plugin: id });
    if (beside === undefined) continue;
    const operator = owners.get(`${beside}.${name}`);
    if (!repositoryMethods.has(name) && operator === undefined) continue;
    const holder = operator === undefined ? "which every repository has" : `an operation of plugin "${operator}"`;
    throw pluginConflict(`Plugin "${id}" has a service crm.${id}.${name}, ${holder}.`, [operator ?? "the kernel", id]);
  }
  return Object.keys(api);
}

function madeEarly(definition: PluginDefinition, part: "operations" | "services"): object {
  const { id } = definition;
  let made: unknown;
  try {
    made = definition[part]!(unusable(id, part) as never);
  } catch (cause) {
    if (CrmError.is(cause)) throw cause;
    const message = `Plugin "${id}" failed while its ${part} were made: ${wordsOf(cause)}`;
    throw pluginInvalid(message, { plugin: id, part }, cause);
  }
  if (isThenable(made))
    throw pluginInvalid(`Plugin "${id}": ${part} returned a promise: they are made without waiting.`, {
      plugin: id,
      part,
    });
  if (typeof made !== "object" || made === null || Array.isArray(made))
    throw pluginInvalid(`Plugin "${id}": ${part} must return an object, and returned ${describe(made)}.`, {
      plugin: id,
      part,
    });
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

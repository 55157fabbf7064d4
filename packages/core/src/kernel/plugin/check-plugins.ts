/** Whether what was given as plugins are plugins, and each of their parts has the shape it must have: once, at installation. */
import type { CrmError } from "../../errors.ts";
import { schemaInvalid } from "../entity/schema-errors.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { hookPhases } from "./hook.ts";
import type { AnyPlugin, PluginDefinition } from "./plugin.ts";
import { pluginInvalid } from "./plugin-invalid.ts";
import { providedParts } from "./provided.ts";

/** @throws `plugin_invalid`, naming the place, the plugin and its part; `schema_invalid` for an id that is no name. */
export function checkPlugins(given: unknown, where = "plugins"): asserts given is readonly AnyPlugin[] {
  if (!Array.isArray(given)) throw pluginInvalid(`${where} must be a list of plugins.`, { place: where });
  for (const [i, plugin] of given.entries()) checkPlugin(plugin, `${where}[${i}]`);
}

/** A loop, because a list with holes has more places than `every` looks at. */
function checkPlugin(given: unknown, place: string): void {
  if (typeof given === "function") {
    const call = given.name ? `${given.name}()` : "the function's result";
    throw pluginInvalid(`${place} is a function that makes a plugin: call it: ${call}.`, { place });
  }
  if (isThenable(given)) throw pluginInvalid(`${place} is a promise: await it.`, { place });
  const { id, definition } = (given ?? {}) as Partial<AnyPlugin>;
  if (typeof id !== "string" || !isPlainObject(definition) || definition.id !== id)
    throw pluginInvalid(`${place} is no plugin, but ${describe(given)}: make it with definePlugin.`, { place });
  if (!PLUGIN_ID.test(id))
    throw schemaInvalid(`"${id}" is no id for a plugin: use camel case, at most 40 letters and digits.`);
  for (const [part, value] of Object.entries(definition as object)) {
    const check = Object.hasOwn(PARTS, part) ? PARTS[part as keyof PluginDefinition] : undefined;
    if (!check)
      throw invalidPart(id, part, `is no part of a plugin: its parts are ${Object.keys(PARTS).sort().join(", ")}`);
    if (value !== undefined) check(value, id);
  }
}

const PLUGIN_ID = /^[a-z][a-zA-Z0-9]{0,39}$/;
const ERROR_CODE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;

type Check = (value: unknown, plugin: string) => void;

const PARTS: { readonly [P in keyof PluginDefinition]-?: Check } = {
  id: () => {},
  version: (value, plugin) => {
    if (typeof value !== "string" || value === "")
      throw invalidPart(plugin, "version", 'must be a text such as "1.2.0"');
  },
  // What a required plugin is made of is checked where it is installed.
  requires: (value, plugin) => checkReferences(value, `requires of plugin "${plugin}"`),
  optional: (value, plugin) => checkReferences(value, `optional of plugin "${plugin}"`),
  entities: (value, plugin) => {
    if (!Array.isArray(value)) throw invalidPart(plugin, "entities", "must be a list of what defineEntity returns");
    for (const [i, entity] of value.entries()) checkEntity(entity, { plugin, part: `entities[${i}]` });
  },
  extend: (value, plugin) => {
    for (const [entity, fields] of entriesOf(value, { plugin, part: "extend" }))
      checkFields(fields, { plugin, part: `extend.${entity}` });
  },
  indexes: (value, plugin) => {
    for (const [entity, lists] of entriesOf(value, { plugin, part: "indexes" })) {
      if (!isListOfTexts(lists))
        throw invalidPart(plugin, `indexes.${entity}`, 'must be lists of fields, such as [["ownerId", "status"]]');
    }
  },
  hooks: (value, plugin) => {
    for (const [entity, hooks] of entriesOf(value, { plugin, part: "hooks" })) {
      const part = `hooks.${entity}`;
      if (!Array.isArray(hooks)) checkHooks(hooks, { plugin, part });
      else for (const [i, each] of hooks.entries()) checkHooks(each, { plugin, part: `${part}[${i}]` });
    }
  },
  events: (value, plugin) => void entriesOf(value, { plugin, part: "events" }),
  subscribers: (value, plugin) => void entriesOf(value, { plugin, part: "subscribers" }),
  migrations: (value, plugin) => {
    if (!Array.isArray(value)) throw invalidPart(plugin, "migrations", "must be a list");
    for (const [i, migration] of value.entries()) {
      const { id } = Object.fromEntries(entriesOf(migration, { plugin, part: `migrations[${i}]` }));
      if (typeof id !== "string") throw invalidPart(plugin, `migrations[${i}].id`, "must be a text");
    }
  },
  timeline: (value, plugin) => {
    for (const [list, functions] of entriesOf(value, { plugin, part: "timeline" })) {
      const part = `timeline.${list}`;
      if (list !== "entries" && list !== "below") throw invalidPart(plugin, part, "is neither entries nor below");
      for (const [name, source] of entriesOf(functions, { plugin, part }))
        checkFunction(`${part}.${name}`)(source, plugin);
    }
  },
  operations: checkFunction("operations"),
  services: checkFunction("services"),
  dispose: checkFunction("dispose"),
  provides: (value, plugin) => {
    for (const [name, provide] of entriesOf(value, { plugin, part: "provides" })) {
      const part = `provides.${name}`;
      if (!(providedParts as readonly string[]).includes(name))
        throw invalidPart(plugin, part, `is not asked for: a plugin can provide ${providedParts.join(", ")}`);
      if (provide !== undefined) checkFunction(part)(provide, plugin);
    }
  },
  errors: (value, plugin) => {
    for (const [code, message] of entriesOf(value, { plugin, part: "errors" })) {
      const part = `errors.${code}`;
      if (!ERROR_CODE.test(code)) throw invalidPart(plugin, part, "is no code: use lower case and underscores");
      if (typeof message !== "string" || message === "") throw invalidPart(plugin, part, "must be a message");
    }
  },
};

interface Place {
  readonly plugin: string;
  readonly part: string;
}

function checkHooks(hooks: unknown, { plugin, part: place }: Place): void {
  for (const [phase, hook] of entriesOf(hooks, { plugin, part: place })) {
    const part = `${place}.${phase}`;
    if (!(hookPhases as readonly string[]).includes(phase))
      throw invalidPart(plugin, part, `is no phase: hooks run ${hookPhases.join(", ")}`);
    if (hook !== undefined) checkFunction(part)(hook, plugin);
  }
}

function checkReferences(value: unknown, where: string): void {
  if (!Array.isArray(value)) throw pluginInvalid(`${where} must be a list of plugins.`, { place: where });
  for (const [i, plugin] of value.entries()) {
    if (!isPlainObject(plugin) || typeof plugin.id !== "string") checkPlugin(plugin, `${where}[${i}]`);
  }
}

function checkEntity(entity: unknown, { plugin, part }: Place): void {
  if (!isPlainObject(entity) || typeof entity.name !== "string" || typeof entity.plural !== "string")
    throw invalidPart(plugin, part, "is no entity: make it with defineEntity");
  checkFields(entity.fields, { plugin, part: `${part}.fields` });
}

function checkFields(fields: unknown, { plugin, part }: Place): void {
  for (const [name, field] of entriesOf(fields, { plugin, part })) {
    if (typeof field !== "object" || field === null || !isPlainObject((field as { definition?: unknown }).definition))
      throw invalidPart(plugin, `${part}.${name}`, "is no field: make it with text(), integer(), …");
  }
}

function isListOfTexts(value: unknown): boolean {
  const isText = (each: unknown) => typeof each === "string";
  return Array.isArray(value) && value.every((list) => Array.isArray(list) && list.length > 0 && list.every(isText));
}

function entriesOf(value: unknown, { plugin, part }: Place): [string, unknown][] {
  if (!isPlainObject(value)) throw invalidPart(plugin, part, "must be an object");
  return Object.entries(value);
}

function checkFunction(part: string): Check {
  return (value, plugin) => {
    if (typeof value !== "function") throw invalidPart(plugin, part, "must be a function");
  };
}

function invalidPart(plugin: string, part: string, problem: string): CrmError {
  return pluginInvalid(`Plugin "${plugin}": ${part} ${problem}.`, { plugin, part });
}

export function isThenable(value: unknown): boolean {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === "function";
}

export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? "a list" : `a value of type ${typeof value}`;
}

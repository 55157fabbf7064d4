import { describe, expect, it } from "vitest";
import { CrmError } from "../../errors.ts";
import { defineEntity } from "../entity/define-entity.ts";
import { text } from "../entity/fields.ts";
import { installPlugins } from "./install-plugins.ts";
import type { AnyPlugin, PluginDefinition } from "./plugin.ts";

function plugin(definition: PluginDefinition): AnyPlugin {
  const slots = { $model: {}, $extend: {}, $operations: {}, $services: {}, $names: {}, $events: {} };
  return { id: definition.id, requires: definition.requires ?? [], definition, ...slots };
}

function refusal(...plugins: readonly AnyPlugin[]): { code: string; message: string } {
  try {
    installPlugins(plugins);
  } catch (error) {
    if (CrmError.is(error)) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("The plugins were installed.");
}

const note = defineEntity("note", { plural: "notes", fields: { body: text() } });
const notes = plugin({ id: "notes", entities: [note] });

describe("plugins", () => {
  it("stand in the order given, but after what they require", () => {
    const c = plugin({ id: "c" });
    const b = plugin({ id: "b", requires: [c] });
    const a = plugin({ id: "a" });
    expect(installPlugins([b, a, c]).plugins.map(({ id }) => id)).toEqual(["c", "b", "a"]);
  });

  it("are required by their id, so that another copy will do", () => {
    const needs = plugin({ id: "needs", requires: [plugin({ id: "notes" })] });
    expect(installPlugins([needs, notes]).plugins.map(({ id }) => id)).toEqual(["notes", "needs"]);
  });

  it("bring their entities, and hooks in the order of the plugins", () => {
    const hook = { before: async () => undefined };
    const one = plugin({ id: "one", hooks: { note: hook } });
    const two = plugin({ id: "two", hooks: { note: hook }, requires: [notes] });
    const { schema, hooks } = installPlugins([two, one, notes]);
    expect([...schema.entities.keys()]).toEqual(["note"]);
    expect(hooks.get("note")!.before.map((installed) => installed.plugin)).toEqual(["two", "one"]);
  });

  it("stand after those that they name as optional, where these are installed", () => {
    const soft = plugin({ id: "soft", optional: [plugin({ id: "notes" })] });
    expect(installPlugins([soft, notes]).plugins.map(({ id }) => id)).toEqual(["notes", "soft"]);
    expect(installPlugins([soft]).plugins.map(({ id }) => id)).toEqual(["soft"]);
  });

  it("tell on which entities they have operations", () => {
    const pin = plugin({ id: "pins", operations: () => ({ note: { pin: async () => {} } }) });
    expect(installPlugins([notes, pin]).plugins.map(({ operationNames }) => [...operationNames])).toEqual([
      [],
      [["note", ["pin"]]],
    ]);
  });
});

describe("what is refused", () => {
  it("as plugin_missing: a requirement that is not installed", () => {
    expect(refusal(plugin({ id: "a", requires: [notes] }))).toEqual({
      code: "plugin_missing",
      message: 'Plugin "a" requires "notes": install it too.',
    });
  });

  it("with the versions of both, where they are given", () => {
    const needed = plugin({ id: "needed", version: "2.1.0" });
    expect(refusal(plugin({ id: "a", version: "1.0.0", requires: [needed] })).message).toBe(
      'Plugin "a" (1.0.0) requires "needed" (2.1.0): install it too.',
    );
    expect(refusal(needed, plugin({ id: "needed", version: "2.2.0" })).message).toBe(
      'Two plugins have the id "needed": versions 2.1.0 and 2.2.0.',
    );
    expect(refusal(needed, needed).message).toBe('Plugin "needed" is given twice: give it once.');
  });

  const circular = () => {
    const requires: AnyPlugin[] = [];
    const a = { ...plugin({ id: "a" }), requires };
    const b = plugin({ id: "b", requires: [a] });
    requires.push(b);
    return [a, b];
  };
  const pinning = (id: string) => plugin({ id, operations: () => ({ note: { pin: async () => {} } }) });

  it.each<[string, readonly AnyPlugin[], string]>([
    ["two plugins of one id", [notes, plugin({ id: "notes" })], 'Two plugins have the id "notes".'],
    ["plugins that require each other", circular(), "Plugins require each other in a circle: a → b → a."],
    [
      "an operation that every repository has",
      [notes, plugin({ id: "a", operations: () => ({ note: { create: async () => {} } }) })],
      'Plugin "a" names an operation note.create',
    ],
    [
      "an operation of two plugins",
      [notes, pinning("a"), pinning("b")],
      'Plugins "a" and "b" both add the operation note.pin.',
    ],
    [
      "services under the name of an entity",
      [
        notes,
        plugin({ id: "a" }),
        plugin({ id: "b", entities: [defineEntity("pin", { plural: "pins", fields: {} })] }),
        plugin({ id: "pins", services: () => ({}) }),
      ],
      'Plugin "pins" has services under crm.pins, the name of the entity "pin" of plugin "b".',
    ],
    [
      "services under a name of handles",
      [plugin({ id: "transaction", services: () => ({}) })],
      '"transaction" is a name of every handle',
    ],
    [
      "an entity whose plural is a name of handles",
      [plugin({ id: "a", entities: [defineEntity("end", { plural: "close", fields: {} })] })],
      '"close" is a name of every handle',
    ],
    [
      "an entity whose plural makes handles look like promises",
      [plugin({ id: "a", entities: [defineEntity("next", { plural: "then", fields: {} })] })],
      '"then" is a name of every handle',
    ],
  ])("as plugin_conflict: %s", (_, plugins, message) => {
    const refused = refusal(...plugins);
    expect(refused.code).toBe("plugin_conflict");
    expect(refused.message).toContain(message);
  });

  it.each<[string, readonly AnyPlugin[], string]>([
    ["an id that is no name", [plugin({ id: "my-plugin" })], '"my-plugin" is no id for a plugin'],
    [
      "operations of nothing",
      [plugin({ id: "a", operations: () => ({ nobody: { pin: async () => {} } }) })],
      'Plugin "a" has operations for "nobody"',
    ],
    ["hooks of nothing", [plugin({ id: "a", hooks: { nobody: {} } })], 'Plugin "a" has hooks for "nobody"'],
    [
      "a context that is used too early",
      [
        plugin({
          id: "a",
          operations: (context: { readonly notes: unknown }) => ({ note: { pin: context.notes } }),
        } as never),
      ],
      'Plugin "a" uses its context while its operations are made',
    ],
  ])("as schema_invalid: %s", (_, plugins, message) => {
    const refused = refusal(notes, ...plugins);
    expect(refused.code).toBe("schema_invalid");
    expect(refused.message).toContain(message);
  });
});

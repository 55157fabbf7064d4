/** Plugins that are none, or whose parts have a wrong shape: refused when the CRM is made, naming the plugin and the part. */
import { createCrm } from "@relata/core";
import { type AnyPlugin, defineEntity, definePlugin, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";

const invalid = (message: RegExp, details: object = {}) => ({
  code: "plugin_invalid",
  message: expect.stringMatching(message),
  details,
});
const bare = (id: string, more: object = {}) => definePlugin({ id, ...more } as never) as AnyPlugin;

/** What making a CRM with a plugin that has this part fails with. */
async function refusedPart(bench: CrmBench, part: object): Promise<unknown> {
  return failure(createCrm({ ...(await bench.options()), plugins: [bare("one", part)] } as never));
}

async function refusedList(bench: CrmBench, plugins: unknown): Promise<unknown> {
  return failure(createCrm({ ...(await bench.options()), plugins } as never));
}

function tagging() {
  return bare("tagging");
}

const holed = new Array(1);

/** Plugins throw anything. */
function throwing(thrown: unknown): never {
  throw thrown;
}

export const badPlugins: CrmSuite = {
  name: "plugins of a wrong shape",
  facts: [
    crmFact(
      "are no plugins: undefined, a factory that was not called, a promise, a definition alone",
      async (bench) => {
        expect(await refusedList(bench, [undefined])).toMatchObject(
          invalid(/^plugins\[0\] is no plugin, but undefined/),
        );
        expect(await refusedList(bench, holed)).toMatchObject(invalid(/^plugins\[0\] is no plugin, but undefined/));
        expect(await refusedList(bench, [tagging(), null])).toMatchObject(
          invalid(/^plugins\[1\] is no plugin, but null/),
        );
        expect(await refusedList(bench, [tagging])).toMatchObject(
          invalid(/^plugins\[0\] is a function.*call it: tagging\(\)/, { place: "plugins[0]" }),
        );
        expect(await refusedList(bench, [() => tagging()])).toMatchObject(invalid(/call it: the function's result/));
        expect(await refusedList(bench, [Promise.resolve(tagging())])).toMatchObject(invalid(/is a promise: await it/));
        expect(await refusedList(bench, [{ id: "tagging" }])).toMatchObject(invalid(/make it with definePlugin/));
        expect(await refusedList(bench, ["tagging"])).toMatchObject(invalid(/a value of type string/));
        expect(await refusedList(bench, tagging())).toMatchObject(invalid(/^plugins must be a list/));
      },
    ),
    crmFact("require, or name as optional, what is no plugin", async (bench) => {
      for (const part of ["requires", "optional"]) {
        expect(await refusedPart(bench, { [part]: [tagging] })).toMatchObject(
          invalid(new RegExp(`^${part} of plugin "one"\\[0\\] is a function.*call it: tagging\\(\\)`)),
        );
        expect(await refusedPart(bench, { [part]: ["tagging"] })).toMatchObject(invalid(/is no plugin/));
        expect(await refusedPart(bench, { [part]: tagging() })).toMatchObject(invalid(/must be a list of plugins/));
      }
    }),
    crmFact("have a part that does not exist", async (bench) => {
      expect(await refusedPart(bench, { service: () => ({}) })).toMatchObject(
        invalid(/"one": service is no part of a plugin.*services/, { plugin: "one", part: "service" }),
      );
      expect(await refusedPart(bench, { constructor: () => ({}) })).toMatchObject(invalid(/is no part of a plugin/));
    }),
    crmFact("provide what nobody asks for, or what is no function", async (bench) => {
      expect(await refusedPart(bench, { provides: { weather: async () => [] } })).toMatchObject(
        invalid(/provides\.weather is not asked for: a plugin can provide rates, calendar/, {
          part: "provides.weather",
        }),
      );
      expect(await refusedPart(bench, { provides: { rates: [] } })).toMatchObject(
        invalid(/provides\.rates must be a function/),
      );
      expect(await refusedPart(bench, { provides: [] })).toMatchObject(invalid(/provides must be an object/));
    }),
    crmFact("have entities that are none", async (bench) => {
      const visit = defineEntity("visit", { plural: "visits", fields: { note: text() } });
      expect(await refusedPart(bench, { entities: visit })).toMatchObject(
        invalid(/entities must be a list/, { plugin: "one", part: "entities" }),
      );
      for (const wrong of [null, "visit", { fields: {} }, () => visit]) {
        expect(await refusedPart(bench, { entities: [visit, wrong] })).toMatchObject(
          invalid(/entities\[1\] is no entity/, { plugin: "one", part: "entities[1]" }),
        );
      }
      expect(await refusedPart(bench, { entities: [{ ...visit, fields: { note: "text" } }] })).toMatchObject(
        invalid(/entities\[0\]\.fields\.note is no field/),
      );
    }),
    crmFact("extend with what are no fields", async (bench) => {
      expect(await refusedPart(bench, { extend: [] })).toMatchObject(invalid(/extend must be an object/));
      expect(await refusedPart(bench, { extend: { account: text() } })).toMatchObject(invalid(/extend\.account/));
      expect(await refusedPart(bench, { extend: { account: { motto: text } } })).toMatchObject(
        invalid(/extend\.account\.motto is no field/, { plugin: "one", part: "extend.account.motto" }),
      );
    }),
    crmFact("have indexes that are no lists of fields", async (bench) => {
      for (const wrong of [["name"], "name", [[]], [[1]], null])
        expect(await refusedPart(bench, { indexes: { account: wrong } })).toMatchObject(
          invalid(/indexes\.account must be lists of fields, such as/, { plugin: "one", part: "indexes.account" }),
        );
      expect(await refusedPart(bench, { indexes: [] })).toMatchObject(invalid(/indexes must be an object/));
    }),
    crmFact("have hooks of an unknown phase, or that are no functions", async (bench) => {
      expect(await refusedPart(bench, { hooks: { account: { befor: async () => {} } } })).toMatchObject(
        invalid(
          /hooks\.account\.befor is no phase: hooks run before, beforeDelete, merging, unmerging, after, committed/,
          {
            part: "hooks.account.befor",
          },
        ),
      );
      expect(await refusedPart(bench, { hooks: { account: { before: "no" } } })).toMatchObject(
        invalid(/hooks\.account\.before must be a function/),
      );
      expect(await refusedPart(bench, { hooks: { account: async () => {} } })).toMatchObject(
        invalid(/hooks\.account must be an object/),
      );
      expect(await refusedPart(bench, { hooks: { account: [{}, { after: "no" }] } })).toMatchObject(
        invalid(/hooks\.account\[1\]\.after must be a function/),
      );
      expect(await refusedPart(bench, { hooks: () => ({}) })).toMatchObject(invalid(/hooks must be an object/));
    }),
    crmFact(
      "have operations that are no functions, that throw while they are made, or are made later",
      async (bench) => {
        const operations = (make: () => unknown) => refusedPart(bench, { operations: make });
        expect(await refusedPart(bench, { operations: { account: {} } })).toMatchObject(invalid(/must be a function/));
        const cause = new TypeError("no rate");
        const thrown = await operations(() => {
          throw cause;
        });
        expect(thrown).toMatchObject({ ...invalid(/"one" failed while its operations were made: no rate/), cause });
        expect(await operations(async () => ({ account: {} }))).toMatchObject(invalid(/returned a promise/));
        expect(await operations(() => undefined)).toMatchObject(
          invalid(/must return an object, and returned undefined/),
        );
        expect(await operations(() => [])).toMatchObject(invalid(/returned a list/));
        expect(await operations(() => ({ account: () => {} }))).toMatchObject(invalid(/operations\.account must be/));
        expect(await operations(() => ({ account: { rate: 5 } }))).toMatchObject(
          invalid(/operations\.account\.rate must be a function/),
        );
        for (const name of ["then", "toString", "a b", "Rate"]) {
          expect(await operations(() => ({ account: { [name]: () => {} } }))).toMatchObject(
            invalid(/is no name for an operation/),
          );
        }
      },
    ),
    crmFact("have services that are no object, that throw while they are made, or are made later", async (bench) => {
      const services = (make: unknown) => refusedPart(bench, { services: make });
      expect(await services({})).toMatchObject(invalid(/services must be a function/));
      expect(await services(() => throwing("no"))).toMatchObject({
        ...invalid(/"one" failed while its services were made: no/),
        cause: "no",
      });
      expect(await services(async () => ({}))).toMatchObject(invalid(/services returned a promise/));
      for (const [made, what] of [
        [undefined, "undefined"],
        [null, "null"],
        [[], "a list"],
        [() => {}, "a value of type function"],
        ["x", "a value of type string"],
      ] as const) {
        expect(await services(() => made)).toMatchObject(
          invalid(new RegExp(`services must return an object, and returned ${what}`)),
        );
      }
      for (const name of ["toJSON", "toString", "a b"]) {
        expect(await services(() => ({ [name]: () => {} }))).toMatchObject(invalid(/is no name for a service/));
      }
      expect(await services((context: { accounts: unknown }) => ({ x: context.accounts }))).toMatchObject({
        code: "schema_invalid",
        message: expect.stringMatching(/"one" uses its context while its services are made/),
      });
    }),
    crmFact("declare errors that are none, or whose end is no function", async (bench) => {
      expect(await refusedPart(bench, { errors: ["full"] })).toMatchObject(invalid(/errors must be an object/));
      expect(await refusedPart(bench, { errors: { tooMany: "no" } })).toMatchObject(
        invalid(/errors\.tooMany is no code/, { part: "errors.tooMany" }),
      );
      expect(await refusedPart(bench, { errors: { too_many: "" } })).toMatchObject(invalid(/too_many must be a mes/));
      expect(await refusedPart(bench, { errors: { too_many: 5 } })).toMatchObject(invalid(/too_many must be a mes/));
      expect(await refusedPart(bench, { dispose: {} })).toMatchObject(invalid(/dispose must be a function/));
      expect(await refusedPart(bench, { version: 2 })).toMatchObject(invalid(/version must be a text/));
    }),
    crmFact("are the application's own part", async (bench) => {
      const options = await bench.options();
      const own = (part: object) => failure(createCrm({ ...options, ...part } as never));
      expect(await own({ entities: {} })).toMatchObject(invalid(/"app": entities must be a list/));
      expect(await own({ extend: { account: { motto: 1 } } })).toMatchObject(invalid(/extend\.account\.motto/));
      expect(await own({ hooks: { account: { later: async () => {} } } })).toMatchObject(invalid(/is no phase/));
      expect(await own({ operations: async () => ({}) })).toMatchObject(invalid(/returned a promise/));
    }),
    crmFact("open nothing, and the next CRM on the same storage works", async (bench) => {
      const options = await bench.options();
      const plain = definePlugin({ id: "tagging" });
      let opened = 0;
      const storage = {
        name: options.storage.name,
        open(given: never) {
          opened++;
          return options.storage.open(given);
        },
      };
      await failure(createCrm({ ...options, storage, plugins: [tagging] } as never));
      await failure(createCrm({ ...options, storage, plugins: [bare("one", { services: () => null })] } as never));
      expect(opened).toBe(0);
      const crm = await createCrm({ ...options, storage, plugins: [plain] });
      expect(await crm.accounts.count()).toBe(0);
    }),
  ],
};

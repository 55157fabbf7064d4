/** Plugins that do not fit together are refused when the CRM is made, naming both sides; nothing is opened. */

import { createCrm } from "@relata/core";
import { type AnyPlugin, defineEntity, definePlugin, integer, money, reference, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure } from "../bench/refusal.ts";
import { memberNames } from "../tenant-matrix/loose-crm.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";

async function refusal(bench: CrmBench, plugins: readonly AnyPlugin[], more: object = {}) {
  return failure(createCrm({ ...(await bench.options()), plugins, ...more } as never));
}

const conflict = (...plugins: readonly string[]) => ({ code: "plugin_conflict", details: { plugins } });
const invalid = (message: RegExp) => ({ code: "schema_invalid", message: expect.stringMatching(message) });

const visit = (plural = "visits", name = "visit") =>
  defineEntity(name, { plural, fields: { note: text().optional() } });
const bare = (id: string, more: object = {}) => definePlugin({ id, ...more } as never) as AnyPlugin;

async function pluralsOf(bench: CrmBench): Promise<Set<string>> {
  const crm = (await createCrm(await bench.options())) as unknown as Record<string, object>;
  return new Set(memberNames(crm).filter((name) => "createMany" in Object(crm[name])));
}

export const pluginConflicts: CrmSuite = {
  name: "plugins that do not fit",
  facts: [
    crmFact("lack one that they require", async (bench) => {
      const base = bare("base");
      const top = bare("top", { requires: [base] });
      expect(await refusal(bench, [top])).toMatchObject({
        code: "plugin_missing",
        details: { plugin: "top", requires: "base" },
      });
    }),
    crmFact("require each other in a circle", async (bench) => {
      const requires: AnyPlugin[] = [];
      const first = bare("first", { requires });
      const second = bare("second", { requires: [first] });
      requires.push(second);
      expect(await refusal(bench, [first, second])).toMatchObject(conflict("first", "second"));
    }),
    crmFact("have the same id, core's and the application's among them", async (bench) => {
      expect(await refusal(bench, [bare("one"), bare("one")])).toMatchObject(conflict("one", "one"));
      expect(await refusal(bench, [bare("core")])).toMatchObject(conflict("core", "core"));
      expect(await refusal(bench, [bare("app")])).toMatchObject(conflict("app", "app"));
    }),
    crmFact("provide what another one provides, core's rates and calendar among them", async (bench) => {
      const rates = { rates: async () => [] };
      expect(await refusal(bench, [bare("bank", { provides: rates })])).toMatchObject(conflict("core", "bank"));
      const calendar = { calendar: async () => ({}) };
      expect(await refusal(bench, [bare("almanac", { provides: calendar })])).toMatchObject({
        ...conflict("core", "almanac"),
        message: 'Plugins "core" and "almanac" both provide calendar: there can be one.',
      });
    }),
    crmFact("have ids that are no names", async (bench) => {
      for (const id of ["", "Upper", "with-dash", "with space", "1st", "__proto__", "x".repeat(41)]) {
        expect(await refusal(bench, [bare(id)])).toMatchObject({ code: "schema_invalid" });
      }
    }),
    crmFact("declare the same entity, or the same plural", async (bench) => {
      expect(
        await refusal(bench, [bare("one", { entities: [visit()] }), bare("two", { entities: [visit("calls")] })]),
      ).toMatchObject(conflict("one", "two"));
      expect(
        await refusal(bench, [
          bare("one", { entities: [visit()] }),
          bare("two", { entities: [visit("visits", "call")] }),
        ]),
      ).toMatchObject(conflict("one", "two"));
      expect(await refusal(bench, [bare("one", { entities: [visit("x", "account")] })])).toMatchObject(
        conflict("core", "one"),
      );
      expect(await refusal(bench, [bare("one", { entities: [visit()] })], { entities: [visit()] })).toMatchObject(
        conflict("one", "app"),
      );
    }),
    crmFact("declare the same field, also one of every record", async (bench) => {
      const one = bare("one", { extend: { account: { score: integer().optional() } } });
      const two = bare("two", { extend: { account: { score: text().optional() } } });
      const error = await refusal(bench, [one, two]);
      expect(error).toMatchObject(conflict("one", "two"));
      expect(String(error)).toContain("account.score");
      expect(await refusal(bench, [bare("one", { extend: { account: { name: text().optional() } } })])).toMatchObject(
        conflict("core", "one"),
      );
      expect(
        await refusal(bench, [bare("one", { extend: { account: { version: integer().optional() } } })]),
      ).toMatchObject(conflict("the kernel", "one"));
      expect(await refusal(bench, [bare("one", { extend: { account: { id: text().optional() } } })])).toMatchObject(
        conflict("the kernel", "one"),
      );
    }),
    crmFact("give one name to two relations, or to a relation and a field", async (bench) => {
      const one = bare("one", {
        entities: [
          defineEntity("visit", {
            plural: "visits",
            fields: { accountId: reference("account", { inverse: "meetings" }) },
          }),
        ],
      });
      const two = bare("two", {
        entities: [
          defineEntity("call", {
            plural: "calls",
            fields: { accountId: reference("account", { inverse: "meetings" }) },
          }),
        ],
      });
      const error = await refusal(bench, [one, two]);
      expect(error).toMatchObject(conflict("one", "two"));
      expect(String(error)).toContain("account.meetings");
      const three = bare("three", { extend: { account: { meetings: text().optional() } } });
      expect(await refusal(bench, [one, three])).toMatchObject(conflict("three", "one"));
      const four = bare("four", {
        entities: [
          defineEntity("call", {
            plural: "calls",
            fields: { accountId: reference("account", { inverse: "contacts" }) },
          }),
        ],
      });
      expect(await refusal(bench, [four])).toMatchObject(conflict("core", "four"));
    }),
    crmFact("add the same operation, or one that every repository has", async (bench) => {
      const operations = (name: string) => ({ operations: () => ({ account: { [name]: () => {} } }) });
      const error = await refusal(bench, [bare("one", operations("rate")), bare("two", operations("rate"))]);
      expect(error).toMatchObject(conflict("one", "two"));
      expect(String(error)).toContain("account.rate");
      for (const name of ["create", "list", "upsertMany", "validate", "archive"]) {
        expect(await refusal(bench, [bare("one", operations(name))])).toMatchObject(conflict("one"));
      }
      expect(
        await refusal(bench, [bare("one", { operations: () => ({ opportunity: { moveTo: () => {} } }) })]),
      ).toMatchObject(conflict("core", "one"));
    }),
    crmFact("take names that every handle has", async (bench) => {
      const seen: { context?: object } = {};
      const before = async (context: object) => {
        seen.context = context;
      };
      const watching = bare("watching", { hooks: { team: { before } } });
      const crm = await createCrm({ ...(await bench.options()), plugins: [watching as never] });
      await crm.teams.create({ id: "t1", name: "A" });
      const plurals = [...(await pluralsOf(bench))];
      const own = [...memberNames(crm), ...memberNames(seen.context!)].filter((name) => !plurals.includes(name));
      expect(own).toContain("transaction");
      const later = [
        "asOf",
        "using",
        "native",
        "settled",
        "on",
        "emit",
        "emitMany",
        "timelineSources",
        "search",
        "erase",
      ];
      for (const name of new Set([...own, ...later, "then", "constructor", "toString"])) {
        expect(await refusal(bench, [bare(name, { services: () => ({}) })])).toMatchObject(conflict(name));
        expect(await refusal(bench, [bare("one", { entities: [visit(name)] })])).toMatchObject(conflict("one"));
      }
    }),
    crmFact("have services under the plural of an entity that is not theirs", async (bench) => {
      const services = { services: () => ({}) };
      expect(await refusal(bench, [bare("accounts", services)])).toMatchObject(conflict("core", "accounts"));
      expect(await refusal(bench, [bare("one", { entities: [visit()] }), bare("visits", services)])).toMatchObject(
        conflict("one", "visits"),
      );
      expect(await refusal(bench, [bare("visits", services)], { entities: [visit()] })).toMatchObject(
        conflict("app", "visits"),
      );
    }),
    crmFact("have a service and a method, or an operation, of one name under one plural", async (bench) => {
      const own = (name: string, more: object = {}) =>
        bare("visits", { entities: [visit()], services: () => ({ [name]: () => {} }), ...more });
      for (const name of ["create", "list", "iterate"]) {
        const error = await refusal(bench, [own(name)]);
        expect(error).toMatchObject(conflict("the kernel", "visits"));
        expect(String(error)).toContain(`crm.visits.${name}`);
      }
      const operations = { operations: () => ({ visit: { plan: () => {} } }) };
      expect(await refusal(bench, [own("plan", operations)])).toMatchObject(conflict("visits", "visits"));
      const error = await refusal(bench, [own("plan"), bare("two", operations)]);
      expect(error).toMatchObject(conflict("two", "visits"));
      expect(String(error)).toContain("crm.visits.plan");
      class Api {
        plan() {}
      }
      expect(await refusal(bench, [bare("visits", { entities: [visit()], services: () => new Api() })])).toMatchObject({
        code: "plugin_invalid",
        details: { plugin: "visits" },
      });
    }),
    crmFact("declare the same error, or one of core", async (bench) => {
      const full = { errors: { visit_full: "Visit {id} is full." } };
      const error = await refusal(bench, [bare("one", full), bare("two", full)]);
      expect(error).toMatchObject(conflict("one", "two"));
      expect(String(error)).toContain("visit_full");
      expect(await refusal(bench, [bare("one", { errors: { not_found: "no" } })])).toMatchObject(
        conflict("core", "one"),
      );
    }),
    crmFact("are one plugin, given twice", async (bench) => {
      const one = bare("one");
      const error = await refusal(bench, [one, one]);
      expect(error).toMatchObject(conflict("one", "one"));
      expect(String(error)).toContain('"one" is given twice');
    }),
    crmFact("name each other as optional, in a circle", async (bench) => {
      const optional: AnyPlugin[] = [];
      const first = bare("first", { optional });
      const second = bare("second", { requires: [first] });
      optional.push(second);
      expect(await refusal(bench, [first, second])).toMatchObject(conflict("first", "second"));
    }),
    crmFact("extend, operate on, listen to or refer to an entity that is not there", async (bench) => {
      expect(await refusal(bench, [bare("one", { extend: { acount: { x: text().optional() } } })])).toMatchObject(
        invalid(/"one".*"acount"/),
      );
      expect(await refusal(bench, [bare("one", { operations: () => ({ acount: { x: () => {} } }) })])).toMatchObject(
        invalid(/"one".*"acount"/),
      );
      expect(await refusal(bench, [bare("one", { hooks: { acount: {} } })])).toMatchObject(invalid(/"one".*"acount"/));
      const lost = defineEntity("visit", { plural: "visits", fields: { acountId: reference("acount") } });
      expect(await refusal(bench, [bare("one", { entities: [lost] })])).toMatchObject(
        invalid(/visit\.acountId.*"acount"/),
      );
    }),
    crmFact("declare fields that cannot be", async (bench) => {
      const extend = (fields: object) => bare("one", { extend: { account: fields } });
      const entity = (fields: object, more: object = {}) =>
        bare("one", { entities: [defineEntity("visit", { plural: "visits", fields, ...more } as never)] });
      expect(await refusal(bench, [extend({ score: integer() })])).toMatchObject(invalid(/account\.score/));
      expect(await refusal(bench, [entity({ account: reference("account") })])).toMatchObject(
        invalid(/visit\.account.*"Id"/),
      );
      expect(await refusal(bench, [entity({ accountId: reference("account", { onDelete: "detach" }) })])).toMatchObject(
        invalid(/visit\.accountId/),
      );
      expect(await refusal(bench, [entity({ accountId: reference("account", { inverse: "or" }) })])).toMatchObject(
        invalid(/account\.or/),
      );
      expect(await refusal(bench, [entity({ and: text() })])).toMatchObject(invalid(/visit\.and/));
      expect(await refusal(bench, [entity({ "a b": text() })])).toMatchObject(invalid(/visit\.a b/));
      expect(await refusal(bench, [entity({ pieces: integer({ min: 1 }).default(0) })])).toMatchObject(
        invalid(/visit\.pieces/),
      );
      expect(await refusal(bench, [entity({ a: text() }, { indexes: [["b"]] })])).toMatchObject(invalid(/visit.*"b"/));
      expect(await refusal(bench, [entity({ price: money(), priceCurrency: text() })])).toMatchObject({
        code: expect.stringMatching(/schema_invalid|plugin_conflict/),
      });
    }),
    crmFact("use their context before there is a CRM", async (bench) => {
      const eager = bare("eager", {
        operations: (context: { accounts: unknown }) => ({ account: { x: context.accounts } }),
      });
      expect(await refusal(bench, [eager])).toMatchObject(invalid(/"eager"/));
    }),
    crmFact("leave the storage unopened", async (bench) => {
      const options = await bench.options();
      let opened = 0;
      const storage = {
        name: options.storage.name,
        open: (given: never) => options.storage.open(given).finally(() => opened++),
      };
      await failure(createCrm({ ...options, storage, plugins: [bare("one"), bare("one")] } as never));
      expect(opened).toBe(0);
      expect(await failure(createCrm(undefined as never))).toMatchObject({ code: "storage_unavailable" });
      expect(await failure(createCrm({} as never))).toMatchObject({ code: "storage_unavailable" });
      expect(await failure(createCrm({ storage: "crm.db" } as never))).toMatchObject({ code: "storage_unavailable" });
    }),
  ],
};

/** What plugins bring besides entities, columns and operations: optional plugins, shared names, errors, an end; the app's own part. */
import { createCrm } from "@relata/core";
import { type AnyPlugin, defineEntity, definePlugin, oneOf, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";

const member = defineEntity("member", {
  plural: "members",
  fields: { name: text(), rank: oneOf("guest", "full").default("guest") },
});

/** The id is the plural of its entity. */
const members = definePlugin({
  id: "members",
  entities: [member],
  operations: (context) => ({
    member: { promote: async (id: string) => context.members.update(id, { rank: "full" }) },
  }),
  services: (context) => ({
    join: async (name: string) => context.members.create({ name }),
    joinAndPromote: (name: string) =>
      context.transaction(async (tx) => tx.members.promote((await tx.members.create({ name })).id)),
    who: () => `${context.actorId} ${context.now().toISOString()}`,
  }),
});

const greeting = definePlugin({
  id: "greeting",
  optional: [members],
  services: (context) => ({
    greet: async (name: string) => {
      const joined = await context.members?.join(name);
      return joined ? `Welcome, ${joined.rank} ${joined.name}` : `Hello, ${name}`;
    },
    guests: async () => context.transaction(async (tx) => tx.members?.count({ where: { rank: "guest" } })),
  }),
});

const limits = definePlugin({
  id: "limits",
  errors: { name_too_long: "{entity} {name} has a name of {length} characters, more than {most}." },
  hooks: {
    team: {
      async before(context, batch) {
        for (const { input } of batch) {
          const { name = "" } = input;
          if (name.length > 5)
            throw context.error("name_too_long", { entity: "team", field: "name", name, length: name.length });
        }
      },
    },
  },
  services: (context) => ({ error: (code: string) => context.error(code as never) }),
});

function ending(id: string, order: string[], dispose: () => Promise<void> | void = () => {}) {
  return definePlugin({
    id,
    dispose: async (context) => {
      order.push(`${id} ${await context.accounts.count()}`);
      await dispose();
    },
  });
}

async function openWith(bench: CrmBench, plugins: readonly AnyPlugin[], more: object = {}) {
  return createCrm({ ...(await bench.options()), plugins: plugins as readonly [], ...more });
}

export const pluginParts: CrmSuite = {
  name: "parts of plugins",
  facts: [
    crmFact("are the services beside the repository's methods, where the id is the entity's plural", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [members] });
      const ann = await crm.members.join("Ann");
      expect(await crm.members.get(ann.id)).toEqual(ann);
      await crm.members.promote(ann.id);
      await crm.members.joinAndPromote("Bob");
      expect((await crm.members.list({ orderBy: [{ name: "asc" }] })).items.map(({ rank }) => rank)).toEqual([
        "full",
        "full",
      ]);
      const dated = crm.as({ tenantId: "north", actorId: "una" }).at(new Date("2026-01-01T00:00:00Z"));
      expect(dated.members.who()).toBe("una 2026-01-01T00:00:00.000Z");
      await dated.transaction(async (tx) => {
        expect(tx.members.who()).toBe("una 2026-01-01T00:00:00.000Z");
        await tx.members.join("Cyd");
      });
      expect([await crm.members.count(), await dated.members.count()]).toEqual([2, 1]);
    }),
    crmFact("are the parts of optional plugins, where these are installed, wherever they stand", async (bench) => {
      const alone = await createCrm({ ...(await bench.options()), plugins: [greeting] });
      expect([await alone.greeting.greet("Ann"), await alone.greeting.guests()]).toEqual(["Hello, Ann", undefined]);
      const both = await createCrm({ ...(await bench.options()), plugins: [greeting, members] });
      expect([await both.greeting.greet("Ann"), await both.greeting.guests()]).toEqual(["Welcome, guest Ann", 1]);
    }),
    crmFact("are hooks after those of optional plugins", async (bench) => {
      const order: string[] = [];
      const hooked = (id: string, optional: readonly AnyPlugin[] = []) =>
        definePlugin({ id, optional, hooks: { team: { before: async () => void order.push(id) } } });
      const base = hooked("base");
      const crm = await openWith(bench, [hooked("top", [base]), base]);
      await crm.teams.create({ id: "t1", name: "A" });
      expect(order).toEqual(["base", "top"]);
    }),
    crmFact("are errors, with the details and the plugin, from hooks and services", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [limits] });
      expect(await failure(crm.teams.create({ id: "t1", name: "Northern" }))).toMatchObject({
        code: "name_too_long",
        message: "team Northern has a name of 8 characters, more than {most}.",
        details: { plugin: "limits", entity: "team", field: "name", name: "Northern", length: 8 },
      });
      expect(await crm.teams.count()).toBe(0);
      for (const code of ["name_too_short", "toString"]) {
        expect(() => crm.limits.error(code)).toThrow(`Plugin "limits" does not declare the error ${code}`);
      }
    }),
    crmFact("are disposed of once, the last plugin first, while the storage is open", async (bench) => {
      const order: string[] = [];
      const one = ending("one", order);
      const crm = await openWith(bench, [ending("two", order), one, definePlugin({ id: "none" })]);
      await crm.accounts.create({ name: "Acme" });
      await Promise.all([crm.close(), crm.as({ actorId: "ann" }).close()]);
      await crm.close();
      expect(order).toEqual(["one 1", "two 1"]);
    }),
    crmFact("are all disposed of, and the storage is closed, when one fails or never ends", async (bench) => {
      const order: string[] = [];
      let closed = 0;
      const options = await bench.options();
      const storage = {
        name: options.storage.name,
        async open(given: never) {
          const opened = await options.storage.open(given);
          return { ...opened, close: () => opened.close().finally(() => closed++) };
        },
      };
      const cause = new Error("no way out.");
      const crm = await openWith(
        bench,
        [
          ending("first", order),
          ending("hanging", order, () => new Promise(() => {})),
          ending("failing", order, () => {
            throw cause;
          }),
        ],
        { storage, waitTimeoutMs: 500 },
      );
      expect(await failure(crm.close())).toMatchObject({
        code: "dispose_failed",
        message: expect.stringMatching(/^Plugin "failing" failed while it was disposed of: no way out\. So did 1 more/),
        details: { plugin: "failing", plugins: ["failing", "hanging"] },
        cause,
      });
      expect(order).toEqual(["failing 0", "hanging 0", "first 0"]);
      expect(closed).toBe(1);
    }),
    crmFact("are the application's own hooks and operations, after those of plugins", async (bench) => {
      const order: string[] = [];
      const first = definePlugin({
        id: "first",
        hooks: { team: { before: async () => void order.push("first") } },
      });
      const crm = await createCrm({
        ...(await bench.options()),
        plugins: [first],
        extend: { team: { motto: text().optional().written("operations") } },
        hooks: {
          team: {
            async before(context, batch) {
              order.push(`app ${await context.teams.count()}`);
              return batch.map(({ input }) => ({ motto: `We are ${input.name}` }));
            },
          },
        },
        operations: (context) => ({
          team: { open: async (id: string) => context.teams.create({ id, name: id.toUpperCase() }) },
        }),
      });
      expect(await crm.teams.open("t1")).toMatchObject({ name: "T1", motto: "We are T1" });
      expect(order).toEqual(["first", "app 0"]);
      expect(await refused(crm.teams.create({ id: "t2", name: "B", motto: "x" } as never))).toMatchObject({
        code: "invalid_input",
        field: "motto",
      });
    }),
    crmFact("are in the unit of their handle: in a savepoint they are undone with it", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [members] });
      await crm.transaction(async (tx) => {
        await tx.members.join("Ann");
        const bob = await tx.members.join("Bob");
        await failure(
          tx.transaction(async (inner) => {
            await inner.members.promote(bob.id);
            await inner.members.join("Cyd");
            throw new Error("no");
          }),
        );
      });
      expect([await crm.members.count(), await crm.members.count({ where: { rank: "full" } })]).toEqual([2, 0]);
    }),
    crmFact("of an outer handle are refused inside of a unit, whichever handle they were taken from", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [members] });
      const { join, joinAndPromote } = crm.members;
      const outer = (call: string) => ({ code: "outer_handle", details: { call } });
      await crm.transaction(async (tx) => {
        expect(await failure(crm.members.join("Ann"))).toMatchObject(outer("members.create"));
        expect(await failure(join("Ann"))).toMatchObject(outer("members.create"));
        expect(await failure(joinAndPromote("Ann"))).toMatchObject(outer("transaction"));
        expect(await failure(crm.members.promote("x"))).toMatchObject(outer("members.promote"));
        await tx.members.join("Bob");
      });
      expect((await crm.members.list()).items.map(({ name }) => name)).toEqual(["Bob"]);
    }),
    crmFact(
      "that stray to an outer handle inside of a service's unit are refused, and the unit is undone",
      async (bench) => {
        const straying = definePlugin({
          id: "straying",
          services: (context) => ({
            stray: () =>
              context.transaction(async (tx) => {
                await tx.teams.create({ id: "t1", name: "A" });
                await context.teams.create({ id: "t2", name: "B" });
              }),
          }),
        });
        const crm = await createCrm({ ...(await bench.options()), plugins: [straying] });
        expect(await failure(crm.straying.stray())).toMatchObject({
          code: "outer_handle",
          details: { call: "teams.create" },
        });
        expect(await crm.teams.count()).toBe(0);
        await crm.teams.create({ id: "t3", name: "C" });
      },
    ),
  ],
};

/** Events: in order, after the commit, never of what was undone. */
import { createCrm } from "@relata/core";
import { type AnyPlugin, definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import * as z from "zod";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { openSample, type SampleCrm } from "./sample-crm.ts";

interface Told {
  readonly name: string;
  readonly recordId: string;
}

/** Notes what happens to crates, in order. */
function listen(crm: SampleCrm): string[] {
  const heard: string[] = [];
  const note = ({ name, recordId }: Told) => heard.push(`${name} ${recordId}`);
  crm.on("crate.created", note);
  crm.on("crate.updated", note);
  crm.on("crate.archived", note);
  crm.on("crate.restored", note);
  crm.on("crate.deleted", note);
  return heard;
}

const tagging = () =>
  definePlugin({
    id: "tagging",
    events: { "account.tagged": z.strictObject({ label: z.string() }) },
    operations: (context) => ({
      account: {
        async tag(id: string, label: string) {
          await context.transaction(async (tx) => {
            await tx.accounts.update(id, { industry: label });
            await tx.emit("account.tagged", id, { label });
            await tx.accounts.update(id, { country: "PT" });
          });
        },
      },
    }),
  });

export const events: CrmSuite = {
  name: "events",
  facts: [
    crmFact("tell of every write of every entity, in the order in which it happened", async (bench) => {
      const crm = await bench.open();
      const heard = listen(crm);
      await crm.crates.createMany([{ id: "c1" }, { id: "c2", outerId: "c1" }]);
      await crm.crates.update("c1", { label: "A" });
      await crm.crates.update("c1", { label: "A" });
      await crm.crates.archive("c2");
      await crm.crates.archive("c2");
      await crm.crates.restore("c2");
      await crm.crates.upsertMany([{ id: "c3" }, { id: "c1", label: "B" }], { by: "id" });
      await crm.crates.delete("c1");
      expect(heard).toEqual([
        "crate.created c1",
        "crate.created c2",
        "crate.updated c1",
        "crate.archived c2",
        "crate.restored c2",
        "crate.created c3",
        "crate.updated c1",
        "crate.deleted c1",
        "crate.deleted c2",
      ]);
    }),
    crmFact("carry the record before and after, who did it, for whom and when", async (bench) => {
      const crm = await bench.open();
      const heard: unknown[] = [];
      crm.on("crate.created", (event) => heard.push(event));
      crm.on("crate.updated", (event) => heard.push(event));
      crm.on("crate.deleted", (event) => heard.push(event));
      const other = crm.as({ tenantId: "other", actorId: "ann" });
      const created = await other.crates.create({ id: "c1" });
      bench.clock.set("2026-06-15T11:00:00Z");
      const updated = await other.crates.update("c1", { label: "A" });
      await crm.at(new Date("2026-01-01T00:00:00Z")).crates.create({ id: "c2" });
      await other.crates.delete("c1");
      const common = { entity: "crate", recordId: "c1", tenantId: "other", actorId: "ann" };
      expect(heard).toMatchObject([
        { name: "crate.created", ...common, at: created.createdAt, data: { after: created, version: 1 } },
        {
          name: "crate.updated",
          ...common,
          at: new Date("2026-06-15T11:00:00Z"),
          data: { before: created, after: updated, version: 2 },
        },
        {
          name: "crate.created",
          recordId: "c2",
          tenantId: "default",
          actorId: null,
          at: new Date("2026-01-01T00:00:00Z"),
        },
        { name: "crate.deleted", ...common, data: { before: updated, version: 2 } },
      ]);
      expect(new Set((heard as { readonly id: string }[]).map(({ id }) => id)).size).toBe(4);
    }),
    crmFact(
      "of a unit come after its commit, in order, without those of savepoints that were undone",
      async (bench) => {
        const crm = await bench.open();
        const heard = listen(crm);
        await crm.transaction(async (tx) => {
          await tx.crates.create({ id: "c1" });
          await tx.transaction(async (inner) => inner.crates.create({ id: "c2" }));
          await failure(
            tx.transaction(async (inner) => {
              await inner.crates.create({ id: "c3" });
              await inner.transaction(async (deeper) => deeper.crates.create({ id: "c4" }));
              throw new Error("no");
            }),
          );
          await tx.crates.update("c1", { label: "A" });
          await tx.crates.validate({ delete: "c2" });
          expect(heard).toEqual([]);
        });
        await failure(
          crm.transaction(async (tx) => {
            await tx.crates.create({ id: "c5" });
            throw new Error("no");
          }),
        );
        await failure(
          crm.transaction(async (tx) => {
            await tx.crates.create({ id: "c6" });
            await failure(tx.crates.create({ id: "c6" }));
          }),
        );
        await crm.crates.validate({ create: { id: "c7" } });
        expect(heard).toEqual(["crate.created c1", "crate.created c2", "crate.updated c1"]);
      },
    ),
    crmFact("tell of what nobody waited for, where it was committed all the same", async (bench) => {
      const careless = definePlugin({
        id: "careless",
        hooks: {
          user: {
            async before(context, batch) {
              for (const { input } of batch) context.teams.create({ id: `of ${input.id}`, name: "T" }).catch(() => {});
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [careless] });
      const heard: string[] = [];
      crm.on("team.created", ({ recordId }) => heard.push(recordId));
      await crm.users.create({ id: "u1", name: "U" });
      await crm.transaction(async (tx) => {
        await tx.users.create({ id: "u2", name: "U" });
        tx.teams.create({ id: "t3", name: "T" }).catch(() => {});
      });
      expect(heard).toEqual((await crm.teams.list({ orderBy: [{ createdAt: "asc" }] })).items.map(({ id }) => id));
      expect(heard.length).toBeGreaterThanOrEqual(2);
    }),
    crmFact("are heard when the write's promise resolves, and what is heard is committed", async (bench) => {
      const crm = await bench.open();
      const counts: Promise<number>[] = [];
      crm.on("crate.created", () => counts.push(crm.crates.count()));
      await crm.crates.create({ id: "c1" });
      await crm.transaction(async (tx) => tx.crates.createMany([{ id: "c2" }, { id: "c3" }]));
      expect(await Promise.all(counts)).toEqual([1, 3, 3]);
    }),
    crmFact("go to every listener: one that throws or changes them stops no other, and no caller", async (bench) => {
      const errors: unknown[] = [];
      const crm = await openSample({ ...(await bench.options()), onError: (error) => errors.push(error) });
      const heard: unknown[] = [];
      crm.on("crate.created", (event) => {
        Object.assign(event, { recordId: "x" });
        Object.assign(event.data.after, { label: "Mallory" });
      });
      crm.on("crate.created", () => {
        throw new Error("at once");
      });
      crm.on("crate.created", () => Promise.reject(null));
      crm.on("crate.created", ({ recordId, data }) => heard.push([recordId, data.after.label]));
      expect(await crm.crates.create({ id: "c1", label: "A" })).toMatchObject({ label: "A" });
      await crm.crates.count();
      expect(heard).toEqual([["c1", "A"]]);
      expect(errors).toMatchObject([
        { code: "listener_failed", details: { event: "crate.created" }, cause: new Error("at once") },
        { code: "listener_failed", cause: null },
      ]);
    }),
    crmFact("are not heard any more by a listener that was stopped", async (bench) => {
      const crm = await bench.open();
      const heard: string[] = [];
      const stop = crm.on("crate.created", ({ recordId }) => heard.push(`first ${recordId}`));
      crm.on("crate.created", ({ recordId }) => heard.push(`second ${recordId}`));
      await crm.crates.create({ id: "c1" });
      stop();
      stop();
      await crm.crates.create({ id: "c2" });
      expect(heard).toEqual(["first c1", "second c1", "second c2"]);
    }),
    crmFact("are declared by plugins and by the application, and emitted among the others", async (bench) => {
      const crm = await createCrm({
        ...(await bench.options()),
        plugins: [tagging()],
        events: { "account.visited": z.strictObject({ by: z.string(), guests: z.array(z.string()).default([]) }) },
      });
      const heard: unknown[] = [];
      const note = ({ name, data }: { readonly name: string; readonly data: unknown }) => {
        heard.push(name === "account.updated" ? name : [name, data]);
      };
      crm.on("account.updated", note);
      crm.on("account.tagged", note);
      crm.on("account.visited", note);
      const { id } = await crm.accounts.create({ name: "Acme" });
      await crm.accounts.tag(id, "retail");
      await crm.emit("account.visited", id, { by: "ann" } as never);
      await crm.transaction(async (tx) => tx.emit("account.tagged", id, { label: "vip" }));
      await failure(
        crm.transaction(async (tx) => {
          await tx.emit("account.tagged", id, { label: "never" });
          throw new Error("no");
        }),
      );
      expect(heard).toEqual([
        "account.updated",
        ["account.tagged", { label: "retail" }],
        "account.updated",
        ["account.visited", { by: "ann", guests: [] }],
        ["account.tagged", { label: "vip" }],
      ]);
    }),
    crmFact("that are not as they were declared are refused at once, heard or not", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [tagging()] });
      const { id } = await crm.accounts.create({ name: "Acme" });
      const emit = crm.emit as (name: unknown, recordId: unknown, data: unknown) => Promise<void>;
      for (const [name, recordId, data, field] of [
        ["account.tagged", id, { label: 5 }, "label"],
        ["account.tagged", id, {}, "label"],
        ["account.tagged", id, { label: "x", more: 1 }, "more"],
        ["account.tagged", id, undefined, ""],
        ["account.tagged", "no uuid", { label: "x" }, "recordId"],
        ["account.tagged", 5, { label: "x" }, "recordId"],
        ["account.updated", id, {}, "name"],
        ["account.lost", id, {}, "name"],
        [undefined, id, {}, "name"],
        ["__proto__", id, {}, "name"],
        [Object.create(null), id, {}, "name"],
      ] as const) {
        expect(await refused(emit(name, recordId, data))).toMatchObject({ code: "invalid_input", field });
      }
    }),
    crmFact("of many records are emitted at once, or none of them", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [tagging()] });
      const made = await crm.accounts.createMany([{ name: "One" }, { name: "Two" }]);
      const heard: string[] = [];
      crm.on("account.tagged", ({ recordId, data }) => heard.push(`${recordId} ${data.label}`));
      const events = made.map(({ id }, i) => ({ recordId: id, data: { label: `tag ${i}` } }));
      await crm.emitMany("account.tagged", events);
      await crm.emitMany("account.tagged", []);
      expect(heard).toEqual([`${made[0]!.id} tag 0`, `${made[1]!.id} tag 1`]);
      const half = [events[0]!, { recordId: made[1]!.id, data: { label: 5 } }] as never;
      expect(await failure(crm.emitMany("account.tagged", half))).toMatchObject({
        code: "invalid_input",
        details: { field: "label", index: 1 },
      });
      for (const odd of [undefined, null, {}, "x", [null], [1]])
        expect(await refused(crm.emitMany("account.tagged", odd as never))).toMatchObject({ code: "invalid_input" });
      expect(heard).toHaveLength(2);
    }),
    crmFact("are not emitted by a handle that reads the past", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [tagging()] });
      const { id } = await crm.accounts.create({ name: "Acme" });
      const heard: unknown[] = [];
      crm.on("account.tagged", (event) => heard.push(event));
      const past = crm.asOf(new Date(bench.clock.now()));
      expect(await failure(past.emit("account.tagged", id, { label: "x" }))).toMatchObject({
        code: "past_is_read_only",
        details: { call: "emit" },
      });
      expect(heard).toEqual([]);
    }),
    crmFact("are listened to by names that exist, on the handle that createCrm gives", async (bench) => {
      const crm = await bench.open();
      const on = crm.on as (name: unknown, listener: unknown) => () => void;
      const told = (call: () => unknown) => failure(Promise.resolve().then(call));
      for (const name of [
        "crate.lost",
        "crat.created",
        "crate.created.",
        "eventDelivery.created",
        "",
        undefined,
        Object.create(null),
        "crate",
      ])
        expect(await told(() => on(name, () => {}))).toMatchObject({ code: "invalid_input" });
      expect(await told(() => on("crate.created", "x"))).toMatchObject({ code: "invalid_input" });
      for (const handle of [crm.as({ tenantId: "other" }), crm.at(new Date(0)), crm.as({})])
        expect(await told(() => handle.on("crate.created", () => {}))).toMatchObject({ code: "invalid_input" });
      await crm.transaction(async (tx) => {
        expect(await told(() => tx.on("crate.created", () => {}))).toMatchObject({ code: "invalid_input" });
      });
    }),
    crmFact("that are declared badly are refused when the CRM is made", async (bench) => {
      const plugin = (id: string, rest: object) => definePlugin({ id, ...rest } as never) as AnyPlugin;
      const opened = async (...plugins: readonly AnyPlugin[]) =>
        failure(createCrm({ ...(await bench.options()), plugins: plugins as unknown as readonly [] }));
      const schema = z.strictObject({});
      for (const rest of [
        { events: { "acount.tagged": schema } },
        { events: { account: schema } },
        { events: { "account.Tagged": schema } },
        { events: { "account.updated": schema } },
        { events: { "account.erased": schema } },
        { events: { "eventDelivery.sent": schema } },
        { events: { "account.tagged": {} } },
        { events: { "account.tagged": null } },
        { subscribers: { sync: { on: [], deliver() {} } } },
        { subscribers: { sync: { on: ["account.lost"], deliver() {} } } },
        { subscribers: { sync: { on: ["eventDelivery.created"], deliver() {} } } },
        { subscribers: { sync: { on: ["account.created"] } } },
        { subscribers: { sync: null } },
        { subscribers: { "": { on: ["account.created"], deliver() {} } } },
      ]) {
        expect(await opened(plugin("odd", rest))).toMatchObject({ code: "schema_invalid" });
      }
      const sync = { subscribers: { sync: { on: ["account.created"], deliver() {} } } };
      for (const rest of [{ events: { "account.tagged": schema } }, sync]) {
        expect(await opened(plugin("one", rest), plugin("two", rest))).toMatchObject({
          code: "plugin_conflict",
          details: { plugins: ["one", "two"] },
        });
      }
    }),
    crmFact("cost nothing where nobody listens: not an id is made for them", async (bench) => {
      const options = await bench.options();
      const asked: number[] = [];
      const random = (length: number) => {
        asked.push(length);
        return options.random!(length);
      };
      const crm = await openSample({ ...options, random });
      for (let i = 0; i < 200; i++) await crm.crates.create({ id: `c${i}` });
      expect(asked).toEqual([]);
    }),
  ],
};

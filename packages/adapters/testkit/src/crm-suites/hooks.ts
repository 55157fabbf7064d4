/** Hooks: batches before and after a write, in its unit; they patch, refuse, and write along. */

import { CrmError, createCrm } from "@relata/core";
import { type AnyPlugin, definePlugin, integer, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import type { SampleCrm } from "./sample-crm.ts";

/** Fills a field that only it writes, and counts what it sees. */
function scoring(seen: string[] = []) {
  return definePlugin({
    id: "scoring",
    extend: { team: { score: integer().optional().written("operations"), motto: text().optional().written("once") } },
    hooks: {
      team: {
        async before(_, batch) {
          seen.push(`before ${batch.map(({ input, before }) => `${input.id}${before ? "!" : ""}`).join()}`);
          return batch.map(({ input }) =>
            input.name === undefined || input.name === "plain" ? undefined : { score: input.name.length },
          );
        },
        async after(_, batch) {
          seen.push(
            `after ${batch.map(({ before, after }) => `${before?.score ?? "-"}>${after?.score ?? "-"}`).join()}`,
          );
        },
      },
    },
    operations: (context) => ({ team: { rate: (id: string, score: number) => context.teams.update(id, { score }) } }),
  });
}

export const hooks: CrmSuite = {
  name: "hooks",
  facts: [
    crmFact("are called once for each write, with all of its records", async (bench) => {
      const seen: string[] = [];
      const crm = await createCrm({ ...(await bench.options()), plugins: [scoring(seen)] });
      await crm.teams.createMany([
        { id: "t1", name: "abc" },
        { id: "t2", name: "plain" },
      ]);
      await crm.teams.updateMany([
        { id: "t1", name: "abcd" },
        { id: "t2", name: "ab" },
      ]);
      await crm.teams.upsertMany(
        [
          { id: "t1", name: "x" },
          { id: "t3", name: "xy" },
        ],
        { by: "id" },
      );
      await crm.teams.archive("t1");
      await crm.teams.delete("t2");
      expect(seen).toEqual([
        "before t1,t2",
        "after ->3,->-",
        "before t1!,t2!",
        "after 3>4,->2",
        "before t3",
        "after ->2",
        "before t1!",
        "after 4>1",
        "before t1!",
        "after 1>1",
        "after 2>-",
      ]);
    }),
    crmFact("patch what is about to be written, and each sees what those before it have added", async (bench) => {
      const seen: unknown[] = [];
      const first = definePlugin({
        id: "first",
        hooks: {
          account: { before: async (_, batch) => batch.map(({ input }) => ({ industry: `${input.name} industry` })) },
        },
      });
      const second = definePlugin({
        id: "second",
        requires: [first],
        hooks: {
          account: {
            async before(_, batch) {
              seen.push(...batch.map(({ input }) => input.industry));
              return batch.map(() => ({ country: "PT" }));
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [first, second] });
      const acme = await crm.accounts.create({ name: "Acme", industry: "given" });
      expect(acme).toMatchObject({ industry: "Acme industry", country: "PT" });
      expect(await crm.accounts.get(acme.id)).toEqual(acme);
      expect(seen).toEqual(["Acme industry"]);
    }),
    crmFact("of one plugin may be a list, which runs in its order", async (bench) => {
      const seen: string[] = [];
      const named = (word: string) => ({
        before: async (_: unknown, batch: readonly { readonly input: { readonly name?: string } }[]) =>
          batch.map(({ input }) => ({ name: `${input.name} ${word}` })),
        after: async () => void seen.push(word),
      });
      const hooks = { team: [named("one"), { after: async () => void seen.push("two") }, named("three")] };
      const crm = await createCrm({ ...(await bench.options()), hooks });
      expect((await crm.teams.create({ id: "t1", name: "abc" })).name).toBe("abc one three");
      expect(seen).toEqual(["one", "two", "three"]);
    }),
    crmFact("see the id before it is written, the defaults, and the record as it is", async (bench) => {
      const seen: unknown[] = [];
      const watching = definePlugin({
        id: "watching",
        hooks: {
          activity: {
            async before(_, batch) {
              seen.push(
                batch.map(({ input, before }) => [typeof input.id, input.done, before?.subject, before?.version]),
              );
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [watching] });
      const { id } = await crm.activities.create({ kind: "call", subject: "One" });
      await crm.activities.update(id, { subject: "Two" });
      expect(seen).toEqual([[["string", false, undefined, undefined]], [["string", undefined, "One", 1]]]);
    }),
    crmFact("refuse a write by throwing, and nothing is left of it", async (bench) => {
      const guarding = definePlugin({
        id: "guarding",
        hooks: {
          team: {
            async before(context, batch) {
              await context.users.create({ id: `${batch[0]!.input.id} ${batch[0]!.input.name}`, name: "trace" });
              if (batch.some(({ input }) => input.name === "bad"))
                throw new CrmError("too_bad", "No.", { details: { entity: "team", field: "name" } });
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [guarding] });
      expect(
        await refused(
          crm.teams.createMany([
            { id: "t1", name: "good" },
            { id: "t2", name: "bad" },
          ]),
        ),
      ).toEqual({ code: "too_bad", entity: "team", field: "name" });
      expect([await crm.teams.count(), await crm.users.count()]).toEqual([0, 0]);
      await crm.teams.create({ id: "t1", name: "good" });
      expect(await refused(crm.teams.update("t1", { name: "bad" }))).toMatchObject({ code: "too_bad" });
      expect(await crm.teams.get("t1")).toMatchObject({ name: "good", version: 1 });
      expect(await crm.users.count()).toBe(1);
    }),
    crmFact("undo the write by throwing after it; for create, update, upsert and delete", async (bench) => {
      let strict = false;
      const regretting = definePlugin({
        id: "regretting",
        hooks: {
          team: {
            async after(context, batch) {
              await context.users.createMany(
                batch.map(({ before, after }) => ({
                  id: `${(after ?? before)?.id} ${before?.version ?? 0}-${after?.version ?? 0}`,
                  name: "trace",
                })),
              );
              if (strict) throw new TypeError("regret");
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [regretting] });
      await crm.teams.create({ id: "t1", name: "A" });
      strict = true;
      for (const write of [
        () => crm.teams.create({ id: "t2", name: "B" }),
        () => crm.teams.update("t1", { name: "B" }),
        () => crm.teams.upsert({ id: "t1", name: "B" }, { by: "id" }),
        () => crm.teams.archive("t1"),
        () => crm.teams.delete("t1"),
      ]) {
        expect(await failure(write())).toMatchObject({ code: "hook_failed", cause: new TypeError("regret") });
      }
      expect((await crm.teams.list()).items.map(({ id, name, version }) => `${id} ${name} ${version}`)).toEqual([
        "t1 A 1",
      ]);
      expect((await crm.users.list()).items.map(({ id }) => id)).toEqual(["t1 0-1"]);
    }),
    crmFact("fail the unit they are in when they throw after it has written, and not before", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [throwing("before")] });
      await crm.transaction(async (tx) => {
        await tx.users.create({ id: "u1", name: "U" });
        expect(await failure(tx.teams.create({ id: "t1", name: "A" }))).toMatchObject({ cause: new Error("before") });
        await tx.users.create({ id: "u2", name: "U" });
      });
      expect(await crm.users.count()).toBe(2);
      const other = await createCrm({ ...(await bench.options()), plugins: [throwing("after")] });
      expect(
        await failure(
          other.transaction(async (tx) => {
            await tx.users.create({ id: "u1", name: "U" });
            expect(await failure(tx.teams.create({ id: "t1", name: "A" }))).toMatchObject({
              cause: new Error("after"),
            });
          }),
        ),
      ).toMatchObject({ code: "unit_failed", cause: { cause: new Error("after") } });
      expect([await other.users.count(), await other.teams.count()]).toEqual([0, 0]);
    }),
    crmFact(
      "fail the unit they are in when they throw after they have written along, in whatever way",
      async (bench) => {
        const ways: readonly ((
          context: Pick<SampleCrm, "users" | "opportunities" | "transaction">,
        ) => Promise<unknown>)[] = [
          (context) => context.users.create({ id: "u2", name: "U" }),
          (context) => context.opportunities.create({ name: "O" }),
          (context) => context.transaction((tx) => tx.opportunities.create({ name: "O" })),
        ];
        for (const write of ways) {
          const along = definePlugin({
            id: "along",
            hooks: {
              team: {
                async before(context) {
                  await write(context as never);
                  throw new Error("too late");
                },
              },
            },
          });
          const crm = await createCrm({ ...(await bench.options()), plugins: [along] });
          const unit = crm.transaction(async (tx) => {
            await tx.users.create({ id: "u1", name: "U" });
            expect(await failure(tx.teams.create({ id: "t1", name: "A" }))).toMatchObject({
              cause: new Error("too late"),
            });
          });
          expect(await failure(unit)).toMatchObject({ code: "unit_failed", cause: { cause: new Error("too late") } });
          expect([await crm.users.count(), await crm.opportunities.count()]).toEqual([0, 0]);
        }
      },
    ),
    crmFact("write the fields that only their plugin's operations write, as its operations do", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [scoring()] });
      expect(await crm.teams.create({ id: "t1", name: "abc" })).toMatchObject({ score: 3 });
      expect(await crm.teams.create({ id: "t2", name: "plain" })).toMatchObject({ score: null });
      expect(await crm.teams.rate("t2", 9)).toMatchObject({ score: 9, version: 2 });
      expect(await refused(crm.teams.create({ id: "t3", name: "x", score: 5 } as never))).toEqual({
        code: "invalid_input",
        entity: "team",
        field: "score",
      });
      expect(await refused(crm.teams.update("t1", { score: 5 } as never))).toEqual({
        code: "invalid_input",
        entity: "team",
        field: "score",
      });
    }),
    crmFact("may not write what another plugin's operations write, nor what the SDK writes", async (bench) => {
      const meddling = (patch: object): AnyPlugin =>
        definePlugin({
          id: "meddling",
          hooks: { team: { before: async (_: never, batch: readonly object[]) => batch.map(() => patch) } },
        } as never) as AnyPlugin;
      for (const patch of [
        { score: 1 },
        { version: 9 },
        { createdBy: "x" },
        { id: "t9" },
        { archivedAt: new Date(0) },
        { nothing: 1 },
      ]) {
        const [field] = Object.keys(patch);
        const crm = await createCrm({
          ...(await bench.options()),
          plugins: [scoring(), meddling(patch)] as unknown as readonly [],
        });
        expect(await refused(crm.teams.create({ id: "t1", name: "A" }))).toEqual({
          code: "invalid_input",
          entity: "team",
          field,
        });
        expect(await crm.teams.count()).toBe(0);
      }
    }),
    crmFact("may not patch in what is not valid", async (bench) => {
      const bending = (patch: unknown): AnyPlugin =>
        definePlugin({ id: "bending", hooks: { team: { before: async () => [patch] } } } as never) as AnyPlugin;
      for (const [patch, field] of [
        [{ name: 5 }, "name"],
        [{ name: null }, "name"],
        [{ managerId: "\0" }, "managerId"],
        [null, ""],
        ["x", ""],
        [JSON.parse('{"__proto__":{"name":"x"}}'), "__proto__"],
      ] as const) {
        const crm = await createCrm({
          ...(await bench.options()),
          plugins: [bending(patch)] as unknown as readonly [],
        });
        expect(await refused(crm.teams.create({ id: "t1", name: "A" }))).toEqual({
          code: "invalid_input",
          entity: "team",
          field,
        });
        expect(await crm.teams.count()).toBe(0);
      }
    }),
    crmFact("write along in the unit of the write, and their writes have hooks too", async (bench) => {
      const chaining = definePlugin({
        id: "chaining",
        hooks: {
          account: {
            async after(context, batch) {
              for (const { after } of batch)
                if (after && after.name.length < 4)
                  await context.accounts.create({ name: `${after.name}+`, parentId: after.id });
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [chaining] });
      await crm.accounts.create({ name: "A" });
      expect((await crm.accounts.list()).items.map(({ name }) => name)).toEqual(["A", "A+", "A++", "A+++"]);
      await failure(
        crm.transaction(async (tx) => {
          await tx.accounts.create({ name: "B" });
          expect(await tx.accounts.count()).toBe(8);
          throw new Error("no");
        }),
      );
      expect(await crm.accounts.count()).toBe(4);
    }),
    crmFact("are called for what a deletion detaches and takes along", async (bench) => {
      const seen: string[] = [];
      const note = (entity: string) => ({
        async after(
          _: unknown,
          batch: readonly { before?: { id: string }; after?: { id: string; version: number } }[],
        ) {
          seen.push(
            ...batch.map(({ before, after }) => `${entity} ${before?.id} ${after ? `v${after.version}` : "gone"}`),
          );
        },
      });
      const watching = definePlugin({ id: "watching", hooks: { user: note("user"), team: note("team") } as never });
      const crm = await createCrm({ ...(await bench.options()), plugins: [watching] as unknown as readonly [] });
      await crm.teams.create({ id: "t1", name: "T" });
      await crm.users.createMany([
        { id: "u1", name: "U", teamId: "t1" },
        { id: "u2", name: "V", managerId: "u1" },
      ]);
      seen.length = 0;
      await crm.teams.delete("t1");
      await crm.users.delete("u1");
      expect(seen).toEqual(["user u1 v2", "team t1 gone", "user u2 v2", "user u1 gone"]);
    }),
  ],
};

function throwing(phase: "before" | "after") {
  const hook = async () => {
    throw new Error(phase);
  };
  return definePlugin({ id: "throwing", hooks: { team: phase === "before" ? { before: hook } : { after: hook } } });
}

/** The last phase of hooks: after the commit, once for each unit, and a failure of nobody else's. */
import { CrmError, createCrm } from "@relata/core";
import { definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";

interface Named {
  readonly id: string;
  readonly name?: string | null;
}
type Batch = readonly { readonly before?: Named; readonly after?: Named }[];

const told = (batch: Batch) => batch.map(({ before, after }) => `${before?.name ?? "-"}>${after?.name ?? "-"}`).join();

/** Notes each call: who it was called for, and what had changed. */
function watching(seen: string[]) {
  const note = (entity: string) => ({
    async committed(context: { readonly actorId: string | null }, batch: Batch) {
      seen.push(`${entity} ${context.actorId ?? "nobody"} ${told(batch)}`);
    },
  });
  return definePlugin({ id: "watching", hooks: { team: note("team"), user: note("user"), queue: note("queue") } });
}

export const committedHooks: CrmSuite = {
  name: "hooks after the commit",
  facts: [
    crmFact("are called for every kind of write, before its promise resolves", async (bench) => {
      const seen: string[] = [];
      const crm = await createCrm({ ...(await bench.options()), plugins: [watching(seen)] });
      await crm.teams.createMany([
        { id: "t1", name: "A" },
        { id: "t2", name: "B" },
      ]);
      await crm.teams.update("t1", { name: "C" });
      await crm.teams.update("t1", { name: "C" });
      await crm.teams.upsert({ id: "t2", name: "D" }, { by: "id" });
      await crm.teams.archive("t2");
      await crm.teams.delete("t1");
      expect(seen).toEqual([
        "team nobody ->A,->B",
        "team nobody A>C",
        "team nobody B>D",
        "team nobody D>D",
        "team nobody C>-",
      ]);
    }),
    crmFact("are called once for each unit and entity, with all of its writes in order", async (bench) => {
      const seen: string[] = [];
      const crm = await createCrm({ ...(await bench.options()), plugins: [watching(seen)] });
      await crm.transaction(async (tx) => {
        await tx.teams.create({ id: "t1", name: "A" });
        await tx.users.create({ id: "u1", name: "U" });
        await tx.transaction(async (inner) => inner.teams.update("t1", { name: "B" }));
        await tx.teams.create({ id: "t2", name: "C" });
        expect(seen).toEqual([]);
      });
      expect(seen).toEqual(["team nobody ->A,A>B,->C", "user nobody ->U"]);
    }),
    crmFact("are never called for what was undone: a unit, a savepoint, a dry run", async (bench) => {
      const seen: string[] = [];
      const crm = await createCrm({ ...(await bench.options()), plugins: [watching(seen)] });
      await failure(
        crm.transaction(async (tx) => {
          await tx.teams.create({ id: "t1", name: "A" });
          throw new Error("no");
        }),
      );
      await crm.transaction(async (tx) => {
        await tx.teams.create({ id: "t1", name: "B" });
        await failure(
          tx.transaction(async (inner) => {
            await inner.teams.create({ id: "t2", name: "C" });
            await inner.transaction(async (deeper) => deeper.teams.create({ id: "t3", name: "D" }));
            throw new Error("no");
          }),
        );
        await tx.teams.validate({ create: { id: "t4", name: "E" } });
      });
      await crm.teams.validate({ create: { id: "t4", name: "E" } });
      await failure(crm.teams.create({ id: "t1", name: "F" }));
      await crm.teams.createMany(
        [
          { id: "t5", name: "G" },
          { id: "t1", name: "H" },
        ],
        { onError: "continue" },
      );
      expect(seen).toEqual(["team nobody ->B", "team nobody ->G"]);
    }),
    crmFact("have the tenant and the actor of the write, and stand outside of the unit", async (bench) => {
      const seen: string[] = [];
      const counting = definePlugin({
        id: "counting",
        hooks: {
          team: {
            async committed(context, batch) {
              await context.users.create({ id: `of ${batch[0]!.after!.id}`, name: "made after the commit" });
              seen.push(`${context.actorId} sees ${await context.teams.count()}`);
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [counting] });
      const other = crm.as({ tenantId: "other", actorId: "ann" });
      await other.teams.create({ id: "t1", name: "A" });
      await crm.transaction(async (tx) => {
        await tx.as({ actorId: "bob" }).teams.create({ id: "t2", name: "B" });
        await tx.as({ tenantId: "other", actorId: "cid" }).teams.create({ id: "t3", name: "C" });
      });
      expect(seen).toEqual(["ann sees 1", "bob sees 1", "cid sees 2"]);
      expect((await other.users.list()).items.map(({ id, createdBy }) => [id, createdBy])).toEqual([
        ["of t1", "ann"],
        ["of t3", "cid"],
      ]);
    }),
    crmFact("stop neither the caller nor each other when they throw; the application is told", async (bench) => {
      const errors: unknown[] = [];
      const seen: string[] = [];
      const throwing = definePlugin({
        id: "throwing",
        hooks: {
          team: {
            committed: () => Promise.reject(null),
          },
        },
      });
      const refusing = definePlugin({
        id: "refusing",
        hooks: {
          team: {
            committed() {
              throw new CrmError("too_late", "No.");
            },
          },
        },
      });
      const crm = await createCrm({
        ...(await bench.options()),
        plugins: [throwing, refusing, watching(seen)],
        onError: (error) => {
          errors.push(error);
          throw new Error("and this is nobody's either");
        },
      });
      const silenced = silenceConsole();
      expect(await crm.teams.create({ id: "t1", name: "A" })).toMatchObject({ id: "t1", version: 1 });
      silenced();
      expect(errors).toMatchObject([
        { code: "hook_failed", cause: null, details: { plugin: "throwing", entity: "team", phase: "committed" } },
        { code: "too_late" },
      ]);
      expect(seen).toEqual(["team nobody ->A"]);
      expect(await crm.teams.count()).toBe(1);
    }),
    crmFact("that never end are given up, and the application is told", async (bench) => {
      const errors: unknown[] = [];
      const hanging = definePlugin({
        id: "hanging",
        hooks: { team: { committed: () => new Promise<void>(() => {}) } },
      });
      const crm = await createCrm({
        ...(await bench.options()),
        plugins: [hanging],
        hookTimeoutMs: 20,
        onError: (error) => errors.push(error),
      });
      await crm.teams.create({ id: "t1", name: "A" });
      expect(errors).toMatchObject([{ code: "hook_timeout", details: { plugin: "hanging", phase: "committed" } }]);
      expect(await crm.teams.count()).toBe(1);
    }),
    crmFact("that write the same entity again and again are stopped", async (bench) => {
      const errors: unknown[] = [];
      const looping = definePlugin({
        id: "looping",
        hooks: {
          team: {
            async committed(context, batch) {
              for (const { after } of batch)
                if (after) await context.teams.update(after.id, { name: `${after.name}!` });
            },
          },
        },
      });
      const crm = await createCrm({
        ...(await bench.options()),
        plugins: [looping],
        onError: (error) => errors.push(error),
      });
      await crm.teams.create({ id: "t1", name: "A" });
      expect(errors).toMatchObject([{ code: "hook_depth" }]);
      expect(await crm.teams.get("t1")).toMatchObject({ name: "A!!!!!!!!!!!!!!!!", version: 17 });
    }),
    crmFact("cost no transaction: a single write stays a single statement", async (bench) => {
      const { crm, calls } = await bench.openCounted({ plugins: [watching([])] });
      await crm.queues.create({ key: "a", name: "A" });
      expect(calls).toMatchObject({ begin: 0, write: 1 });
    }),
  ],
};

/** What the application's own `onError` throws is written to the console; a test has no use for it there. */
function silenceConsole(): () => void {
  const { error } = console;
  console.error = () => {};
  return () => {
    console.error = error;
  };
}

/** What hooks may not do: take for ever, call each other for ever; and how they refuse a deletion. */
import { CrmError, createCrm } from "@relata/core";
import { type AnyPlugin, definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import type { SampleCrm } from "./sample-crm.ts";

type Context = Pick<SampleCrm, "teams" | "users" | "transaction">;

const forever = () => new Promise<never>(() => {});

/** A hook of teams that does `work` and takes for ever; it leaves its context behind. */
function hanging(phase: "before" | "after", left: Context[], work: (context: Context) => Promise<unknown>): AnyPlugin {
  const hook = async (context: Context) => {
    left.push(context);
    await work(context);
    await forever();
  };
  return definePlugin({ id: "hanging", hooks: { team: { [phase]: hook } } } as never) as AnyPlugin;
}

export const hookLimits: CrmSuite = {
  name: "limits of hooks",
  facts: [
    crmFact(
      "a hook that never ends is cut off, its unit undone, its context closed; the next write works",
      async (bench) => {
        const works: readonly ((context: Context) => Promise<unknown>)[] = [
          async () => {},
          (context) => context.users.create({ id: "u1", name: "U" }),
          // It takes for ever inside of a savepoint, which holds the turn of its unit.
          (context) =>
            context.transaction(async (tx) => {
              await tx.users.create({ id: "u1", name: "U" });
              await forever();
            }),
        ];
        for (const phase of ["before", "after"] as const) {
          for (const work of works) {
            const left: Context[] = [];
            const crm = await createCrm({
              ...(await bench.options()),
              plugins: [hanging(phase, left, work)] as unknown as readonly [],
              hookTimeoutMs: 30,
            });
            expect(await failure(crm.teams.create({ id: "t1", name: "A" }))).toMatchObject({
              code: "hook_timeout",
              details: { plugin: "hanging", entity: "team", phase, timeoutMs: 30 },
            });
            expect(await failure(left[0]!.users.create({ id: "u2", name: "U" }))).toMatchObject({
              code: "unit_closed",
            });
            await crm.users.create({ id: "u3", name: "U" });
            expect([await crm.teams.count(), (await crm.users.list()).items.map(({ id }) => id)]).toEqual([0, ["u3"]]);
          }
        }
      },
    ),
    crmFact("inside of a transaction it fails the transaction, but not what is around its savepoint", async (bench) => {
      const left: Context[] = [];
      const work = (context: Context) =>
        context.transaction(async (tx) => {
          await tx.users.create({ id: "u1", name: "U" });
          await forever();
        });
      const crm = await createCrm({
        ...(await bench.options()),
        plugins: [hanging("after", left, work)] as unknown as readonly [],
        hookTimeoutMs: 30,
      });
      expect(
        await failure(
          crm.transaction(async (tx) => {
            await failure(tx.teams.create({ id: "t1", name: "A" }));
          }),
        ),
      ).toMatchObject({ code: "unit_failed", cause: { code: "hook_timeout" } });
      await crm.transaction(async (tx) => {
        await tx.users.create({ id: "u2", name: "U" });
        await failure(tx.transaction((inner) => inner.teams.create({ id: "t2", name: "B" })));
        await tx.users.create({ id: "u3", name: "U" });
      });
      expect([await crm.teams.count(), (await crm.users.list()).items.map(({ id }) => id)]).toEqual([0, ["u2", "u3"]]);
    }),
    crmFact("hooks that call each other for ever are stopped, and the message prints the chain", async (bench) => {
      const teams = definePlugin({
        id: "teams",
        hooks: {
          team: {
            async after(context, batch) {
              for (const { after } of batch) if (after) await context.users.create({ id: `${after.id}u`, name: "U" });
            },
          },
        },
      });
      const users = definePlugin({
        id: "users",
        hooks: {
          user: {
            async before(context, batch) {
              for (const { input } of batch) await context.teams.create({ id: `${input.id}t`, name: "T" });
            },
          },
        },
      } as const);
      const renamed = { ...teams, id: "teaming", definition: { ...teams.definition, id: "teaming" } };
      const using = { ...users, id: "using", definition: { ...users.definition, id: "using" } };
      const crm = await createCrm({ ...(await bench.options()), plugins: [renamed, using] as unknown as readonly [] });
      const error = (await failure(crm.teams.create({ id: "t1", name: "A" }))) as CrmError;
      expect(error).toMatchObject({ code: "hook_depth", details: { plugin: "teaming", entity: "team" } });
      expect(error.message).toContain(
        "team.after (teaming) → user.before (using) → team.after (teaming) → user.before (using) → ",
      );
      expect(error.details.chain).toHaveLength(17);
      expect([await crm.teams.count(), await crm.users.count()]).toEqual([0, 0]);
      await crm.opportunities.create({ name: "O" });
    }),
    crmFact("a plugin may refuse a deletion, also one that follows from another", async (bench) => {
      const guarding = definePlugin({
        id: "guarding",
        hooks: {
          activity: {
            async beforeDelete(_, batch) {
              if (batch.some(({ before }) => before.done))
                throw new CrmError("kept_for_the_record", "What is done is not deleted.", {
                  details: { entity: "activity" },
                });
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [guarding] });
      const done = await crm.activities.create({ kind: "call", subject: "One", done: true });
      const open = await crm.activities.create({ kind: "call", subject: "Two" });
      expect(await failure(crm.activities.delete(done.id))).toMatchObject({ code: "kept_for_the_record" });
      await crm.activities.delete(open.id);
      expect((await crm.activities.list()).items.map(({ subject }) => subject)).toEqual(["One"]);
      expect(await crm.activities.validate({ delete: done.id })).toMatchObject({ ok: false });
    }),
    crmFact(
      "before a deletion hooks are asked about all that would go, and may take away what stands against it",
      async (bench) => {
        const asked: string[] = [];
        const clearing = definePlugin({
          id: "clearing",
          hooks: {
            account: {
              async beforeDelete(context, batch) {
                asked.push(...batch.map(({ before }) => `account ${before.name}`));
                for (const { before } of batch) {
                  const deals = await context.opportunities.list({ where: { accountId: before.id } });
                  for (const deal of deals.items) await context.opportunities.update(deal.id, { accountId: null });
                }
              },
            },
          },
        });
        const crm = await createCrm({ ...(await bench.options()), plugins: [clearing] });
        const acme = await crm.accounts.create({ name: "Acme" });
        const deal = await crm.opportunities.create({ name: "Deal", accountId: acme.id });
        await crm.accounts.delete(acme.id);
        expect(asked).toEqual(["account Acme"]);
        expect(await crm.accounts.count({ archived: "include" })).toBe(0);
        expect(await crm.opportunities.get(deal.id)).toMatchObject({ accountId: null, version: 2 });
      },
    ),
    crmFact("limits that are none are refused when the CRM is made", async (bench) => {
      for (const [options, field] of [
        [{ hookTimeoutMs: 0 }, "hookTimeoutMs"],
        [{ hookTimeoutMs: Number.NaN }, "hookTimeoutMs"],
        [{ waitTimeoutMs: 3_000_000_000 }, "waitTimeoutMs"],
        [{ outbox: { drainEveryMs: -1 } }, "outbox.drainEveryMs"],
        [{ outbox: { maxAttempts: 0 } }, "outbox.maxAttempts"],
        [{ outbox: { firstRetryMs: "1" } }, "outbox.firstRetryMs"],
        [{ outbox: { attempts: 3 } }, "outbox.attempts"],
        [{ outbox: 5 }, "outbox"],
        [{ onError: "log" }, "onError"],
        [{ clock: 5 }, "clock"],
        [{ random: {} }, "random"],
      ] as const) {
        expect(await refused(createCrm({ ...(await bench.options()), ...options } as never))).toEqual({
          code: "invalid_input",
          entity: "createCrm",
          field,
        });
      }
    }),
    crmFact("what is no hook is refused when it is installed", async (bench) => {
      for (const [hooks, message] of [
        [{ team: { before: "now" } }, /hooks\.team\.before must be a function/],
        [
          { team: { befor: async () => {} } },
          /befor is no phase: hooks run before, beforeDelete, merging, unmerging, after, committed/,
        ],
        [{ team: null }, /hooks\.team must be an object/],
        [{ team: async () => {} }, /hooks\.team must be an object/],
      ] as const) {
        const plugin = definePlugin({ id: "odd", hooks } as never) as AnyPlugin;
        const error = await failure(
          createCrm({ ...(await bench.options()), plugins: [plugin] as unknown as readonly [] }),
        );
        expect(error).toMatchObject({ code: "plugin_invalid", details: { plugin: "odd" } });
        expect((error as CrmError).message).toMatch(message);
      }
    }),
  ],
};

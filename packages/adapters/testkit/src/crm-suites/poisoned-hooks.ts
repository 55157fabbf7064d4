/** Plugins that do what none should: each fails its own write, tells of it, and leaves the CRM as it was. */
import { createCrm } from "@relata/core";
import { type AnyPlugin, definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import type { SampleCrm } from "./sample-crm.ts";

type Context = Pick<SampleCrm, "teams" | "users" | "transaction">;
type Batch = readonly Record<string, Record<string, unknown>>[];
type Hook = (context: Context, batch: Batch, outer: Context) => unknown;

interface Poison {
  readonly what: string;
  readonly hook: Hook;
  /** What the write fails with, when the hook is a `before` and when it is an `after`; undefined where it succeeds. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const throws = { before: "hook_failed", after: "hook_failed" };
const harmless = { before: undefined, after: undefined };

const poisons: readonly Poison[] = [
  {
    what: "throws at once",
    hook: () => {
      throw new Error("at once");
    },
    ...throws,
  },
  { what: "rejects", hook: () => Promise.reject(new Error("later")), ...throws },
  { what: "throws null", hook: () => Promise.reject(null), ...throws },
  { what: "throws undefined", hook: () => Promise.reject(undefined), ...throws },
  { what: "throws what cannot be printed", hook: () => Promise.reject(Object.create(null)), ...throws },
  { what: "throws a frozen error", hook: () => Promise.reject(Object.freeze(new Error("frozen"))), ...throws },
  { what: "never ends", hook: () => new Promise(() => {}), before: "hook_timeout", after: "hook_timeout" },
  {
    what: "calls itself for ever",
    hook: (context, batch) =>
      context.teams.create({ id: `${(batch[0]!.input ?? batch[0]!.after)!.id}+`, name: "again" }),
    before: "hook_depth",
    after: "hook_depth",
  },
  {
    what: "changes what it is given",
    hook: (_, batch) => {
      for (const change of batch)
        for (const record of Object.values(change)) Object.assign(record, { name: "Mallory", version: 99, id: "x" });
    },
    ...harmless,
  },
  { what: "empties the batch", hook: (_, batch) => void (batch as unknown[]).splice(0), ...harmless },
  { what: "returns a text", hook: async () => "yes", before: "hook_invalid", after: undefined },
  { what: "returns too much", hook: async () => [{}, {}, {}], before: "hook_invalid", after: undefined },
  { what: "returns an unknown field", hook: async () => [{ nmae: "x" }], before: "invalid_input", after: undefined },
  {
    what: "returns what throws when it is looked at",
    hook: async () => [
      new Proxy(
        {},
        {
          ownKeys() {
            throw new Error("a trap");
          },
        },
      ),
    ],
    before: "hook_failed",
    after: undefined,
  },
  {
    what: "uses the outer handle",
    hook: (_context, _batch, outer) => outer.users.count(),
    before: "outer_handle",
    after: "outer_handle",
  },
  {
    what: "swallows an error of the database",
    hook: (context) => context.users.create({ id: "taken", name: "U" }).catch(() => undefined),
    before: "unit_failed",
    after: "unit_failed",
  },
  {
    what: "does not wait for what it writes",
    hook: (context) => {
      context.users.create({ id: "unawaited", name: "U" }).catch(() => undefined);
    },
    ...harmless,
  },
];

export const poisonedHooks: CrmSuite = {
  name: "a hook that",
  facts: poisons.map(({ what, hook, ...expected }) =>
    crmFact(`${what} harms nothing but its own write`, async (bench) => {
      for (const phase of ["before", "after"] as const) {
        const holder: { crm?: Context; active: boolean } = { active: false };
        const poisoned = definePlugin({
          id: "poisoned",
          hooks: {
            team: {
              [phase]: (context: Context, batch: Batch) =>
                holder.active ? hook(context, batch, holder.crm!) : undefined,
            },
          },
        } as never) as AnyPlugin;
        const seen: string[] = [];
        const second = definePlugin({
          id: "second",
          hooks: {
            team: {
              async before(_, batch) {
                seen.push(...batch.map(({ input }) => `before ${input.id} ${input.name}`));
              },
              async after(_, batch) {
                seen.push(...batch.map(({ after }) => `after ${after?.id} ${after?.name} ${after?.version}`));
              },
            },
          },
        });
        const crm = await createCrm({
          ...(await bench.options()),
          plugins: [poisoned as never, second],
          // Calls that end may take as long as the machine makes them.
          hookTimeoutMs: expected[phase] === "hook_timeout" ? 100 : 30_000,
        });
        holder.crm = crm as unknown as Context;
        await crm.users.create({ id: "taken", name: "U" });
        holder.active = true;
        const write = crm.teams.create({ id: "t1", name: "A" });
        const code = expected[phase];
        if (code === undefined) {
          expect(await write).toMatchObject({ id: "t1", name: "A", version: 1 });
          expect(seen).toEqual(["before t1 A", "after t1 A 1"]);
        } else {
          expect(await failure(write)).toMatchObject({ code });
          // A transaction that it is part of fails with it.
          const unit = crm.transaction(async (tx) => {
            await tx.users.create({ id: `before ${phase}`, name: "U" });
            await tx.teams.create({ id: "t1", name: "A" });
          });
          expect(await failure(unit)).toMatchObject({ code });
          expect(await crm.users.count()).toBe(1);
        }
        holder.active = false;
        expect(await crm.teams.count()).toBe(code === undefined ? 1 : 0);
        await crm.transaction(async (tx) => {
          await tx.teams.create({ id: "t2", name: "B" });
          await tx.teams.update("t2", { name: "C" });
        });
        expect(await crm.teams.get("t2")).toMatchObject({ name: "C", version: 2 });
      }
    }),
  ),
};

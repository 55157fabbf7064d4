/** validate: a dry run that tells what a write would, and leaves nothing. */

import { CrmError, createCrm } from "@relata/core";
import { definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import type { SampleCrm } from "./sample-crm.ts";

type Proposed = Parameters<SampleCrm["specimens"]["validate"]>[0];

async function withSpecimen(bench: CrmBench) {
  const crm = await bench.open();
  await crm.crates.create({ id: "c1" });
  const a = await crm.specimens.create({ code: "a", crateId: "c1" });
  await crm.samples.create({ id: "s1", crateId: "c1" });
  return { crm, a };
}

async function state(crm: SampleCrm) {
  const { items } = await crm.specimens.list({ archived: "include" });
  return [
    items.map(({ code, version }) => `${code}${version}`).join(" "),
    await crm.crates.count(),
    await crm.samples.count(),
  ];
}

/** The verdict's error, and the error of the write itself. */
async function both(crm: SampleCrm, proposed: Proposed, write: () => Promise<unknown>) {
  const verdict = await crm.specimens.validate(proposed);
  if (verdict.ok) throw new Error("The write was found to be all right.");
  const error = await failure(write());
  const plain = (thrown: unknown) => {
    if (!CrmError.is(thrown)) throw thrown;
    const { code, message, details, retryable } = thrown;
    return { code, message, details, retryable };
  };
  return { verdict: plain(verdict.error), error: plain(error) };
}

export const validations: CrmSuite = {
  name: "validate",
  facts: [
    crmFact("says that a write is all right, and does not do it", async (bench) => {
      const { crm, a } = await withSpecimen(bench);
      expect(await crm.specimens.validate({ create: { code: "b" } })).toEqual({ ok: true });
      expect(await crm.specimens.validate({ createMany: [{ code: "b" }, { code: "c" }] })).toEqual({ ok: true });
      expect(await crm.specimens.validate({ update: { id: a.id, version: 1, title: "x" } })).toEqual({ ok: true });
      expect(await crm.specimens.validate({ upsert: { code: "a", title: "x" }, by: "code" })).toEqual({ ok: true });
      expect(await crm.specimens.validate({ upsert: { code: "b" }, by: "code" })).toEqual({ ok: true });
      expect(await crm.specimens.validate({ delete: a.id })).toEqual({ ok: true });
      expect(await state(crm)).toEqual(["a1", 1, 1]);
      expect(await crm.specimens.get(a.id)).toEqual(a);
    }),
    crmFact("gives the error that the write gives", async (bench) => {
      const { crm, a } = await withSpecimen(bench);
      const cases: readonly (readonly [string, Proposed, () => Promise<unknown>])[] = [
        ["invalid_input", { create: { code: 5 } as never }, () => crm.specimens.create({ code: 5 } as never)],
        ["not_unique", { create: { code: "a" } }, () => crm.specimens.create({ code: "a" })],
        [
          "reference_not_found",
          { create: { code: "b", crateId: "c9" } },
          () => crm.specimens.create({ code: "b", crateId: "c9" }),
        ],
        [
          "invalid_input",
          { createMany: [{ code: "b" }, {}] as never },
          () => crm.specimens.createMany([{ code: "b" }, {}] as never),
        ],
        [
          "not_unique",
          { createMany: [{ code: "b" }, { code: "b" }] },
          () => crm.specimens.createMany([{ code: "b" }, { code: "b" }]),
        ],
        [
          "stale_version",
          { update: { id: a.id, version: 4, title: "x" } },
          () => crm.specimens.update(a.id, { title: "x" }, { version: 4 }),
        ],
        [
          "invalid_input",
          { update: { id: a.id, weight: "1" } as never },
          () => crm.specimens.update(a.id, { weight: "1" } as never),
        ],
        ["not_found", { update: { id: "nonsense" } }, () => crm.specimens.update("nonsense", {})],
        [
          "invalid_query",
          { upsert: { code: "a" }, by: "title" },
          () => crm.specimens.upsert({ code: "a" }, { by: "title" }),
        ],
        [
          "invalid_input",
          { upsert: { code: "a", weight: 0.5 }, by: "code" },
          () => crm.specimens.upsert({ code: "a", weight: 0.5 }, { by: "code" }),
        ],
        ["not_found", { delete: "nonsense" }, () => crm.specimens.delete("nonsense")],
      ];
      for (const [code, proposed, write] of cases) {
        const { verdict, error } = await both(crm, proposed, write);
        expect(verdict.code).toBe(code);
        expect(verdict).toEqual(error);
      }
      const refusal = await crm.crates.validate({ delete: "c1" });
      expect(refusal).toMatchObject({
        ok: false,
        error: { code: "still_referenced", details: { entity: "sample", field: "crateId" } },
      });
      expect(await state(crm)).toEqual(["a1", 1, 1]);
    }),
    crmFact("undoes what the hooks of the write have written, and gives what they throw", async (bench) => {
      const auditing = definePlugin({
        id: "auditing",
        hooks: {
          account: {
            async before(_, batch) {
              if (batch.some(({ input }) => input.name === "bad"))
                throw new CrmError("too_bad", "No.", { details: { entity: "account" } });
            },
            async after(context, batch) {
              await context.teams.createMany(batch.map(({ after }) => ({ id: after?.name ?? "gone", name: "audit" })));
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [auditing] });
      expect(await crm.accounts.validate({ create: { name: "Acme" } })).toEqual({ ok: true });
      expect(await crm.accounts.validate({ create: { name: "bad" } })).toMatchObject({
        ok: false,
        error: { code: "too_bad" },
      });
      expect([await crm.accounts.count(), await crm.teams.count()]).toEqual([0, 0]);
      await crm.accounts.create({ name: "Acme" });
      expect(await crm.accounts.validate({ create: { name: "Acme" } })).toMatchObject({
        ok: false,
        error: { code: "not_unique", details: { entity: "team", field: "id" } },
      });
      expect([await crm.accounts.count(), await crm.teams.count()]).toEqual([1, 1]);
    }),
    crmFact("leaves the unit that it is asked in as it was, whatever it finds", async (bench) => {
      const crm = await bench.open();
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1" });
        expect(await tx.crates.validate({ create: { id: "c2", outerId: "c1" } })).toEqual({ ok: true });
        expect(await tx.crates.validate({ create: { id: "c1" } })).toMatchObject({
          ok: false,
          error: { code: "not_unique" },
        });
        expect(await tx.crates.validate({ delete: "c1" })).toEqual({ ok: true });
        await tx.crates.create({ id: "c3", outerId: "c1" });
      });
      expect((await crm.crates.list()).items.map(({ id }) => id)).toEqual(["c1", "c3"]);
    }),
    crmFact("tells of what a hook throws, whatever it is", async (bench) => {
      const breaking = definePlugin({
        id: "breaking",
        hooks: {
          team: {
            async before() {
              throw new TypeError("a bug");
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [breaking] });
      expect(await crm.teams.validate({ create: { id: "t1", name: "A" } })).toMatchObject({
        ok: false,
        error: { code: "hook_failed", cause: new TypeError("a bug") },
      });
    }),
    crmFact("refuses what is no write, or more than one", async (bench) => {
      const { crm, a } = await withSpecimen(bench);
      const given = [
        undefined,
        null,
        5,
        "create",
        [],
        {},
        { creat: {} },
        { by: "code" },
        { create: { code: "b" }, delete: a.id },
        JSON.parse('{"__proto__":{"create":{"code":"b"}}}'),
      ];
      for (const write of given) {
        expect(await refused(crm.specimens.validate(write as never))).toEqual({
          code: "invalid_query",
          entity: "specimen",
          field: "validate",
        });
      }
      for (const update of [null, "x", [], 5]) {
        expect(
          await refused(
            crm.specimens.validate({ update } as never).then((verdict) => verdict.ok || Promise.reject(verdict.error)),
          ),
        ).toEqual({
          code: "invalid_query",
          entity: "specimen",
          field: "validate.update",
        });
      }
      expect(await state(crm)).toEqual(["a1", 1, 1]);
    }),
  ],
};

/** What a transaction may be asked for: to be run again, kept apart from others, and limited. */
import { CrmError, createCrm } from "@relata/core";
import { definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { openSample } from "./sample-crm.ts";
import { type Faults, firstTimes, serializationFailed, withFaults } from "./storage-faults.ts";

async function openWith(bench: CrmBench, faults: Faults) {
  const options = await bench.options();
  return openSample({ ...options, storage: withFaults(options.storage, faults) });
}

const lost = () => new CrmError("deadlock", "Chosen as the victim.", { retryable: true, details: { entity: "crate" } });

/** Options that are none, and the field that is named. */
const wrongOptions: readonly (readonly [options: unknown, field: string, code: string])[] = [
  [7, "options", "invalid_type"],
  [null, "options", "invalid_type"],
  ["serializable", "options", "invalid_type"],
  [{ isolation: "snapshot" }, "options.isolation", "not_allowed"],
  [{ isolation: 1 }, "options.isolation", "not_allowed"],
  [{ retries: -1 }, "options.retries", "invalid_value"],
  [{ retries: 1.5 }, "options.retries", "invalid_type"],
  [{ retries: 101 }, "options.retries", "invalid_value"],
  [{ retries: "3" }, "options.retries", "invalid_type"],
  [{ retries: Number.NaN }, "options.retries", "invalid_type"],
  [{ statementTimeoutMs: 0 }, "options.statementTimeoutMs", "invalid_value"],
  [{ lockTimeoutMs: -5 }, "options.lockTimeoutMs", "invalid_value"],
  [{ idleTimeoutMs: 2_147_483_648 }, "options.idleTimeoutMs", "invalid_value"],
  [{ idempotencyKey: "" }, "options.idempotencyKey", "invalid_value"],
  [{ idempotencyKey: "x".repeat(256) }, "options.idempotencyKey", "invalid_value"],
  [{ idempotencyKey: "a\0b" }, "options.idempotencyKey", "invalid_value"],
  [{ idempotencyKey: 7 }, "options.idempotencyKey", "invalid_type"],
  [{ retry: 3 }, "options.retry", "unknown_option"],
];

export const transactionOptions: CrmSuite = {
  name: "options of transactions",
  facts: [
    crmFact("run the whole again when it has lost a race, with nothing of the lost attempts", async (bench) => {
      const told: string[] = [];
      const hooked: string[] = [];
      const counter = definePlugin({
        id: "counter",
        hooks: {
          account: {
            committed: async (_context, batch) => {
              hooked.push(...batch.map(({ after }) => after!.name));
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [counter] });
      crm.on("account.created", ({ data }) => void told.push(data.after.name));
      const attempts: number[] = [];
      const result = await crm.transaction(
        async (tx, { attempt }) => {
          attempts.push(attempt);
          await tx.accounts.create({ name: `Attempt ${attempt}` });
          if (attempt < 3) throw lost();
          return "done";
        },
        { retries: 5 },
      );
      expect(result).toBe("done");
      expect(attempts).toEqual([1, 2, 3]);
      expect((await crm.accounts.list()).items.map(({ name }) => name)).toEqual(["Attempt 3"]);
      expect([told, hooked]).toEqual([["Attempt 3"], ["Attempt 3"]]);
    }),
    crmFact("run nothing again that has failed otherwise, or that nobody has asked to", async (bench) => {
      const crm = await bench.open();
      const attempts: number[] = [];
      const failing = (error: unknown, options?: { readonly retries: number }) =>
        failure(
          crm.transaction(async (tx, { attempt }) => {
            attempts.push(attempt);
            await tx.crates.create({ id: "c1" });
            throw error;
          }, options),
        );
      const once = lost();
      expect(await failing(once)).toBe(once);
      const other = new Error("no");
      expect(await failing(other, { retries: 5 })).toBe(other);
      const refused = new CrmError("not_found", "There is none.");
      expect(await failing(refused, { retries: 5 })).toBe(refused);
      expect(await failing(once, { retries: 0 })).toBe(once);
      expect(attempts).toEqual([1, 1, 1, 1]);
      expect(await crm.crates.count()).toBe(0);
    }),
    crmFact("give up after the last attempt, with its failure and the number of attempts", async (bench) => {
      const crm = await bench.open();
      const error = await failure(
        crm.transaction(
          async (tx, { attempt }) => {
            await tx.crates.create({ id: "c1" });
            throw new CrmError("deadlock", `Victim ${attempt}.`, { retryable: true, details: { entity: "crate" } });
          },
          { retries: 2 },
        ),
      );
      expect(error).toMatchObject({
        code: "deadlock",
        message: "Victim 3.",
        retryable: true,
        details: { entity: "crate", attempts: 3 },
      });
      expect(await crm.crates.count()).toBe(0);
    }),
    crmFact("run again what has gone on after a statement that lost a race", async (bench) => {
      const crm = await openWith(bench, { write: firstTimes(1, serializationFailed) });
      const attempts: number[] = [];
      await crm.transaction(
        async (tx, { attempt }) => {
          attempts.push(attempt);
          await tx.crates.create({ id: "c1" }).catch(() => undefined);
        },
        { retries: 1 },
      );
      expect(attempts).toEqual([1, 2]);
      expect(await crm.crates.count()).toBe(1);
    }),
    crmFact("are for the outermost transaction: a nested one that has any is refused by name", async (bench) => {
      const crm = await bench.open();
      const options = {
        retries: 1,
        isolation: "serializable",
        idempotencyKey: "k",
        statementTimeoutMs: 1_000,
        lockTimeoutMs: 1_000,
        idleTimeoutMs: 1_000,
      } as const;
      await crm.transaction(async (tx) => {
        for (const [name, value] of Object.entries(options)) {
          const details = await refusedDetails(tx.transaction(async () => "ran", { [name]: value }));
          expect(details).toMatchObject({ field: `options.${name}`, issues: [{ code: "nested_transaction" }] });
        }
        await tx.transaction((inner) => inner.crates.create({ id: "c1" }), {});
      });
      expect(await crm.crates.count()).toBe(1);
    }),
    crmFact("are refused by name where they are none, and nothing is run", async (bench) => {
      const crm = await bench.open();
      let ran = 0;
      for (const [options, field, code] of wrongOptions) {
        const run = crm.transaction(async () => ran++, options as never);
        expect([options, await refusedDetails(run)]).toMatchObject([options, { field, issues: [{ field, code }] }]);
      }
      expect(ran).toBe(0);
    }),
    crmFact("reach the storage, and no others do", async (bench) => {
      const asked: unknown[] = [];
      const crm = await openWith(bench, { begun: (options) => asked.push(options) });
      const limits = { statementTimeoutMs: 10_000, lockTimeoutMs: 5_000, idleTimeoutMs: 20_000 };
      for (const options of [
        undefined,
        { isolation: "serializable", retries: 3 } as const,
        { ...limits, idempotencyKey: "k" },
      ]) {
        await crm.transaction((tx) => tx.teams.count(), options);
      }
      expect(asked).toEqual([{}, { isolation: "serializable" }, limits]);
    }),
    crmFact("are not needed by single writes: they are run again by themselves, eight times at most", async (bench) => {
      let left = 0;
      const crm = await openWith(bench, {
        write: () => {
          if (left-- > 0) throw serializationFailed();
        },
      });
      const writes: readonly (() => Promise<unknown>)[] = [
        () => crm.crates.create({ id: "c1" }),
        () => crm.crates.createMany([{ id: "c2" }, { id: "c3" }]),
        () => crm.crates.update("c1", { label: "x" }),
        () => crm.crates.upsert({ id: "c1", label: "y" }, { by: "id" }),
        () => crm.crates.archive("c2"),
        () => crm.crates.delete("c3"),
        () => crm.crates.restore("c3"),
        () => crm.contacts.create({ familyName: "Roe", email: "roe@x.test" }),
        () => crm.tags.add({ entityType: "crate", id: "c1" }, ["vip"]),
      ];
      for (const write of writes) {
        left = 4;
        await write();
      }
      expect((await crm.crates.list({ archived: "include" })).items.map(({ id, version }) => [id, version])).toEqual([
        ["c1", 3],
        ["c2", 2],
        ["c3", 2],
      ]);
      expect([await crm.contacts.count(), await crm.emailAddresses.count(), await crm.taggings.count()]).toEqual([
        1, 1, 1,
      ]);
      left = 8;
      expect(await failure(crm.crates.create({ id: "c4" }))).toMatchObject({
        code: "serialization_failed",
        details: { attempts: 8 },
      });
      left = 1;
      expect(await failure(crm.transaction((tx) => tx.crates.create({ id: "c4" })))).toMatchObject({
        code: "serialization_failed",
        details: {},
      });
      expect(await crm.crates.count({ archived: "include" })).toBe(3);
    }),
    crmFact("are not needed where somebody else has created or referred to a record in between", async (bench) => {
      let fault: CrmError | undefined;
      let lasts = false;
      const crm = await openWith(bench, {
        write: () => {
          const error = fault;
          if (!lasts) fault = undefined;
          if (error) throw error;
        },
      });
      const { id } = await crm.specimens.create({ code: "a" });
      fault = new CrmError("not_unique", "Taken.", { details: { entity: "specimen", field: "code" } });
      expect((await crm.specimens.upsert({ code: "b" }, { by: "code" })).status).toBe("created");
      fault = new CrmError("still_referenced", "A new twin.", { details: { entity: "specimen", field: "twinId" } });
      await crm.specimens.delete(id);
      expect((await crm.specimens.list()).items.map(({ code }) => code)).toEqual(["b"]);
      // Another rule of the same record, and a table of the application's own, are no races: another attempt does not help.
      lasts = true;
      fault = new CrmError("not_unique", "Taken.", { details: { entity: "specimen", field: "serial" } });
      expect(await failure(crm.specimens.upsert({ code: "c", serial: 1 }, { by: "code" }))).toMatchObject({
        code: "not_unique",
        retryable: false,
      });
      fault = undefined;
      const [left] = (await crm.specimens.list()).items;
      fault = new CrmError("still_referenced", "An order.", { details: { entity: "orders", field: "account_id" } });
      expect(await failure(crm.specimens.delete(left!.id))).toMatchObject({ retryable: false });
    }),
    crmFact(
      "do not write over what the caller has not seen: a stale version is refused, not tried again",
      async (bench) => {
        const { crm, calls } = await bench.openCounted();
        await crm.crates.create({ id: "c1" });
        await crm.crates.update("c1", { label: "x" });
        const before = { ...calls };
        expect(await failure(crm.crates.update("c1", { label: "y" }, { version: 1 }))).toMatchObject({
          code: "stale_version",
          retryable: false,
          details: { expected: 1, actual: 2 },
        });
        expect(calls.find - before.find).toBe(1);
        expect((await crm.crates.get("c1")).label).toBe("x");
      },
    ),
    crmFact("of a plugin's own transactions are those of single writes, unless it says otherwise", async (bench) => {
      const attempts: number[] = [];
      const works = definePlugin({
        id: "works",
        services: (context) => ({
          try: (until: number, options?: { readonly retries: number }) =>
            context.transaction(async (tx, { attempt }) => {
              attempts.push(attempt);
              await tx.teams.create({ id: `t${attempt}`, name: "A" });
              if (attempt < until) throw lost();
            }, options),
        }),
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [works] });
      await crm.works.try(5);
      expect(attempts).toEqual([1, 2, 3, 4, 5]);
      expect((await crm.teams.list()).items.map(({ id }) => id)).toEqual(["t5"]);
      expect(await failure(crm.works.try(3, { retries: 1 }))).toMatchObject({ details: { attempts: 2 } });
      // As a part of the caller's transaction it is tried as often as that.
      attempts.length = 0;
      await failure(crm.transaction((tx) => tx.works.try(2)));
      expect(attempts).toEqual([1]);
    }),
  ],
};

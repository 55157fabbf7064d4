/** A transaction with a key happens once, and everybody who asks for it gets what it returned. */
import { CrmError, createCrm, text } from "@relata/core";
import { definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { pause } from "../bench/pause.ts";
import { failure, refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { openSample, type SampleCrm } from "./sample-crm.ts";
import { firstTimes, outcomeUnknown, serializationFailed, withFaults } from "./storage-faults.ts";

const key = { idempotencyKey: "order 7" };

/** Creates a crate with an id of its own in each run. */
function counting(crm: SampleCrm) {
  const ran: string[] = [];
  const create = (options: { readonly idempotencyKey: string; readonly retries?: number } = key, handle = crm) =>
    handle.transaction(async (tx) => {
      ran.push(`c${ran.length + 1}`);
      const { id } = await tx.crates.create({ id: ran.at(-1)! });
      return id;
    }, options);
  return { ran, create };
}

async function openLosing(bench: CrmBench, replies: number) {
  const options = await bench.options();
  let begun = false;
  const lose = firstTimes(replies, outcomeUnknown);
  const storage = withFaults(options.storage, { committed: () => begun && lose() });
  const crm = await openSample({ ...options, storage });
  begun = true;
  return crm;
}

class Order {
  readonly id = 7;
}

const circle: { self?: unknown } = {};
circle.self = circle;

/** What cannot be stored, and where it stands. */
const notPlain: readonly (readonly [result: unknown, field: string])[] = [
  [() => 1, ""],
  [Symbol("s"), ""],
  [Number.NaN, ""],
  [{ total: Number.POSITIVE_INFINITY }, "total"],
  [{ lines: [{ at: new Date(Number.NaN) }] }, "lines[0].at"],
  [{ orders: new Map() }, "orders"],
  [[new Order()], "[0]"],
  [{ name: "a\0b" }, "name"],
  [{ "half \ud800": 1 }, "half \ud800"],
  [{ [Symbol("s")]: 1 }, ""],
];

export const idempotency: CrmSuite = {
  name: "transactions with a key",
  facts: [
    crmFact("happen once, and give what they returned to whoever asks again", async (bench) => {
      const crm = await bench.open();
      const result = {
        id: "c1",
        at: new Date("2026-02-03T04:05:06.789Z"),
        big: 9_007_199_254_740_993n,
        none: undefined,
        nil: null,
        lists: [[], [undefined], ["list"], ["date", 5], [["undefined"]]],
        money: { amount: "12.50", currency: "EUR" },
        minus: -0,
        "": { "a.b": true },
      };
      let ran = 0;
      const run = () =>
        crm.transaction(async (tx) => {
          ran++;
          await tx.crates.create({ id: "c1" });
          return result;
        }, key);
      expect(await run()).toBe(result);
      const again = await run();
      expect(again).toStrictEqual(result);
      expect(again).not.toBe(result);
      expect(ran).toBe(1);
      expect(await crm.crates.count()).toBe(1);
      const record = () => crm.transaction((tx) => tx.crates.get("c1"), { idempotencyKey: "record" });
      expect(await record()).toEqual(await record());
      const nothing = () => crm.transaction(async () => {}, { idempotencyKey: "nothing" });
      expect([await nothing(), await nothing()]).toEqual([undefined, undefined]);
    }),
    crmFact("happen once when several ask at once", async (bench) => {
      const crm = await bench.open();
      let ran = 0;
      const run = () =>
        crm.transaction(async (tx) => {
          ran++;
          await tx.crates.create({ id: `c${ran}` });
          await pause(10);
          return ran;
        }, key);
      expect(await Promise.all([run(), run(), run(), run()])).toEqual([1, 1, 1, 1]);
      expect(ran).toBe(1);
      expect(await crm.crates.count()).toBe(1);
    }),
    crmFact("are done by the next one when the first is undone", async (bench) => {
      const crm = await bench.open();
      let ran = 0;
      const run = () =>
        crm.transaction(async (tx) => {
          const mine = ++ran;
          await tx.crates.create({ id: `c${mine}` });
          await pause(10);
          if (mine === 1) throw new Error("no");
          return mine;
        }, key);
      const [first, second, third] = await Promise.allSettled([run(), run(), run()]);
      expect(first).toMatchObject({ status: "rejected", reason: new Error("no") });
      expect([second, third]).toMatchObject([
        { status: "fulfilled", value: 2 },
        { status: "fulfilled", value: 2 },
      ]);
      expect((await crm.crates.list()).items.map(({ id }) => id)).toEqual(["c2"]);
    }),
    crmFact("are a tenant's own, and told apart by every character", async (bench) => {
      const crm = await bench.open();
      const { ran, create } = counting(crm);
      const other = crm.as({ tenantId: "other" });
      expect([await create(), await create(key, other), await create(key, other)]).toEqual(["c1", "c2", "c2"]);
      expect(await create({ idempotencyKey: "Order 7" })).toBe("c3");
      expect(await create({ idempotencyKey: "x".repeat(255) })).toBe("c4");
      // The same text, written in two ways.
      expect(await create({ idempotencyKey: "caf\u00e9" })).toBe(await create({ idempotencyKey: "cafe\u0301" }));
      expect(ran).toHaveLength(5);
      expect(await other.idempotencyKeys.count()).toBe(1);
    }),
    crmFact("return plain data only: anything else undoes them, and its place is named", async (bench) => {
      const crm = await bench.open();
      for (const [result, field] of notPlain) {
        const error = await failure(
          crm.transaction(async (tx) => {
            await tx.crates.create({ id: "c1" });
            return result;
          }, key),
        );
        expect(error).toMatchObject({ code: "result_not_storable", details: { field, idempotencyKey: "order 7" } });
      }
      expect(await refused(crm.transaction(async () => circle, key))).toMatchObject({ code: "result_not_storable" });
      expect([await crm.crates.count(), await crm.idempotencyKeys.count()]).toEqual([0, 0]);
    }),
    crmFact("are run again after a lost race, and store the result of the attempt that was kept", async (bench) => {
      const options = await bench.options();
      let writes = 0;
      const storage = withFaults(options.storage, {
        // The second write of the first attempt: the one after the key.
        write: () => {
          if (++writes === 2) throw serializationFailed();
        },
      });
      const crm = await openSample({ ...options, storage });
      writes = 0;
      const { ran, create } = counting(crm);
      expect(await create({ ...key, retries: 1 })).toBe("c2");
      expect(await create()).toBe("c2");
      expect(ran).toEqual(["c1", "c2"]);
    }),
    crmFact("settle an unknown outcome: another attempt finds what was committed", async (bench) => {
      const crm = await openLosing(bench, 1);
      const { ran, create } = counting(crm);
      expect(await create({ ...key, retries: 2 })).toBe("c1");
      expect(ran).toEqual(["c1"]);
      expect(await crm.crates.count()).toBe(1);
    }),
    crmFact("tell of an unknown outcome where no attempts are left, and are worth another", async (bench) => {
      const crm = await openLosing(bench, 2);
      const { ran, create } = counting(crm);
      expect(await failure(create())).toMatchObject({
        code: "outcome_unknown",
        retryable: true,
        details: { idempotencyKey: "order 7" },
      });
      expect(await create()).toBe("c1");
      expect(ran).toEqual(["c1"]);
      const without = crm.transaction((tx) => tx.crates.create({ id: "x" }), { retries: 3 });
      expect(await failure(without)).toMatchObject({ code: "outcome_unknown", retryable: false, details: {} });
      expect(await crm.crates.count()).toBe(2);
    }),
    crmFact("are forgotten when they are old, and happen anew then", async (bench) => {
      const crm = await bench.open();
      const { create } = counting(crm);
      await create();
      await create({ idempotencyKey: "order 8" });
      await create(key, crm.as({ tenantId: "other" }));
      bench.clock.set("2026-06-16T10:00:00Z");
      await create({ idempotencyKey: "order 9" });
      const before = new Date("2026-06-16T00:00:00Z");
      expect(await crm.idempotencyKeys.forget({ before })).toBe(2);
      expect(await crm.idempotencyKeys.forget({ before })).toBe(0);
      expect((await crm.idempotencyKeys.list()).items.map((found) => found.key)).toEqual(["order 9"]);
      expect(await crm.as({ tenantId: "other" }).idempotencyKeys.count()).toBe(1);
      expect(await create()).toBe("c5");
      for (const [wrong, field] of [
        [undefined, ""],
        [{}, "before"],
        [{ before: "2026" }, "before"],
        [{ before, after: before }, "after"],
      ] as const)
        expect(await refusedDetails(crm.idempotencyKeys.forget(wrong as never))).toMatchObject({ field });
    }),
    crmFact("keep their key through an import that dates its writes", async (bench) => {
      const crm = await bench.open();
      const { create } = counting(crm);
      await create(key, crm.at(new Date("2026-01-01T00:00:00Z")));
      expect((await crm.crates.get("c1")).createdAt).toEqual(new Date("2026-01-01T00:00:00Z"));
      expect((await crm.idempotencyKeys.list()).items[0]!.usedAt).toEqual(new Date("2026-06-15T10:00:00Z"));
    }),
    crmFact("write, so that the past refuses them; and nobody else writes their keys", async (bench) => {
      const crm = await bench.open();
      const past = crm.asOf(new Date("2026-06-01T00:00:00Z"));
      expect(await refused(past.transaction(async () => 1, key))).toMatchObject({ code: "past_is_read_only" });
      const write = crm.idempotencyKeys.create({ key: "mine", usedAt: new Date() } as never);
      expect(await refused(write)).toMatchObject({ code: "read_only_entity", entity: "idempotencyKey" });
    }),
    crmFact("can be a plugin's too, beside its own unique rules", async (bench) => {
      const orders = definePlugin({
        id: "orders",
        extend: { account: { orderNo: text().optional().unique() } },
        services: (context) => ({
          place: (orderNo: string) =>
            context.transaction(async (tx) => (await tx.accounts.create({ name: `Order ${orderNo}`, orderNo })).id, {
              idempotencyKey: `order ${orderNo}`,
            }),
          clash: (orderNo: string) =>
            context.transaction((tx) => tx.accounts.create({ name: "Other", orderNo }), { idempotencyKey: "clash" }),
        }),
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [orders] });
      const id = await crm.orders.place("7");
      expect(await crm.orders.place("7")).toBe(id);
      const error = await failure(crm.orders.clash("7"));
      expect(CrmError.is(error, "not_unique") && error.details.entity).toBe("account");
      expect([await crm.accounts.count(), await crm.idempotencyKeys.count()]).toEqual([1, 1]);
    }),
  ],
};

import type { CrmOptions } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCrm, openSociety, refusal } from "../memberships-fixture.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

async function open(make: () => Promise<CrmOptions["storage"]>) {
  const crm = await openCrm({ storage: await make() });
  onTestFinished(() => crm.close());
  return { crm, ...(await openSociety(crm)) };
}

describe.each(storages)("a membership on %s", (_, make) => {
  it("begins when it is paid, once, and is pending until then", async () => {
    const { crm, person, planId, pay, termsOf, statuses } = await open(make);
    const { membership, order, terms } = await crm.memberships.join({
      contactId: await person("Anna"),
      planId: planId("friend/annual"),
      on: "2026-01-10",
    });
    expect([terms, order.state, order.amount]).toEqual([[], "open", { amount: "100.00", currency: "EUR" }]);
    const paid = await pay(order.id, "100.00", { on: "2026-01-31", paymentId: "stripe 1" });
    expect([paid.repeated, paid.order.state]).toEqual([false, "applied"]);
    expect((await pay(order.id, "100.00", { on: "2026-02-01", paymentId: "stripe 1" })).repeated).toBe(true);
    expect(await termsOf(membership.id)).toEqual(["2026-01-31..2027-01-30 friend"]);
    expect(
      await statuses(membership.id, [
        "2026-01-09",
        "2026-01-10",
        "2026-01-30",
        "2026-01-31",
        "2026-04-30",
        "2026-05-01",
        "2027-01-30",
        "2027-01-31",
        "2027-02-28",
        "2027-03-01",
      ]),
    ).toEqual([null, "pending", "pending", "new", "new", "current", "current", "grace", "grace", "expired"]);
  });
  it("follows the calendar year, with a roll-over day", async () => {
    const { enrol, person, termsOf } = await open(make);
    expect(await termsOf(await enrol(await person("Anna"), "friend/calendar", "2026-10-15"))).toEqual([
      "2026-01-01..2027-12-31 friend",
    ]);
    expect(await termsOf(await enrol(await person("Ben"), "friend/calendar", "2026-09-30"))).toEqual([
      "2026-01-01..2026-12-31 friend",
    ]);
  });
  it("changes the level to the cent", async () => {
    const { crm, enrol, person, planId, pay, termsOf } = await open(make);
    const id = await enrol(await person("Anna"), "friend/annual", "2026-01-01");
    const quote = await crm.memberships.quoteChange(id, { planId: planId("gold/annual"), on: "2026-07-02" });
    expect(quote).toMatchObject({ keepsEnd: true, charge: { amount: "125.34" }, credit: { amount: "50.14" } });
    const { order } = await crm.memberships.upgrade(id, { planId: planId("gold/annual"), on: "2026-07-02" });
    expect(order?.amount).toEqual({ amount: "75.20", currency: "EUR" });
    await pay(order!.id, "75.20", { on: "2026-07-05" });
    expect(await termsOf(id)).toEqual(["2026-01-01..2026-07-01 friend", "2026-07-02..2026-12-31 gold"]);
    expect(
      await refusal(crm.memberships.upgrade(id, { planId: planId("friend/annual"), on: "2026-08-01" })),
    ).toMatchObject({
      code: "not_an_upgrade",
    });
    await crm.memberships.renew(id, { on: "2026-12-01", complimentary: true });
    expect((await termsOf(id)).at(-1)).toBe("2027-01-01..2027-12-31 gold");
  });
});

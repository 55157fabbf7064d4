import { createCrm, planMigrations } from "@relata/core";
import type { PaymentProvider } from "@relata/memberships";
import { memory } from "@relata/memory";
import { expect, it, onTestFinished } from "vitest";
import { everyPlugin, openCrm } from "./crm.ts";
import { differences, dumpOf, onStorages, tickingClock } from "./everything-fixture.ts";
import { placeAccount, placeContact, setUp } from "./stand-everywhere.ts";

it("takes its plugins in any order, and is the same", async () => {
  const plugins = everyPlugin();
  const orders = [plugins, plugins.toReversed(), [...plugins.slice(3), ...plugins.slice(0, 3)]];
  const seen = [];
  for (const order of orders) {
    const crm = await openCrm({ storage: memory(), clock: tickingClock() }, order as unknown as typeof plugins);
    const society = await setUp(crm);
    const acme = await placeAccount(crm, society, "acmex");
    await placeContact(crm, society, { at: acme, mark: "annax" });
    seen.push([...(await dumpOf(crm)).values()].length);
    await crm.close();
  }
  expect(new Set(seen).size).toBe(1);
});

onStorages(["memory", "SQLite", "PostgreSQL"], (place) => {
  it("keeps nothing of what several plugins have written in one transaction, and tells nobody, where the last step fails", async () => {
    const { storage } = await place();
    const delivered: string[] = [];
    const crm = await openCrm({
      storage,
      clock: tickingClock(),
      subscribers: {
        all: {
          on: ["opportunity.stage_changed", "membership.created", "relationship.created"],
          deliver: (_: unknown, event: { name: string }) => void delivered.push(event.name),
        },
      },
    } as never);
    onTestFinished(() => crm.close());
    const society = await setUp(crm);
    const acme = await placeAccount(crm, society, "Refused");
    const anna = await placeContact(crm, society, { at: acme, mark: "annax" });
    const base = await crm.accounts.create({ name: "Base Refused" });
    await crm.eventDeliveries.drain();
    delivered.length = 0;
    const before = await dumpOf(crm);
    const heard: string[] = [];
    for (const name of [
      "opportunity.stage_changed",
      "membership.created",
      "relationship.created",
      "account.updated",
    ] as const)
      crm.on(name as "account.updated", (event) => void heard.push(event.name));
    const planId = society.plans["corporate/annual"]!.id;
    const sponsor = { contactId: anna.contactId, opportunityId: acme.dealId, planId };
    await expect(crm.sponsoring.sponsor({ ...sponsor, accountId: base.id })).rejects.toMatchObject({
      code: "sponsor_refused",
      details: { plugin: "sponsoring" },
    });
    await crm.eventDeliveries.drain();
    expect([differences(before, await dumpOf(crm)), heard, delivered]).toEqual([[], [], []]);

    await crm.accounts.update(base.id, { name: "Base" });
    heard.length = 0;
    await crm.sponsoring.sponsor({ ...sponsor, accountId: base.id });
    await crm.eventDeliveries.drain();
    const once = ["membership.created", "opportunity.stage_changed", "relationship.created"];
    expect([heard.toSorted(), delivered.toSorted()]).toEqual([once, once]);
  });
});

onStorages(["SQLite", "PostgreSQL"], (place) => {
  it("is added to a database that is in use, and taken away again: its tables stay, and what they refer to", async () => {
    const { storage } = await place();
    const clock = tickingClock();
    const all = everyPlugin();
    for (let count = 0; count < all.length; count++) {
      const crm = await createCrm({ storage, clock, plugins: all.slice(0, count) as unknown as typeof all });
      await crm.contacts.create({ givenName: `With ${count} plugins` });
      await crm.close();
    }
    const first = await openCrm({ storage, clock });
    const society = await setUp(first);
    const acme = await placeAccount(first, society, "acmex");
    const base = await placeAccount(first, society, "basex");
    const anna = await placeContact(first, society, { at: acme, mark: "annax" });
    const ben = await placeContact(first, society, { at: base, mark: "bennx" });
    const before = await dumpOf(first);
    await first.close();

    const [phone, calendar] = all;
    const few = { storage, clock, plugins: [phone, calendar] as const };
    const { steps, leftovers } = await planMigrations(few);
    expect(steps).toEqual([]);
    const tables = leftovers.flatMap(({ kind, name }) => (kind === "table" ? [name] : []));
    expect(tables).toEqual(
      expect.arrayContaining(["account_edge", "forecast_quota", "membership_payment", "relationship"]),
    );
    const without = await createCrm(few);
    await without.contacts.update(anna.contactId, { jobTitle: "Director" });
    // What a table refers to that nobody knows is not deleted, nor merged away.
    for (const refused of [
      () => without.contacts.delete(anna.contactId),
      () => without.contacts.erase(anna.contactId),
      () => without.contacts.merge(ben.contactId, anna.contactId),
    ])
      await expect(refused()).rejects.toMatchObject({
        code: "still_referenced",
        details: { table: expect.any(String) },
      });
    await without.contacts.archive(ben.contactId);
    const { id } = await without.contacts.create({ givenName: "Of no plugin" });
    await without.contacts.delete(id);
    await without.close();

    const again = await openCrm({ storage, clock });
    onTestFinished(() => again.close());
    await again.contacts.restore(ben.contactId);
    expect(await again.contacts.get(anna.contactId)).toMatchObject({ jobTitle: "Director", badge: "annax" });
    const { mergeId } = await again.contacts.merge(ben.contactId, anna.contactId);
    await again.contacts.unmerge(mergeId);
    const after = await dumpOf(again, { leaving: ["merges"] });
    expect(differences(before, after).filter((line) => !/jobTitle|changedSinceAnnounced/.test(line))).toEqual([]);
  });
});

onStorages(["memory", "PostgreSQL with row-level security"], (place) => {
  it("keeps two tenants apart, while all that is done from time to time is done side by side, for each once", async () => {
    const { storage } = await place();
    const crm = await openCrm({ storage, clock: tickingClock() });
    onTestFinished(() => crm.close());
    const heard: string[] = [];
    for (const name of ["membership.joined", "membership.reminder_due"] as const)
      crm.on(name, ({ tenantId, recordId, data }) => void heard.push(`${tenantId} ${name} ${recordId} ${data.on}`));
    const tenants = ["north", "south"].map((tenantId) => crm.as({ tenantId }));
    const marks = [];
    for (const [at, tenant] of tenants.entries()) {
      const society = await setUp(tenant);
      const account = await placeAccount(tenant, society, `acme${at}x`);
      marks.push(await placeContact(tenant, society, { at: account, mark: `anna${at}x` }));
    }
    const [north, south] = tenants as [typeof crm, typeof crm];
    const asked: string[] = [];
    const provider: PaymentProvider = {
      async charge({ chargeId }) {
        asked.push(chargeId);
        return { status: "paid", paymentId: `paid ${chargeId}` };
      },
    };
    for (const [at, tenant] of tenants.entries())
      await tenant.memberships.setAutoRenewal(marks[at]!.membershipId, { autoRenew: true, paymentMethod: "card" });
    const later = new Date("2027-01-19T10:00:00Z");
    const periodic = (tenant: typeof crm) => [
      tenant.memberships.advance({ now: later }),
      tenant.memberships.collectRenewals({ provider, now: later }),
      tenant.memberships.nameHouseholds(),
      tenant.eventDeliveries.drain(),
      tenant.forecasting.forecast({ period: "2026-Q3" }),
      tenant.phoneNumbers.normalizeAgain(),
    ];
    await Promise.all([...tenants, ...tenants].flatMap(periodic));
    await Promise.all(tenants.map((tenant) => tenant.memberships.advance({ now: later })));
    expect(heard.filter((line) => line.includes("membership.joined"))).toHaveLength(4);
    expect(new Set(heard).size).toBe(heard.length);
    expect(new Set(asked).size).toBe(2);
    const text = async (tenant: typeof crm) => JSON.stringify([...(await dumpOf(tenant))]);
    expect(await text(north)).not.toMatch(/(acme|anna)1x/);
    expect(await text(south)).not.toMatch(/(acme|anna)0x/);
    await expect(south.relationships.relationsOf(marks[0]!.thing)).rejects.toMatchObject({ code: "not_found" });
    await expect(south.memberships.statusOf(marks[0]!.membershipId)).rejects.toMatchObject({ code: "not_found" });
    const { items } = await south.activities.timeline(marks[1]!.thing, { includeBelow: true, limit: 200 });
    expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(["activity", "field_change", "stage_move"]));
  });
});

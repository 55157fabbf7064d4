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
  const opened = await openSociety(crm);
  const both = async () => [await opened.person("Anna"), await opened.person("Anne")] as const;
  const spansOf = async (membershipId: string) => {
    const { items } = await crm.membershipSpans.list({
      where: { membershipId },
      orderBy: [{ firstDay: "asc" }],
      limit: 100,
    });
    return items.map(
      ({ firstDay, lastDay, state, chainStartsOn }) => `${firstDay}..${lastDay} ${state} ${chainStartsOn}`,
    );
  };
  return { crm, both, spansOf, ...opened };
}

describe.each(storages)("memberships of two contacts that are merged, on %s", { timeout: 60_000 }, (_, make) => {
  it("become one chain, which is undone with the merge", async () => {
    const { crm, both, enrol, termsOf, spansOf } = await open(make);
    const [anna, anne] = await both();
    const kept = await enrol(anna, "friend/annual", "2024-06-01");
    const merged = await enrol(anne, "gold/annual", "2023-06-01");
    const before = [await spansOf(kept), await spansOf(merged), await termsOf(merged)];
    const heard: unknown[] = [];
    crm.on("membership.chains_joined", ({ recordId, data }) => heard.push([recordId, data.mergedId, data.overlaps]));
    const { mergeId } = await crm.contacts.merge(anna, anne);
    expect(await termsOf(kept)).toEqual(["2023-06-01..2024-05-31 gold", "2024-06-01..2025-05-31 friend"]);
    expect(await spansOf(kept)).toEqual([
      "2023-06-01..2024-05-31 term 2023-06-01",
      "2024-06-01..9999-12-31 term 2023-06-01",
    ]);
    expect([await termsOf(merged), await spansOf(merged)]).toEqual([[], []]);
    expect(await crm.memberships.get(kept)).toMatchObject({ contactId: anna, joinedOn: "2023-06-01" });
    expect(await crm.memberships.get(merged)).toMatchObject({ contactId: null, mergedIntoId: kept, joinedOn: null });
    expect(heard).toEqual([[kept, merged, []]]);
    expect((await crm.memberships.countMembers({ on: "2024-01-01" })).members).toBe(1);
    await crm.contacts.unmerge(mergeId);
    expect([await spansOf(kept), await spansOf(merged), await termsOf(merged)]).toEqual(before);
    expect(await crm.memberships.get(merged)).toMatchObject({ contactId: anne, mergedIntoId: null });
  });

  it("keep the survivor's terms whole, and the other's on days that are left; all days of both are told", async () => {
    const { crm, both, enrol, planId, termsOf, pay } = await open(make);
    const [anna, anne] = await both();
    const kept = await enrol(anna, "friend/annual", "2024-03-01");
    const { membership, order } = await crm.memberships.join({
      contactId: anne,
      planId: planId("gold/annual"),
      on: "2024-01-01",
      terms: 3,
    });
    await pay(order.id, "750.00", { on: "2024-01-01" });
    const merged = membership.id;
    const terms = (await crm.membershipTerms.list({ where: { membershipId: merged }, orderBy: [{ startsOn: "asc" }] }))
      .items;
    const overlaps = (await crm.membershipTerms.list({ where: { membershipId: kept } })).items.flatMap(
      ({ id: keptTermId }) => [
        { from: "2024-03-01", until: "2024-12-31", keptTermId, cutTermId: terms[0]!.id },
        { from: "2025-01-01", until: "2025-02-28", keptTermId, cutTermId: terms[1]!.id },
      ],
    );
    const preview = { membershipId: kept, mergedId: merged, overlaps, voidedTermIds: [], ordersGivenUp: [] };
    expect(
      await crm.memberships.previewMerge({ entityType: "contact", survivorId: anna, otherId: anne }),
    ).toMatchObject([preview]);
    const heard: unknown[] = [];
    crm.on("membership.chains_joined", ({ data }) => heard.push(data.overlaps));
    const { mergeId } = await crm.contacts.merge(anna, anne);
    expect(heard).toEqual([overlaps]);
    expect(await termsOf(kept)).toEqual([
      "2024-01-01..2024-02-29 gold",
      "2024-03-01..2025-02-28 friend",
      "2025-03-01..2025-12-31 gold",
      "2026-01-01..2026-12-31 gold",
    ]);
    const [first, , third] = (
      await crm.membershipTerms.list({ where: { membershipId: kept }, orderBy: [{ startsOn: "asc" }] })
    ).items;
    expect([first!.price, third!.price]).toEqual([
      { amount: "40.98", currency: "EUR" },
      { amount: "209.59", currency: "EUR" },
    ]);
    await crm.contacts.unmerge(mergeId);
    expect(await termsOf(merged)).toEqual([
      "2024-01-01..2024-12-31 gold",
      "2025-01-01..2025-12-31 gold",
      "2026-01-01..2026-12-31 gold",
    ]);
  });

  it("void what lies within the survivor's terms, and keep it on record with its payments", async () => {
    const { crm, both, enrol, termsOf } = await open(make);
    const [anna, anne] = await both();
    const kept = await enrol(anna, "life/life", "2020-01-01");
    const merged = await enrol(anne, "friend/annual", "2024-01-01");
    await crm.contacts.merge(anna, anne);
    expect([await termsOf(kept), await termsOf(merged)]).toEqual([["2020-01-01.. life"], []]);
    expect(await crm.membershipTerms.count({ where: { membershipId: kept } })).toBe(2);
    expect(await crm.membershipOrders.count({ where: { membershipId: kept, state: "applied" } })).toBe(2);
  });

  it("are cancelled only on the days of the membership that was", async () => {
    const { crm, both, enrol, spansOf } = await open(make);
    const [anna, anne] = await both();
    const kept = await enrol(anna, "friend/annual", "2025-06-01");
    const merged = await enrol(anne, "friend/annual", "2024-01-01");
    await crm.memberships.cancel(merged, { on: "2024-07-01" });
    const { mergeId } = await crm.contacts.merge(anna, anne);
    expect(await spansOf(kept)).toEqual([
      "2024-01-01..2024-06-30 term 2024-01-01",
      "2024-07-01..2025-05-31 cancelled 2024-01-01",
      "2025-06-01..9999-12-31 term 2025-06-01",
    ]);
    await crm.contacts.unmerge(mergeId);
    expect((await spansOf(merged)).at(-1)).toBe("2024-07-01..9999-12-31 cancelled 2024-01-01");
  });

  it("come apart again where days of the survivor's had become those of a part of the other's term", async () => {
    const { crm, both, enrol, termsOf, spansOf } = await open(make);
    const [anna, anne] = await both();
    const kept = await enrol(anna, "friend/annual", "2024-03-01");
    await crm.memberships.cancel(kept, { on: "2025-03-01" });
    const merged = await enrol(anne, "life/life", "2024-01-01");
    const before = [await spansOf(kept), await termsOf(kept), await spansOf(merged), await termsOf(merged)];
    const { mergeId } = await crm.contacts.merge(anna, anne);
    expect(await termsOf(kept)).toEqual([
      ...["2024-01-01..2024-02-29 life", "2024-03-01..2025-02-28 friend", "2025-03-01.. life"],
    ]);
    await crm.contacts.unmerge(mergeId);
    expect([await spansOf(kept), await termsOf(kept), await spansOf(merged), await termsOf(merged)]).toEqual(before);
  });

  it("come apart again where days that were cut have begun anew since", async () => {
    const { crm, both, enrol, spansOf } = await open(make);
    const [anna, anne] = await both();
    const kept = await enrol(anna, "friend/annual", "2024-03-01");
    const override = () =>
      crm.memberships.override(kept, { status: "expired", from: "2025-06-01", until: "2025-06-30" });
    await override();
    const before = await spansOf(kept);
    const merged = await enrol(anne, "life/life", "2024-01-01");
    const { mergeId } = await crm.contacts.merge(anna, anne);
    await override();
    await crm.contacts.unmerge(mergeId);
    expect([await spansOf(kept), await spansOf(merged)]).toEqual([before, ["2024-01-01..9999-12-31 term 2024-01-01"]]);
  });

  it("give up open orders that the survivor has no use for, and keep others", async () => {
    const { crm, both, enrol, planId, statuses } = await open(make);
    const [anna, anne] = await both();
    await enrol(anna, "friend/annual", "2025-06-01");
    const waiting = (contactId: string) =>
      crm.memberships.join({ contactId, planId: planId("gold/annual"), on: "2026-01-10" });
    const { order } = await waiting(anne);
    expect(
      await crm.memberships.previewMerge({ entityType: "contact", survivorId: anna, otherId: anne }),
    ).toMatchObject([{ ordersGivenUp: [order.id] }]);
    await crm.contacts.merge(anna, anne);
    expect(await crm.membershipOrders.get(order.id)).toMatchObject({ state: "void" });
    const [bob, ben] = await both();
    const kept = await enrol(bob, "friend/annual", "2020-06-01");
    const { order: moved } = await waiting(ben);
    await crm.contacts.merge(bob, ben);
    expect(await crm.membershipOrders.get(moved.id)).toMatchObject({ state: "open", membershipId: kept });
    expect(await statuses(kept, ["2026-01-14"])).toEqual(["expired"]);
  });

  it("count what both have used of benefits on, until it is undone", async () => {
    const { crm, both, enrol, program } = await open(make);
    await crm.memberships.defineBenefits(program.id, [
      { key: "pass", levels: { friend: 4 } },
      { key: "loan", quotaOf: "person", period: "calendar_year", levels: { friend: 2 } },
    ]);
    const [anna, anne] = await both();
    await enrol(anna, "friend/annual", "2025-06-01");
    await enrol(anne, "friend/annual", "2025-03-01");
    const left = async (contactId: string, benefit: string) =>
      (await crm.memberships.may({ contactId }, benefit)).balance?.left;
    const use = (contactId: string, benefit: string, quantity: number) =>
      crm.memberships.useBenefit({ contactId }, benefit, { quantity });
    await use(anna, "pass", 1);
    const { id } = await use(anne, "pass", 2);
    await use(anne, "loan", 2);
    const { mergeId } = await crm.contacts.merge(anna, anne);
    expect([await left(anna, "pass"), await left(anna, "loan")]).toEqual([1, 0]);
    await crm.memberships.giveBackBenefit(id, { quantity: 1 });
    expect(await left(anna, "pass")).toBe(2);
    await crm.contacts.unmerge(mergeId);
    expect([await left(anna, "pass"), await left(anna, "loan")]).toEqual([3, 2]);
    expect([await left(anne, "pass"), await left(anne, "loan")]).toEqual([3, 0]);
  });

  it("are listed as the survivor was, and as each was when the merge is undone", async () => {
    const { crm, both, enrol, program } = await open(make);
    const [anna, anne] = await both();
    for (const contactId of [anna, anne]) await enrol(contactId, "friend/annual", "2025-06-01");
    await crm.memberships.setListing({ contactId: anna, programId: program.id }, { name: "members" });
    await crm.memberships.setListing({ contactId: anne, programId: program.id }, { name: "public" });
    const names = async (audience: "members" | "public") =>
      (await crm.memberships.directory({ programId: program.id, audience })).items.map(({ name }) => name);
    const { mergeId } = await crm.contacts.merge(anna, anne);
    expect([await names("public"), await names("members")]).toEqual([[], ["Anna Silva"]]);
    await crm.contacts.unmerge(mergeId);
    expect([await names("public"), await names("members")]).toEqual([["Anne Silva"], ["Anna Silva", "Anne Silva"]]);
  });

  it("move as they are where only one was a member, and by program; accounts too", async () => {
    const { crm, both, enrol, planId } = await open(make);
    const [anna, anne] = await both();
    const id = await enrol(anne, "friend/annual", "2025-06-01");
    await crm.contacts.merge(anna, anne);
    expect(await crm.memberships.get(id)).toMatchObject({ contactId: anna, mergedIntoId: null });
    const [acme, other] = await crm.accounts.createMany([{ name: "Acme" }, { name: "Acme Ltd" }]);
    const join = (accountId: string, on: string) =>
      crm.memberships.join({ accountId, planId: planId("company/annual"), on, complimentary: true });
    const [{ membership }] = [await join(acme!.id, "2025-01-01"), await join(other!.id, "2024-01-01")];
    await crm.accounts.merge(acme!.id, other!.id);
    expect(await crm.memberships.get(membership.id)).toMatchObject({ joinedOn: "2024-01-01" });
    expect(await refusal(crm.memberships.previewMerge({} as never))).toMatchObject({ code: "invalid_input" });
    const pair = { entityType: "contact", survivorId: anna } as const;
    expect(await refusal(crm.memberships.previewMerge({ ...pair, otherId: anna }))).toMatchObject({
      ...{ code: "invalid_input", message: "membership.otherId is the survivor: two are merged." },
    });
    expect(await refusal(crm.memberships.previewMerge({ ...pair, otherId: "none" }))).toMatchObject({
      code: "not_found",
    });
  });
});

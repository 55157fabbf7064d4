import { describe, expect, it } from "vitest";
import { onEveryStorage, refusal, thingsOf } from "../relationships-fixture.ts";
import type { Participant } from "./participants.ts";

onEveryStorage((open) => {
  async function openDeals(options: Parameters<typeof open>[0] = {}) {
    const crm = await open(options);
    const named = await thingsOf(crm, "Anna, Ben, Cleo, Acme Ltd, Bolt Ltd, Coin Ltd");
    const kind = await crm.relationships.defineEngagementType({
      key: "deal",
      name: "Deal",
      roles: [
        { key: "buyer", entities: ["account"], least: 1, most: 1 },
        { key: "seller", entities: ["account"], least: 1 },
        { key: "counsel", entities: ["contact", "account"] },
        { key: "bank", entities: ["account"], most: 2 },
      ],
    });
    const roles = (found: readonly Participant[]) =>
      found.map(({ role, party }) => `${role} ${named.nameOf(party)}`).toSorted();
    return { crm, ...named, kind, roles };
  }

  describe("a kind of engagement", () => {
    it("has its roles as relationship types, which follow it", async () => {
      const { crm, kind } = await openDeals();
      const typesOf = async () =>
        (await crm.relationshipTypes.list({ where: { category: "engagement" }, orderBy: [{ key: "asc" }] })).items;
      expect(await typesOf()).toMatchObject([
        { key: "deal.bank", shape: "one_sided", fromRole: "bank", limits: [{ end: "to", most: 2 }] },
        { key: "deal.buyer", fromEntities: ["account"], toEntities: ["engagement"], defaultStrength: "0.4" },
        { key: "deal.counsel", limits: [] },
        { key: "deal.seller" },
      ]);
      const again = await crm.relationships.defineEngagementType({
        key: "deal",
        roles: [{ key: "buyer" }, { key: "broker" }],
      });
      expect(again).toMatchObject({ id: kind.id, name: "Deal" });
      expect((await typesOf()).map(({ key }) => key)).toEqual(["deal.broker", "deal.buyer"]);
      expect((await typesOf())[1]).toMatchObject({ fromEntities: null, limits: [] });
      await crm.engagementTypes.delete(kind.id);
      expect(await typesOf()).toEqual([]);
    });

    it("is refused where its roles mean nothing, or one is left out that somebody has", async () => {
      const { crm, thing } = await openDeals();
      const define = (roles: readonly object[]) =>
        refusal(crm.relationships.defineEngagementType({ key: "deal", roles: roles as [] }));
      expect(await define([])).toMatchObject({ code: "invalid_input", details: { field: "roles" } });
      expect(await define([{ key: "a" }, { key: "a" }])).toMatchObject({ details: { field: "roles" } });
      expect(await define([{ key: "a.b" }])).toMatchObject({ details: { field: "roles.0.key" } });
      expect(await define([{ key: "a", least: 2, most: 1 }])).toMatchObject({ details: { field: "roles.0.most" } });
      const participants = [{ party: thing.Acme!, role: "seller" }];
      await crm.relationships.openEngagement({ type: "deal", name: "Acme sells", participants });
      expect(await define([{ key: "buyer" }])).toMatchObject({
        code: "engagement_role_in_use",
        details: { entity: "engagementType", field: "roles", role: "seller", count: 1 },
      });
      expect(await define([{ key: "seller", entities: ["contact"] }, { key: "buyer" }])).toMatchObject({
        code: "relationship_type_in_use",
      });
      expect((await crm.engagementTypes.list()).items[0]!.roles).toHaveLength(4);
    });
  });

  describe("an engagement", () => {
    it("is opened with those who take part, and is joined and left", async () => {
      const { crm, thing, roles } = await openDeals();
      const { engagement, participants } = await crm.relationships.openEngagement({
        ...{ type: "deal", name: "Acme buys Bolt", validFrom: "2024-01-01" },
        participants: [
          { party: thing.Acme!, role: "buyer" },
          { party: thing.Bolt!, role: "seller", validFrom: "2024-02-01", notes: "all shares" },
        ],
      });
      expect(participants).toMatchObject([
        { validFrom: "2024-01-01" },
        { validFrom: "2024-02-01", notes: "all shares" },
      ]);
      const { id } = engagement;
      await crm.relationships.joinEngagement(id, [{ party: thing.Anna!, role: "counsel", validFrom: "2024-03-01" }]);
      await crm.relationships
        .joinEngagement(id, [{ party: thing.Anna!, role: "counsel", validFrom: "2020-01-01" }])
        .catch((error: { readonly message: string }) =>
          expect(error.message).toBe("relationship.validFrom is before the first day of the engagement, 2024-01-01."),
        );
      const on = async (day: string) => roles(await crm.relationships.participantsOn(id, { on: day }));
      expect(await on("2024-01-31")).toEqual(["buyer Acme"]);
      expect(await on("2024-03-01")).toEqual(["buyer Acme", "counsel Anna", "seller Bolt"]);
      const [left] = await crm.relationships.leaveEngagement(id, {
        party: thing.Anna!,
        on: "2024-06-30",
        reason: "conflict",
      });
      expect(left).toMatchObject({ validUntil: "2024-06-30" });
      expect(await on("2024-07-01")).toEqual(["buyer Acme", "seller Bolt"]);
      expect(roles(await crm.relationships.participantsOn(id, { roles: ["buyer"] }))).toEqual(["buyer Acme"]);
      const again = crm.relationships.leaveEngagement(id, { party: thing.Anna!, on: "2024-07-01" });
      expect(await refusal(again)).toMatchObject({ code: "not_in_engagement", details: { field: "party" } });
      expect(await crm.relationships.endEngagement(id, { on: "2025-01-31" })).toMatchObject({
        validUntil: "2025-01-31",
      });
      expect(await on("2025-01-31")).toEqual(["buyer Acme", "seller Bolt"]);
      expect(await on("2025-02-01")).toEqual([]);
    });

    it("has no more in a role than the most, none who may not have it, and no role that is none", async () => {
      const { crm, thing, kind } = await openDeals();
      const { engagement } = await crm.relationships.openEngagement({
        ...{ type: "deal", name: "Sale", participants: [{ party: thing.Acme!, role: "buyer" }] },
      });
      const join = (party: string, role: string) =>
        refusal(crm.relationships.joinEngagement(engagement.id, [{ party: thing[party]!, role }]));
      expect(await join("Bolt", "buyer")).toMatchObject({ code: "too_many_relationships" });
      expect(await join("Anna", "buyer")).toMatchObject({ code: "invalid_input", details: { field: "fromType" } });
      expect(await join("Bolt", "bidder")).toMatchObject({
        message: 'engagement (input 0).role is no role of "deal": there are buyer, seller, counsel, bank.',
      });
      expect(await join("Acme", "buyer")).toMatchObject({ code: "relationship_overlap" });
      await crm.relationships.defineEngagementType({ key: "board", roles: [{ key: "chair" }] });
      const to = { entityType: "engagement", id: engagement.id };
      const chair = crm.relationships.relate({ type: "board.chair", from: thing.Anna!, to });
      expect(await refusal(chair)).toMatchObject({ code: "invalid_input", details: { field: "type" } });
      // What is no role of any kind of engagement is no taking part.
      await crm.relationships.relate({ type: "mention", from: thing.Anna!, to, validFrom: "1999-01-01" });
      expect(await crm.relationships.participantsOn(engagement.id)).toHaveLength(1);
      const other = crm.relationships.openEngagement({ type: "merger", name: "M" });
      expect(await refusal(other)).toMatchObject({
        code: "unknown_engagement_type",
        details: { known: "board, deal" },
      });
      expect(await refusal(crm.engagementTypes.delete(kind.id))).toMatchObject({ code: "still_referenced" });
      expect(await crm.engagements.count()).toBe(1);
    });

    it("keeps the days of those who take part within its own", async () => {
      const { crm, thing } = await openDeals();
      const { engagement } = await crm.relationships.openEngagement({
        ...{ type: "deal", name: "Sale", validUntil: "2024-12-31" },
        participants: [{ party: thing.Acme!, role: "buyer", validFrom: "2024-01-01" }],
      });
      const { id } = engagement;
      const narrowed = crm.engagements.update(id, { validFrom: "2024-01-02" });
      expect(await refusal(narrowed)).toMatchObject({ code: "engagement_not_there" });
      const backwards = crm.engagements.update(id, { validFrom: "2025-01-01" });
      expect(await refusal(backwards)).toMatchObject({ code: "invalid_input", details: { field: "validUntil" } });
      expect((await crm.relationships.participantsOn(id, { on: "2024-12-31" }))[0]).toMatchObject({
        validUntil: "2024-12-31",
      });
      await crm.relationships.joinEngagement(id, [{ party: thing.Bolt!, role: "seller", validFrom: "2024-06-01" }]);
      const early = crm.relationships.endEngagement(id, { on: "2024-05-31" });
      expect(await refusal(early)).toMatchObject({ code: "engagement_not_there" });
      expect(await crm.engagements.get(id)).toMatchObject({ validUntil: "2024-12-31" });
    });
  });

  it("tells which engagements lack whom on a day, and all that one takes part in", async () => {
    const { crm, thing } = await openDeals();
    await crm.relationships.defineEngagementType({
      key: "board",
      roles: [
        { key: "chair", least: 1 },
        { key: "member", least: 2 },
      ],
    });
    const openBoard = (name: string, participants: [string, string, string?][]) =>
      crm.relationships.openEngagement({
        ...{ type: "board", name, validFrom: "2024-01-01" },
        participants: participants.map(([party, role, validUntil]) => ({ party: thing[party]!, role, validUntil })),
      });
    await openBoard("Audit", [
      ["Anna", "chair"],
      ["Ben", "member"],
      ["Cleo", "member", "2024-06-30"],
    ]);
    await openBoard("Pay", [
      ["Anna", "member"],
      ["Ben", "member"],
    ]);
    await crm.relationships.openEngagement({
      type: "deal",
      name: "Sale",
      participants: [{ party: thing.Acme!, role: "buyer" }],
    });
    const missing = async (query: { on: string; types?: string[] }) =>
      (await crm.relationships.incompleteEngagements(query)).map(
        ({ engagement, missing: lack }) =>
          `${engagement.name}: ${lack.map(({ role, least, has }) => `${role} ${has}/${least}`)}`,
      );
    expect(await missing({ on: "2024-06-30" })).toEqual(["Pay: chair 0/1", "Sale: seller 0/1"]);
    expect(await missing({ on: "2024-07-01", types: ["board"] })).toEqual(["Audit: member 1/2", "Pay: chair 0/1"]);
    expect(await missing({ on: "2023-12-31" })).toEqual(["Sale: seller 0/1"]);
    const unknown = crm.relationships.incompleteEngagements({ types: ["choir"] });
    expect(await refusal(unknown)).toMatchObject({ code: "unknown_engagement_type" });
    const partsOf = async (name: string, query: object = {}) =>
      (await crm.relationships.engagementsOf(thing[name]!, query)).map(
        ({ engagement, type, role }) => `${type} ${engagement.name} ${role}`,
      );
    expect((await partsOf("Anna")).toSorted()).toEqual(["board Audit chair", "board Pay member"]);
    expect(await partsOf("Anna", { roles: ["chair"] })).toEqual(["board Audit chair"]);
    expect(await partsOf("Anna", { types: ["deal"] })).toEqual([]);
    expect(await partsOf("Cleo")).toEqual([]);
    expect(await partsOf("Cleo", { from: "2024-06-30", until: "2024-12-31" })).toEqual(["board Audit member"]);
    expect(await partsOf("Acme")).toEqual(["deal Sale buyer"]);
  });

  it("follows a merge of those who take part, and is told as it was", async () => {
    let now = Date.UTC(2026, 5, 15, 12);
    const { crm, thing, roles } = await openDeals({ clock: () => now });
    const { engagement } = await crm.relationships.openEngagement({
      ...{ type: "deal", name: "Sale", participants: [{ party: thing.Acme!, role: "buyer" }] },
    });
    const before = (await crm.relationships.participantsOn(engagement.id))[0]!.edge.createdAt;
    now += 60_000;
    const past = crm.asOf(before).relationships;
    await crm.relationships.joinEngagement(engagement.id, [{ party: thing.Bolt!, role: "seller" }]);
    await crm.accounts.merge(thing.Coin!.id, thing.Bolt!.id);
    expect(roles(await crm.relationships.participantsOn(engagement.id))).toEqual(["buyer Acme", "seller Coin"]);
    expect(roles(await past.participantsOn(engagement.id))).toEqual(["buyer Acme"]);
    expect(await past.incompleteEngagements()).toMatchObject([{ missing: [{ role: "seller", least: 1, has: 0 }] }]);
    expect(await past.engagementsOf(thing.Bolt!)).toEqual([]);
  });
});

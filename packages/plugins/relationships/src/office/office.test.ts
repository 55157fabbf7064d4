import { describe, expect, it } from "vitest";
import { onEveryStorage, refusal, thingsOf } from "../relationships-fixture.ts";
import type { Holding } from "./read-offices.ts";

onEveryStorage((open, storage) => {
  async function openMinistry() {
    const crm = await open();
    const named = await thingsOf(crm, "Anna, Ben, Cleo, Ministry Ltd, Agency Ltd");
    const { thing, nameOf } = named;
    const minister = await crm.relationships.defineOffice({ accountId: thing.Ministry!.id, title: "Minister" });
    const who = (holdings: readonly Holding[]) => holdings.map(({ holder }) => nameOf(holder));
    return { crm, ...named, minister, who };
  }

  describe("an office", () => {
    it("is known by its account and its title, and keeps what a definition leaves out", async () => {
      const { crm, thing, minister } = await openMinistry();
      expect(minister).toMatchObject({ title: "Minister", isSingleHolder: true, typeId: null, validFrom: null });
      const accountId = thing.Ministry!.id;
      const [deputy, again] = await crm.relationships.defineOffices([
        { accountId, title: "Deputy", isSingleHolder: false, validFrom: "2010-01-01" },
        { accountId, title: "Minister", validUntil: "2030-12-31" },
      ]);
      expect(deputy).toMatchObject({ isSingleHolder: false, validFrom: "2010-01-01" });
      expect(again).toMatchObject({ id: minister.id, isSingleHolder: true, validUntil: "2030-12-31" });
      await crm.offices.archive(minister.id);
      const back = await crm.relationships.defineOffice({ accountId, title: "Minister" });
      expect(back).toMatchObject({ id: minister.id, archivedAt: null, validUntil: "2030-12-31" });
      expect(await crm.offices.count()).toBe(2);
    });

    it("is refused where what is given is wrong, and nothing is stored", async () => {
      const { crm, thing } = await openMinistry();
      const accountId = thing.Ministry!.id;
      const define = (more: object) => refusal(crm.relationships.defineOffice({ accountId, title: "Chair", ...more }));
      expect(await define({ validFrom: "2020-01-02", validUntil: "2020-01-01" })).toMatchObject({
        code: "invalid_input",
        message: "office.validUntil is before the first day, 2020-01-02.",
      });
      expect(await define({ validFrom: "2020-02-30" })).toMatchObject({
        details: { entity: "office", field: "validFrom" },
      });
      expect(await define({ type: "ministry" })).toMatchObject({ code: "unknown_relationship_type" });
      expect(await define({ accountId: thing.Anna!.id })).toMatchObject({ code: "reference_not_found" });
      expect(await define({ titel: "Chair" })).toMatchObject({ details: { field: "titel" } });
      expect(await crm.offices.count()).toBe(1);
    });

    it("is held from one day to another, and tells who held it before and who after", async () => {
      const { crm, thing, minister, who } = await openMinistry();
      const appoint = (name: string, validFrom: string, validUntil?: string) =>
        crm.relationships.appoint(minister.id, { holder: thing[name]!, validFrom, validUntil });
      await appoint("Anna", "2010-01-01", "2012-12-31");
      await appoint("Ben", "2014-01-01", "2015-06-30");
      await appoint("Cleo", "2015-07-01");
      const on = async (day: string) => who(await crm.relationships.holdersOn(minister.id, { on: day }));
      expect(await on("2009-12-31")).toEqual([]);
      expect(await on("2010-01-01")).toEqual(["Anna"]);
      expect(await on("2012-12-31")).toEqual(["Anna"]);
      expect(await on("2013-06-01")).toEqual([]);
      expect(await on("2015-06-30")).toEqual(["Ben"]);
      expect(await on("2015-07-01")).toEqual(["Cleo"]);
      expect(who(await crm.relationships.holdersOn(minister.id))).toEqual(["Cleo"]);
      const around = async (day: string) => {
        const { before, on: now, after } = await crm.relationships.holdersAround(minister.id, { on: day });
        return [who(before), who(now), who(after)];
      };
      expect(await around("2013-06-01")).toEqual([["Anna"], [], ["Ben"]]);
      expect(await around("2015-06-30")).toEqual([["Anna"], ["Ben"], ["Cleo"]]);
      expect(await around("2026-01-01")).toEqual([["Ben"], ["Cleo"], []]);
      const edge = (await crm.relationships.holdersOn(minister.id))[0]!.edge;
      expect(edge).toMatchObject({ toType: "account", toId: thing.Ministry!.id, officeId: minister.id });
    });

    it("with a single holder refuses a second on one day, by whatever way, and takes one instead of another", async () => {
      const { crm, thing, minister, who } = await openMinistry();
      const appoint = (name: string, more: object) =>
        crm.relationships.appoint(minister.id, { holder: thing[name]!, ...more });
      const anna = await appoint("Anna", { validFrom: "2020-01-01" });
      expect(await refusal(appoint("Ben", { validFrom: "2021-01-01" }))).toMatchObject({
        code: "office_held_twice",
        message: expect.stringContaining('Office "Minister"'),
        details: { entity: "office", id: minister.id, field: "officeId", day: "2021-01-01" },
      });
      const to = thing.Ministry!;
      const edge = { type: "office_holder", from: thing.Ben!, to, officeId: minister.id, validUntil: "2020-01-01" };
      expect(await refusal(crm.relationships.relate(edge))).toMatchObject({ code: "office_held_twice" });
      expect(await refusal(appoint("Ben", { replacing: true }))).toMatchObject({ details: { field: "validFrom" } });
      expect(await crm.relationships.count()).toBe(1);
      await appoint("Ben", { validFrom: "2021-01-01", replacing: true });
      expect((await crm.relationships.get(anna.id)).validUntil).toBe("2020-12-31");
      expect((await crm.relationshipActs.list()).items).toMatchObject([{ relationshipId: anna.id, act: "ended" }]);
      expect(who(await crm.relationships.holdersOn(minister.id, { on: "2021-01-01" }))).toEqual(["Ben"]);
      expect(await refusal(appoint("Cleo", { validFrom: "2022-01-01", replacing: thing.Anna! }))).toMatchObject({
        code: "office_vacant",
      });
      // Whoever comes on the very day of another has nobody to replace.
      expect(await refusal(appoint("Cleo", { validFrom: "2021-01-01", replacing: true }))).toMatchObject({
        code: "office_held_twice",
      });
    });

    it("cannot get a single holder while two hold it, nor other days or another type than it is held by", async () => {
      const { crm, thing } = await openMinistry();
      const accountId = thing.Ministry!.id;
      const deputy = await crm.relationships.defineOffice({ accountId, title: "Deputy", isSingleHolder: false });
      for (const name of ["Anna", "Ben"])
        await crm.relationships.appoint(deputy.id, { holder: thing[name]!, validFrom: "2020-01-01" });
      expect(await refusal(crm.offices.update(deputy.id, { isSingleHolder: true }))).toMatchObject({
        code: "office_held_twice",
        details: { day: "2020-01-01", count: 2 },
      });
      expect(await refusal(crm.offices.update(deputy.id, { validFrom: "2020-01-02" }))).toMatchObject({
        code: "office_not_there",
      });
      const typeId = (await crm.relationshipTypes.find({ where: { key: "employment" } }))!.id;
      expect(await refusal(crm.offices.update(deputy.id, { typeId }))).toMatchObject({ code: "office_in_use" });
      expect(await refusal(crm.offices.delete(deputy.id))).toMatchObject({ code: "still_referenced" });
      await crm.relationships.vacate(deputy.id, { holder: thing.Ben!, on: "2020-06-30" });
      expect(await refusal(crm.offices.update(deputy.id, { isSingleHolder: true }))).toMatchObject({
        code: "office_held_twice",
      });
    });

    it("is held by relationships of its own type and to its own account", async () => {
      const { crm, thing, minister } = await openMinistry();
      const values = { from: thing.Anna!, officeId: minister.id };
      await crm.relationships.appoint(minister.id, { holder: thing.Ben!, validUntil: "2000-12-31" });
      const wrong = [
        { ...values, type: "office_holder", to: thing.Agency! },
        { ...values, type: "employment", to: thing.Ministry! },
      ];
      for (const edge of wrong)
        expect(await refusal(crm.relationships.relate(edge))).toMatchObject({
          code: "invalid_input",
          details: { entity: "relationship", field: "officeId" },
        });
      const chair = await crm.relationships.defineOffice({
        ...{ accountId: thing.Agency!.id, title: "Chair", type: "employment" },
      });
      const edge = await crm.relationships.appoint(chair.id, {
        ...{ holder: thing.Anna!, attributes: { position: "Chair" }, validFrom: "2020-01-01" },
      });
      expect(edge).toMatchObject({ officeId: chair.id, attributes: { position: "Chair" } });
    });

    it("is held only while it is there, and ends with all who hold it", async () => {
      const { crm, thing } = await openMinistry();
      const accountId = thing.Ministry!.id;
      const days = { validFrom: "2010-01-01", validUntil: "2020-12-31" };
      const envoy = await crm.relationships.defineOffice({ accountId, title: "Envoy", ...days });
      const appoint = (name: string, more: object) =>
        crm.relationships.appoint(envoy.id, { holder: thing[name]!, ...more });
      expect(await refusal(appoint("Anna", { validFrom: "2009-12-31" }))).toMatchObject({
        message: "relationship.validFrom is before the first day of the office, 2010-01-01.",
      });
      expect(await refusal(appoint("Anna", { validFrom: "2019-01-01", validUntil: "2021-01-01" }))).toMatchObject({
        details: { field: "validUntil" },
      });
      expect(await appoint("Anna", {})).toMatchObject(days);
      expect(await crm.relationships.endOffice(envoy.id, { on: "2015-12-31" })).toMatchObject({
        validUntil: "2015-12-31",
      });
      expect((await crm.relationships.officeTimeline(envoy.id)).entries).toMatchObject([{ validUntil: "2015-12-31" }]);
      expect(await refusal(appoint("Ben", { validFrom: "2016-01-01" }))).toMatchObject({ code: "invalid_input" });
    });

    it("is vacated by one or by all, and by nobody where nobody holds it", async () => {
      const { crm, thing, minister, who } = await openMinistry();
      await crm.relationships.appoint(minister.id, { holder: thing.Anna!, validFrom: "2020-01-01" });
      const byBen = crm.relationships.vacate(minister.id, { holder: thing.Ben!, on: "2020-06-30" });
      expect(await refusal(byBen)).toMatchObject({ code: "office_vacant", details: { field: "holder" } });
      const [ended] = await crm.relationships.vacate(minister.id, { reason: "resigned" });
      expect(ended).toMatchObject({ validUntil: "2026-06-15", validUntilIs: "exact" });
      expect((await crm.relationshipActs.list()).items).toMatchObject([
        { act: "ended", on: "2026-06-15", reason: "resigned" },
      ]);
      expect(await refusal(crm.relationships.vacate(minister.id, { on: "2026-06-16" }))).toMatchObject({
        code: "office_vacant",
      });
      expect(who(await crm.relationships.holdersOn(minister.id, { on: "2026-06-16" }))).toEqual([]);
    });

    it("goes with its account, and with who holds it", async () => {
      const { crm, thing, minister } = await openMinistry();
      await crm.relationships.appoint(minister.id, { holder: thing.Anna!, validFrom: "2020-01-01" });
      await crm.accounts.delete(thing.Ministry!.id);
      expect([await crm.offices.count(), await crm.relationships.count()]).toEqual([0, 0]);
      await crm.accounts.restore(thing.Ministry!.id);
      expect([await crm.offices.count(), await crm.relationships.count()]).toEqual([1, 1]);
      await crm.contacts.delete(thing.Anna!.id);
      expect([await crm.offices.count(), await crm.relationships.count()]).toEqual([1, 0]);
    });

    it("has no second holder by one who comes back from a deletion or a retraction", async () => {
      const { crm, thing, minister, who } = await openMinistry();
      const anna = await crm.relationships.appoint(minister.id, { holder: thing.Anna!, validFrom: "2020-01-01" });
      await crm.contacts.delete(thing.Anna!.id);
      const ben = await crm.relationships.appoint(minister.id, { holder: thing.Ben!, validFrom: "2021-01-01" });
      expect(await refusal(crm.contacts.restore(thing.Anna!.id))).toMatchObject({ code: "office_held_twice" });
      await crm.relationships.retract(ben.id);
      await crm.contacts.restore(thing.Anna!.id);
      expect(await refusal(crm.relationships.reopen(ben.id))).toMatchObject({ code: "office_held_twice" });
      await crm.relationships.end(anna.id, { on: "2020-12-31" });
      await crm.relationships.reopen(ben.id);
      expect(who(await crm.relationships.holdersOn(minister.id))).toEqual(["Ben"]);
    });

    it("of one title at two accounts that become one is one, with all who held either", async () => {
      const { crm, thing, minister, who } = await openMinistry();
      const other = await crm.relationships.defineOffice({ accountId: thing.Agency!.id, title: "Minister" });
      const only = await crm.relationships.defineOffice({ accountId: thing.Agency!.id, title: "Registrar" });
      await crm.relationships.appoint(minister.id, { holder: thing.Anna!, validFrom: "2020-01-01" });
      const ben = await crm.relationships.appoint(other.id, { holder: thing.Ben!, validUntil: "2019-12-31" });
      await crm.relationships.appoint(only.id, { holder: thing.Ben!, validFrom: "2020-01-01" });
      const { mergeId } = await crm.accounts.merge(thing.Ministry!.id, thing.Agency!.id);
      expect((await crm.offices.list({ orderBy: [{ title: "asc" }] })).items).toMatchObject([
        { id: minister.id, accountId: thing.Ministry!.id },
        { id: only.id, accountId: thing.Ministry!.id },
      ]);
      expect(who(await crm.relationships.holdersOn(minister.id, { on: "2019-12-31" }))).toEqual(["Ben"]);
      expect(who(await crm.relationships.holdersOn(only.id))).toEqual(["Ben"]);
      await crm.accounts.unmerge(mergeId);
      expect(await crm.relationships.get(ben.id)).toMatchObject({ officeId: other.id, toId: thing.Agency!.id });
      expect(who(await crm.relationships.holdersOn(other.id, { on: "2019-12-31" }))).toEqual(["Ben"]);
    });

    it("keeps two accounts apart where both hold the one office that there would be", async () => {
      const { crm, thing, minister } = await openMinistry();
      const other = await crm.relationships.defineOffice({ accountId: thing.Agency!.id, title: "Minister" });
      await crm.relationships.appoint(minister.id, { holder: thing.Anna!, validFrom: "2020-01-01" });
      await crm.relationships.appoint(other.id, { holder: thing.Ben!, validFrom: "2021-01-01" });
      const merge = crm.accounts.merge(thing.Ministry!.id, thing.Agency!.id);
      expect(await refusal(merge)).toMatchObject({ code: "office_held_twice", details: { day: "2021-01-01" } });
      expect(await crm.offices.count()).toBe(2);
    });

    it("has one holder of many who are appointed at the same time", async () => {
      const { crm, minister } = await openMinistry();
      const many = storage === "PostgreSQL" ? 20 : 6;
      const people = await crm.contacts.createMany(Array.from({ length: many }, (_, at) => ({ givenName: `P${at}` })));
      const appointed = await Promise.allSettled(
        people.map(({ id }) =>
          crm.relationships.appoint(minister.id, { holder: { entityType: "contact", id }, validFrom: "2020-01-01" }),
        ),
      );
      const refused = appointed.flatMap((each) =>
        each.status === "rejected" ? [(each.reason as { code: string }).code] : [],
      );
      expect([refused.length, [...new Set(refused)]]).toEqual([many - 1, ["office_held_twice"]]);
      expect(await crm.relationships.count()).toBe(1);
    });
  });

  describe("what was known of an office", () => {
    it("at an instant is told by a handle of the past", async () => {
      let now = Date.UTC(2026, 5, 15, 12);
      const crm = await open({ clock: () => now });
      const { thing, nameOf } = await thingsOf(crm, "Anna, Ben, Ministry Ltd");
      const { id } = await crm.relationships.defineOffice({ accountId: thing.Ministry!.id, title: "Minister" });
      await crm.relationships.appoint(id, { holder: thing.Anna!, validFrom: "2020-01-01" });
      const known = (await crm.relationships.holdersOn(id))[0]!.edge.createdAt;
      now += 60_000;
      await crm.relationships.appoint(id, { holder: thing.Ben!, validFrom: "2021-01-01", replacing: true });
      const past = crm.asOf(known).relationships;
      const query = { on: "2022-01-01" };
      const who = (holdings: readonly Holding[]) => holdings.map(({ holder }) => nameOf(holder));
      expect(who(await past.holdersOn(id, query))).toEqual(["Anna"]);
      expect(who(await crm.relationships.holdersOn(id, query))).toEqual(["Ben"]);
      const span = { from: "2020-01-01", until: "2022-12-31" };
      expect(await past.handovers(span)).toEqual([]);
      expect(await crm.relationships.handovers(span)).toHaveLength(1);
      expect((await past.officeTimeline(id)).entries).toHaveLength(1);
      expect(await past.vacancies({ on: "2019-01-01" })).toMatchObject([{ validUntil: "2019-12-31" }]);
    });
  });
});

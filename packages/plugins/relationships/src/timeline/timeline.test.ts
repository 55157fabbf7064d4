import { expect, it } from "vitest";
import { onEveryStorage, refusal, thingsOf } from "../relationships-fixture.ts";

onEveryStorage((open) => {
  async function openCareers() {
    let now = Date.UTC(2026, 5, 15, 12);
    const crm = await open({ clock: () => now });
    const named = await thingsOf(crm, "Anna, Ben, Acme Ltd, Bolt Ltd");
    const { thing, nameOf } = named;
    const chair = await crm.relationships.defineOffice({ accountId: thing.Acme!.id, title: "Chair" });
    const [first, second, third] = await crm.relationships.relateMany([
      { type: "employment", from: thing.Anna!, to: thing.Acme!, validFrom: "2010-01-01", validUntil: "2014-12-31" },
      { type: "employment", from: thing.Anna!, to: thing.Bolt!, validFrom: "2015-01-01", validUntil: "2017-06-30" },
      { type: "acquaintance", from: thing.Ben!, to: thing.Anna!, validFrom: "2017-01-01", validUntil: "2017-12-31" },
    ]);
    const fourth = await crm.relationships.appoint(chair.id, { holder: thing.Anna!, validFrom: "2019-01-01" });
    const later = () => {
      now += 60_000;
    };
    return { crm, thing, nameOf, chair, edges: [first!, second!, third!, fourth] as const, later };
  }

  it("tells of a person all relationships in order, how each follows the one before, the gaps and the overlaps", async () => {
    const { crm, thing, nameOf, chair } = await openCareers();
    const { entries, gaps, overlaps } = await crm.relationships.timelineOf(thing.Anna!);
    expect(
      entries.map(({ type, far, office, sincePrevious }) => [
        type.key,
        nameOf(far),
        office?.title ?? null,
        sincePrevious,
      ]),
    ).toEqual([
      ["employment", "Acme", null, null],
      ["employment", "Bolt", null, "meets"],
      ["acquaintance", "Ben", null, "overlaps"],
      ["office_holder", "Acme", chair.title, "before"],
    ]);
    expect(gaps).toEqual([{ validFrom: "2018-01-01", validUntil: "2018-12-31" }]);
    expect(overlaps).toEqual([{ validFrom: "2017-01-01", validUntil: "2017-06-30", most: 2 }]);
  });

  it("tells it of some types, roles and days alone", async () => {
    const { crm, thing, nameOf } = await openCareers();
    const jobs = await crm.relationships.timelineOf(thing.Anna!, {
      types: ["employment"],
      from: "2014-06-01",
      until: "2018-12-31",
    });
    expect(jobs.entries.map(({ far }) => nameOf(far))).toEqual(["Acme", "Bolt"]);
    expect(jobs.gaps).toEqual([{ validFrom: "2017-07-01", validUntil: "2018-12-31" }]);
    expect(jobs.overlaps).toEqual([]);
    const friends = await crm.relationships.timelineOf(thing.Anna!, { roles: ["acquaintance"] });
    expect(friends.entries.map(({ far }) => nameOf(far))).toEqual(["Ben"]);
    const none = await crm.relationships.timelineOf(thing.Anna!, { until: "2009-12-31" });
    expect(none).toEqual({ entries: [], gaps: [{ validFrom: null, validUntil: "2009-12-31" }], overlaps: [] });
    const refused = async (query: object) =>
      (await refusal(crm.relationships.timelineOf(thing.Anna!, query))).details.field;
    expect([await refused({ from: "2020-01-01", until: "2019-01-01" }), await refused({ from: "x" })]).toEqual([
      "until",
      "from",
    ]);
    expect(await refusal(crm.relationships.timelineOf(thing.Anna!, { types: ["job"] }))).toMatchObject({
      code: "unknown_relationship_type",
    });
  });

  it("tells of an organisation who came and went, and of an office too", async () => {
    const { crm, thing, nameOf, chair } = await openCareers();
    const acme = await crm.relationships.timelineOf(thing.Acme!);
    expect(acme.entries.map(({ way, far, nearRole, farRole }) => [way, nameOf(far), nearRole, farRole])).toEqual([
      ["against", "Anna", "employer", "employee"],
      ["against", "Anna", "organisation", "office_holder"],
    ]);
    expect(acme.gaps).toEqual([{ validFrom: "2015-01-01", validUntil: "2018-12-31" }]);
    await crm.relationships.appoint(chair.id, {
      holder: thing.Ben!,
      validFrom: "2016-01-01",
      validUntil: "2018-06-30",
    });
    const whole = await crm.relationships.officeTimeline(chair.id);
    expect(whole.entries.map(({ holder, sincePrevious }) => [nameOf(holder), sincePrevious])).toEqual([
      ["Ben", null],
      ["Anna", "before"],
    ]);
    expect(whole.gaps).toEqual([{ validFrom: "2018-07-01", validUntil: "2018-12-31" }]);
    const asked = { from: "2015-01-01", until: "2017-12-31" };
    expect((await crm.relationships.officeTimeline(chair.id, asked)).gaps).toEqual([
      { validFrom: "2015-01-01", validUntil: "2015-12-31" },
    ]);
    await crm.relationships.defineOffice({ accountId: thing.Acme!.id, title: "Chair", validFrom: "2015-07-01" });
    expect((await crm.relationships.officeTimeline(chair.id, asked)).gaps).toEqual([
      { validFrom: "2015-07-01", validUntil: "2015-12-31" },
    ]);
  });

  it("compares two relationships in time", async () => {
    const { crm, edges } = await openCareers();
    const [first, second, third, fourth] = edges.map(({ id }) => id) as [string, string, string, string];
    const compare = (a: string, b: string) => crm.relationships.compareInTime(a, b);
    expect(await compare(first, second)).toEqual({ relation: "meets", shared: undefined, daysApart: 0 });
    expect(await compare(fourth, third)).toEqual({ relation: "after", shared: undefined, daysApart: 365 });
    expect(await compare(third, second)).toEqual({
      ...{ relation: "overlapped_by", shared: { validFrom: "2017-01-01", validUntil: "2017-06-30" }, daysApart: 0 },
    });
    expect((await compare(first, first)).relation).toBe("equals");
    expect(await refusal(compare(first, "00000000-0000-7000-8000-000000000000"))).toMatchObject({
      code: "not_found",
    });
  });

  it("tells what may be, what is certain, and what was known at an instant", async () => {
    const { crm, thing, nameOf, edges, later } = await openCareers();
    const known = edges[3].createdAt;
    later();
    await crm.relationships.relate({
      ...{ type: "employment", from: thing.Ben!, to: thing.Acme! },
      ...{ validFrom: "2019-12-31", validFromIs: "at_latest", validUntil: "2020-12-31", validUntilIs: "at_latest" },
    });
    const of = async (certainty: "stated" | "possible" | "certain") =>
      (await crm.relationships.timelineOf(thing.Ben!, { types: ["employment"], certainty })).entries.map(
        ({ validFrom, validUntil }) => [validFrom, validUntil],
      );
    expect(await of("stated")).toEqual([["2019-12-31", "2020-12-31"]]);
    expect(await of("possible")).toEqual([[null, "2020-12-31"]]);
    const early = { types: ["employment"], until: "2000-12-31" };
    expect((await crm.relationships.timelineOf(thing.Ben!, early)).entries).toHaveLength(0);
    expect((await crm.relationships.timelineOf(thing.Ben!, { ...early, certainty: "possible" })).entries).toHaveLength(
      1,
    );
    const past = await crm.asOf(known).relationships.timelineOf(thing.Ben!);
    expect(past.entries.map(({ far }) => nameOf(far))).toEqual(["Anna"]);
  });
});

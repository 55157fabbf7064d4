/** How many statements each question takes: as many where there are a thousand relationships elsewhere as where there are ten. */
import { memory } from "@relata/memory";
import { expect, it } from "vitest";
import { standardRules } from "./inference/standard-rules.ts";
import { openCrm, thingsOf } from "./relationships-fixture.ts";
import { standardTypes } from "./type/standard-types.ts";

async function countsBeside(others: number) {
  let statements = 0;
  const crm = await openCrm({ storage: memory(), onQuery: () => void statements++ });
  const ask = crm.relationships;
  await ask.defineTypes(standardTypes);
  await ask.defineRules(standardRules);
  const { thing } = await thingsOf(crm, "Anna, Ben, Cleo, Acme Ltd, Beta Ltd");
  const [anna, ben, cleo, acme, beta] = [thing.Anna!, thing.Ben!, thing.Cleo!, thing.Acme!, thing.Beta!];
  const [job] = await ask.relateMany([
    { type: "employment", from: anna, to: acme },
    { type: "employment", from: ben, to: acme },
    { type: "acquaintance", from: ben, to: cleo },
    { type: "parent", from: anna, to: cleo },
  ]);
  const office = await ask.defineOffice({ accountId: acme.id, title: "President" });
  await ask.appoint(office.id, { holder: anna, validFrom: "2024-01-01" });
  await ask.defineEngagementType({ key: "deal", name: "Deal", roles: [{ key: "buyer", least: 1 }] });
  const { engagement } = await ask.openEngagement({
    ...{ type: "deal", name: "Works" },
    participants: [{ party: anna, role: "buyer" }],
  });
  const crowd = await crm.contacts.createMany(Array.from({ length: others + 1 }, (_, i) => ({ givenName: `P${i}` })));
  const person = (i: number) => ({ entityType: "contact", id: crowd[i]!.id });
  await ask.relateMany(
    Array.from({ length: others }, (_, i) => ({ type: "acquaintance", from: person(i), to: person(i + 1) })),
  );
  await ask.relate({ type: "acquaintance", from: cleo, to: person(0) });
  const counted: { [question: string]: number } = {};
  const count = async (question: string, answer: () => Promise<unknown>) => {
    const before = statements;
    await answer();
    counted[question] = statements - before;
  };
  await count("relationsOf", () => ask.relationsOf(acme));
  await count("countRelations", () => ask.countRelations(acme));
  await count("neighbours", () => ask.neighbours(anna, { hops: 2 }));
  await count("shortestPaths", () => ask.shortestPaths(anna, cleo));
  await count("shortestPaths of three", () => ask.shortestPaths(anna, cleo, { count: 3, maxHops: 3 }));
  await count("strongestPaths", () => ask.strongestPaths(anna, cleo));
  await count("commonConnections", () => ask.commonConnections(anna, ben));
  await count("connectorsOf", () => ask.connectorsOf([anna], [ben, cleo]));
  await count("centralityOf around", () => ask.centralityOf({ around: anna, hops: 1 }));
  await count("healthOf", () => ask.healthOf(job!.id));
  await count("describe", () => ask.describe([job!.id]));
  await count("actsOf", () => ask.actsOf(job!.id));
  await count("holdersOn", () => ask.holdersOn(office.id));
  await count("holdersAround", () => ask.holdersAround(office.id));
  await count("vacancies", () => ask.vacancies());
  await count("handovers", () => ask.handovers({ from: "2024-01-01", until: "2026-12-31" }));
  await count("participantsOn", () => ask.participantsOn(engagement.id));
  await count("incompleteEngagements", () => ask.incompleteEngagements());
  await count("engagementsOf", () => ask.engagementsOf(anna));
  await count("timelineOf", () => ask.timelineOf(anna));
  await count("officeTimeline", () => ask.officeTimeline(office.id));
  await count("inferred", () => ask.inferred(anna));
  await count("inferredBetween", () => ask.inferredBetween(anna, ben));
  await count("mayUse", () => ask.mayUse(anna, { purpose: "news" }));
  await count("explain", () => ask.explain(anna));
  await count("exportParty", () => ask.exportParty(anna));
  await count("previewMerge", () => ask.previewMerge({ entityType: "contact", survivorId: anna.id, otherId: ben.id }));
  await count("exportGraphml around", () => ask.exportGraphml({ around: anna, hops: 1 }));
  await count("relate", () => ask.relate({ type: "employment", from: cleo, to: beta }));
  await count("end", () => ask.end(job!.id));
  await count("merge", () => crm.contacts.merge(anna.id, ben.id));
  return counted;
}

it("does not grow with the relationships of others", async () => {
  const few = await countsBeside(10);
  expect(few).toMatchObject({
    ...{ relationsOf: 6, countRelations: 5, neighbours: 4, shortestPaths: 6, commonConnections: 10, timelineOf: 5 },
    ...{ holdersOn: 3, holdersAround: 3, vacancies: 2, handovers: 2, describe: 4, inferredBetween: 8, mayUse: 3 },
  });
  expect(await countsBeside(1_000)).toEqual(few);
});

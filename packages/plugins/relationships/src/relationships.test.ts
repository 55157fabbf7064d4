import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Core, Crm } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { testPlugin } from "@relata/testkit";
import { type Relationships, relationships } from "./relationships.ts";

const folderOf = (after: (cleanUp: () => unknown) => void) => {
  const folder = mkdtempSync(join(tmpdir(), "relata-relationships-"));
  after(() => rmSync(folder, { recursive: true }));
  return sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
};

const contact = (id: string) => ({ entityType: "contact", id });
const account = (id: string) => ({ entityType: "account", id });

const day = "2026-03-01";

/** A fingerprint of ids, which are others in each tenant. */
const withoutPairs = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === "pair" ? undefined : value)));

interface Given {
  readonly word: string;
  readonly ids: { readonly [entity: string]: string };
}

/** An office that is held and was vacant, an engagement that lacks somebody, and a profile. */
async function populateOffices(crm: Crm<readonly [...Core, Relationships]>, { word, ids }: Given): Promise<void> {
  const type = `${word} holder`;
  await crm.relationships.defineTypes([{ key: type, shape: "one_sided", name: word, fromRole: word }]);
  const chair = await crm.relationships.defineOffice({ accountId: ids.account!, title: `${word} chair`, type });
  await crm.relationships.appoint(chair.id, { holder: contact(ids.contact!), validFrom: "2020-01-01", notes: word });
  const roles = [{ key: `${word} chair` }, { key: `${word} member`, least: 2 }];
  await crm.relationships.defineEngagementType({ key: `${word} board`, roles });
  const participants = [{ party: contact(ids.contact!), role: `${word} chair`, notes: word }];
  await crm.relationships.openEngagement({ type: `${word} board`, name: `${word} board`, participants });
  const attributes = [{ key: `${word} reach`, kind: "text" }] as const;
  await crm.relationships.definePartyKinds([{ key: `${word} press`, attributes }]);
  await crm.relationships.setProfile(ids.account!, { kind: `${word} press`, attributes: { [`${word} reach`]: word } });
}

testPlugin("relationships", {
  plugin: () => relationships(),
  storages: [
    { name: "memory", open: () => memory() },
    { name: "sqlite", open: folderOf, durable: true },
    { name: "postgres", open: leasedSchemas(postgres), durable: true },
  ],
  populate: async (crm, { word, ids }) => {
    const key = `${word} employment`;
    const names = { name: `${word} employee of`, inverseName: `${word} employer of` };
    await crm.relationships.defineTypes([{ key, ...names, fromRole: `${word} employee`, toRole: `${word} employer` }]);
    const { id } = await crm.relationships.relate({
      ...{ type: key, from: contact(ids.contact!), to: account(ids.account!), key: `${word} row`, notes: word },
      evidence: [{ note: word }],
    });
    const roles = [{ key: `${word} chair` }];
    const { id: engagementTypeId } = await crm.engagementTypes.create({ key: `${word} committee`, name: word, roles });
    await crm.engagements.create({ typeId: engagementTypeId, name: word });
    await crm.offices.create({ accountId: ids.account!, title: `${word} office` });
    const { id: kindId } = await crm.partyKinds.create({ key: `${word} kind`, name: word });
    await crm.partyProfiles.create({ accountId: ids.account!, kindId });
    await crm.relationships.correct(id, { source: word, reason: word });
    await populateOffices(crm, { word, ids });
    const steps = [{ types: [key] }];
    await crm.relationships.defineRules([
      { key: `${word} rule`, name: word, fromRole: word, shape: "symmetric", steps },
    ]);
    await crm.relationships.recordStatement(contact(ids.contact!), { kind: "refusal", purpose: word, words: word });
    await crm.relationships.recordReading(contact(ids.contact!), { purpose: word, what: [word], recipient: word });
  },
  probes: {
    "relationships.defineTypes": "makes what is the tenant's own",
    "relationships.relate": (crm, ids) => [
      () => crm.relationships.relate({ type: "x", from: contact(ids.contact!), to: account(ids.account!) }),
    ],
    "relationships.relateMany": (crm, ids) => [
      () => crm.relationships.relateMany([{ type: "x", from: contact(ids.contact!), to: account(ids.account!) }]),
    ],
    "relationships.end": (crm, ids) => [() => crm.relationships.end(ids.relationship!)],
    "relationships.correct": (crm, ids) => [() => crm.relationships.correct(ids.relationship!, { source: "x" })],
    "relationships.supersede": (crm, ids) => [() => crm.relationships.supersede(ids.relationship!, {})],
    "relationships.retract": (crm, ids) => [() => crm.relationships.retract(ids.relationship!)],
    "relationships.reopen": (crm, ids) => [() => crm.relationships.reopen(ids.relationship!)],
    "relationships.actsOf": (crm, ids) => [() => crm.relationships.actsOf(ids.relationship!)],
    "relationships.addEvidence": (crm, ids) => [
      () => crm.relationships.addEvidence(ids.relationship!, [{ note: "x" }]),
    ],
    "relationships.tiesOn": (crm, ids) => [
      () =>
        crm.relationships.tiesOn({
          ...{ on: "2026-01-01", types: ["canary employee", "canary employment"] },
          ...{ fromAccountIds: [ids.account!], fromContactIds: [ids.contact!] },
        }),
    ],
    "relationships.describe": (crm, ids) => [() => crm.relationships.describe([ids.relationship!])],
    "relationships.relationsOf": (crm, ids) => [() => crm.relationships.relationsOf(contact(ids.contact!))],
    "relationships.countRelations": (crm, ids) => [() => crm.relationships.countRelations(account(ids.account!))],
    "relationships.neighbours": (crm, ids) => [() => crm.relationships.neighbours(contact(ids.contact!), { hops: 3 })],
    "relationships.shortestPaths": (crm, ids) => [
      () => crm.relationships.shortestPaths(contact(ids.contact!), account(ids.account!)),
    ],
    "relationships.strongestPaths": (crm, ids) => [
      () => crm.relationships.strongestPaths(contact(ids.contact!), account(ids.account!)),
    ],
    "relationships.commonConnections": (crm, ids) => [
      () => crm.relationships.commonConnections(contact(ids.contact!), account(ids.account!)),
    ],
    "relationships.connectorsOf": (crm, ids) => [
      () => crm.relationships.connectorsOf([contact(ids.contact!)], [account(ids.account!)]),
    ],
    "relationships.centralityOf": (crm) => [() => crm.relationships.centralityOf()],
    "relationships.communitiesOf": (crm) => [() => crm.relationships.communitiesOf()],
    "relationships.openGraph": (crm, ids) => [
      async () => (await crm.relationships.openGraph()).neighbours(contact(ids.contact!)).items,
    ],
    "relationships.healthOf": (crm, ids) => [() => crm.relationships.healthOf(ids.relationship!)],
    "relationships.healthOfMany": (crm, ids) => [() => crm.relationships.healthOfMany([ids.relationship!])],
    "relationships.defineOffice": (crm, ids) => [
      () => crm.relationships.defineOffice({ accountId: ids.account!, title: "Chair" }),
    ],
    "relationships.defineOffices": (crm, ids) => [
      () => crm.relationships.defineOffices([{ accountId: ids.account!, title: "Chair" }]),
    ],
    "relationships.appoint": (crm, ids) => [
      () => crm.relationships.appoint(ids.office!, { holder: contact(ids.contact!) }),
    ],
    "relationships.vacate": (crm, ids) => [() => crm.relationships.vacate(ids.office!, { on: day })],
    "relationships.endOffice": (crm, ids) => [() => crm.relationships.endOffice(ids.office!, { on: day })],
    "relationships.holdersOn": (crm, ids) => [() => crm.relationships.holdersOn(ids.office!, { on: day })],
    "relationships.holdersAround": (crm, ids) => [() => crm.relationships.holdersAround(ids.office!, { on: day })],
    "relationships.vacancies": (crm, ids) => [
      () => crm.relationships.vacancies({ on: "2010-01-01", accountIds: [ids.account!] }),
      () => crm.relationships.vacancies({ from: "2000-01-01", until: day, officeIds: [ids.office!] }),
      async () => withoutPairs(await crm.relationships.vacancies({ on: "2010-01-01" })),
    ],
    "relationships.handovers": (crm) => [() => crm.relationships.handovers({ from: "2000-01-01", until: day })],
    "relationships.defineEngagementType": "makes what is the tenant's own",
    "relationships.openEngagement": (crm, ids) => [
      () =>
        crm.relationships.openEngagement({
          ...{ type: "x", name: "x", participants: [{ party: contact(ids.contact!), role: "canary chair" }] },
        }),
    ],
    "relationships.joinEngagement": (crm, ids) => [
      () => crm.relationships.joinEngagement(ids.engagement!, [{ party: contact(ids.contact!), role: "canary chair" }]),
    ],
    "relationships.leaveEngagement": (crm, ids) => [
      () => crm.relationships.leaveEngagement(ids.engagement!, { party: contact(ids.contact!), on: day }),
    ],
    "relationships.endEngagement": (crm, ids) => [() => crm.relationships.endEngagement(ids.engagement!, { on: day })],
    "relationships.participantsOn": (crm, ids) => [
      () => crm.relationships.participantsOn(ids.engagement!, { on: day }),
    ],
    "relationships.incompleteEngagements": (crm) => [() => crm.relationships.incompleteEngagements({ on: day })],
    "relationships.engagementsOf": (crm, ids) => [
      () => crm.relationships.engagementsOf(contact(ids.contact!), { on: day }),
    ],
    "relationships.definePartyKinds": "makes what is the tenant's own",
    "relationships.setProfile": (crm, ids) => [
      () => crm.relationships.setProfile(ids.account!, { kind: "x", attributes: {} }),
    ],
    "relationships.removeProfile": (crm, ids) => [() => crm.relationships.removeProfile(ids.account!, "x")],
    "relationships.profilesOf": (crm, ids) => [() => crm.relationships.profilesOf(ids.account!)],
    "relationships.partiesOf": (crm) => [() => crm.relationships.partiesOf({ kind: "x" })],
    "relationships.timelineOf": (crm, ids) => [
      () => crm.relationships.timelineOf(contact(ids.contact!)),
      () => crm.relationships.timelineOf(account(ids.account!)),
    ],
    "relationships.officeTimeline": (crm, ids) => [() => crm.relationships.officeTimeline(ids.office!)],
    "relationships.compareInTime": (crm, ids) => [
      () => crm.relationships.compareInTime(ids.relationship!, ids.relationship!),
    ],
    "relationships.defineRules": "makes what is the tenant's own",
    "relationships.inferred": (crm, ids) => [() => crm.relationships.inferred(contact(ids.contact!), { on: null })],
    "relationships.inferredBetween": (crm, ids) => [
      () => crm.relationships.inferredBetween(contact(ids.contact!), account(ids.account!), { on: null }),
    ],
    "relationships.previewMerge": (crm, ids) => [
      () => crm.relationships.previewMerge({ entityType: "contact", survivorId: ids.contact!, otherId: "none" }),
    ],
    "relationships.recordStatement": (crm, ids) => [
      () => crm.relationships.recordStatement(contact(ids.contact!), { kind: "refusal", purpose: "x" }),
    ],
    "relationships.endStatement": (crm, ids) => [
      () => crm.relationships.endStatement(ids.partyStatement!, { on: "2026-12-31" }),
    ],
    "relationships.retractStatement": (crm, ids) => [() => crm.relationships.retractStatement(ids.partyStatement!)],
    "relationships.statementsOf": (crm, ids) => [() => crm.relationships.statementsOf(contact(ids.contact!))],
    "relationships.mayUse": (crm, ids) => [() => crm.relationships.mayUse(contact(ids.contact!), { purpose: "x" })],
    "relationships.maySee": (crm, ids) => [
      () => crm.relationships.maySee(contact(ids.contact!), { audience: "staff" }),
    ],
    "relationships.recordReading": (crm, ids) => [
      () => crm.relationships.recordReading(contact(ids.contact!), { purpose: "x" }),
    ],
    "relationships.readingsOf": (crm, ids) => [() => crm.relationships.readingsOf(contact(ids.contact!))],
    "relationships.explain": (crm, ids) => [() => crm.relationships.explain(contact(ids.contact!))],
    "relationships.exportParty": (crm, ids) => [() => crm.relationships.exportParty(contact(ids.contact!))],

    "relationships.importRelationships": (crm, ids) => [
      () =>
        crm.relationships.importRelationships([{ from: ids.contact!, to: ids.account!, role: "x" }], {
          ...{ from: { entity: "contact" }, to: { entity: "account" }, rules: [{ role: "x", type: "x" }] },
        }),
    ],
    "relationships.exportGraphml": (crm, ids) => [
      () => crm.relationships.exportGraphml({ around: contact(ids.contact!) }),
    ],
    "relationships.streamGraphml": (crm, ids) => [
      () => Array.fromAsync(crm.relationships.streamGraphml({ around: contact(ids.contact!) })),
    ],
    "relationships.streamJson": (crm, ids) => [
      () => Array.fromAsync(crm.relationships.streamJson({ around: contact(ids.contact!) })),
    ],
    "relationships.exportJson": (crm, ids) => [() => crm.relationships.exportJson({ around: contact(ids.contact!) })],
    "relationships.exportMermaid": (crm, ids) => [
      () => crm.relationships.exportMermaid({ around: contact(ids.contact!) }),
    ],
    "relationships.drawNeighbourhood": (crm, ids) => [() => crm.relationships.drawNeighbourhood(contact(ids.contact!))],
  },
  facts: {},
});

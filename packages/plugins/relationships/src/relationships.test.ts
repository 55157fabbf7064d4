import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { testPlugin } from "@relata/testkit";
import { relationships } from "./relationships.ts";

const folderOf = (after: (cleanUp: () => unknown) => void) => {
  const folder = mkdtempSync(join(tmpdir(), "relata-relationships-"));
  after(() => rmSync(folder, { recursive: true }));
  return sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
};

const contact = (id: string) => ({ entityType: "contact", id });
const account = (id: string) => ({ entityType: "account", id });

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
  },
  facts: {},
});

/** For tests: some types, and people and organisations by name. */
import { type CrmOptions, createCrm } from "@relata/core";
import type { RecordReference } from "@relata/core/plugin";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, onTestFinished } from "vitest";
import type { RelationshipsContext } from "./parts.ts";
import { relationships } from "./relationships.ts";
import { defineRelationshipType } from "./type/define-relationship-type.ts";

export const employment = defineRelationshipType({
  ...{ key: "employment", category: "business", name: "employee of", inverseName: "employer of" },
  ...{ fromRole: "employee", toRole: "employer", fromEntities: ["contact"], toEntities: ["account"] },
  limits: [{ end: "from", most: 1, primary: true }],
  attributes: [
    { key: "position", kind: "text" },
    { key: "level", kind: "one_of", values: ["junior", "senior"] },
  ],
  defaultStrength: "0.5",
});
export const parenthood = defineRelationshipType({
  ...{ key: "parent", category: "family", name: "parent of", inverseName: "child of" },
  ...{ fromRole: "parent", toRole: "child", fromEntities: ["contact"], toEntities: ["contact"] },
  limits: [{ end: "to", most: 2 }],
  variants: [
    { end: "from", gender: "female", name: "mother of", role: "mother" },
    { end: "from", gender: "male", name: "father of", role: "father" },
    { end: "to", gender: "female", name: "daughter of", role: "daughter" },
    { end: "to", gender: "male", name: "son of", role: "son" },
    { end: "from", language: "pt", name: "progenitor de" },
    { end: "from", language: "pt", gender: "female", name: "mãe de", role: "mãe" },
    { end: "to", language: "pt", gender: "male", name: "filho de", role: "filho" },
  ],
  defaultStrength: "0.9",
});
export const marriage = defineRelationshipType({
  ...{ key: "spouse", category: "family", shape: "symmetric", name: "spouse of", fromRole: "spouse" },
  fromEntities: ["contact"],
  limits: [{ end: "from", most: 1 }],
  defaultStrength: "0.9",
});
export const acquaintance = defineRelationshipType({
  ...{ key: "acquaintance", shape: "symmetric", name: "knows", fromRole: "acquaintance", defaultStrength: "0.3" },
});
export const ownership = defineRelationshipType({
  ...{ key: "ownership", name: "owner of", inverseName: "owned by", fromRole: "owner", toRole: "property" },
  toEntities: ["account"],
  attributes: [{ key: "share", kind: "decimal", required: true }],
  ...{ mayReverse: true, mayOverlap: true },
});
export const mention = defineRelationshipType({
  ...{ key: "mention", shape: "one_sided", name: "source about", fromRole: "source", mayRelateToSelf: true },
});

export const sampleTypes = [employment, parenthood, marriage, acquaintance, ownership, mention] as const;

/** It is noon of 15 June 2026 in UTC, unless it is said; the types are there. It is closed when the test is done. */
export async function openCrm(options: Partial<CrmOptions> = {}) {
  const crm = await createCrm({
    storage: memory(),
    clock: () => Date.UTC(2026, 5, 15, 12),
    // On a slow machine the last of many who race waits long for its turn.
    waitTimeoutMs: 60_000,
    ...options,
    plugins: [relationships()],
  });
  onTestFinished(() => crm.close());
  await crm.relationships.defineTypes(sampleTypes);
  return crm;
}

export type TestedCrm = Awaited<ReturnType<typeof openCrm>>;

/** For functions that take the plugin's own context, where they only read. */
export const asContext = (crm: TestedCrm) => crm as unknown as RelationshipsContext;

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

/** The same tests on every storage; `open` is as `openCrm`. */
export function onEveryStorage(register: (open: typeof openCrm, storage: (typeof storages)[number][0]) => void): void {
  describe.each(storages)("on %s", { timeout: 120_000 }, (name, make) => {
    register(async (options) => openCrm({ storage: await make(), ...options }), name);
  });
}

/** "Anna, Ben" are contacts, "Acme Ltd" (what has " Ltd" in it) are accounts: `thing.Anna`, and `name` puts names for ids in any text. */
export async function thingsOf(crm: TestedCrm, names: string) {
  const all = names.split(", ");
  const isAccount = (name: string) => name.endsWith(" Ltd");
  const people = all.filter((name) => !isAccount(name));
  const contacts = await crm.contacts.createMany(people.map((givenName) => ({ givenName })));
  const accounts = await crm.accounts.createMany(all.filter(isAccount).map((name) => ({ name })));
  const thing: { [name: string]: RecordReference } = {};
  for (const { id, givenName } of contacts) thing[givenName!] = { entityType: "contact", id };
  for (const { id, name } of accounts) thing[name.replace(" Ltd", "")] = { entityType: "account", id };
  const byId = new Map(Object.entries(thing).map(([name, { id }]) => [id, name]));
  const nameOf = ({ id }: { readonly id: string }) => byId.get(id) ?? id;
  /** "employment Anna>Acme 2020-01-01..2021-12-31": all edges, in the order of these texts. */
  const stored = async () => {
    const types = new Map((await crm.relationshipTypes.list({ limit: 1_000 })).items.map(({ id, key }) => [id, key]));
    const texts: string[] = [];
    for await (const edge of crm.relationships.iterate()) {
      const days = edge.validFrom || edge.validUntil ? ` ${edge.validFrom ?? ""}..${edge.validUntil ?? ""}` : "";
      const ends = [edge.fromId, edge.toId].map((id) => byId.get(id) ?? id);
      if (types.get(edge.typeId) === "spouse" || types.get(edge.typeId) === "acquaintance") ends.sort();
      texts.push(`${types.get(edge.typeId)} ${ends[0]}>${ends[1]}${days}`);
    }
    return texts.toSorted();
  };
  return { thing, nameOf, stored };
}

/** What a call fails with. */
export const refusal = (call: Promise<unknown>) =>
  call.then(
    () => {
      throw new Error("was not refused");
    },
    (error: {
      readonly code: string;
      readonly message: string;
      readonly details: { readonly [fact: string]: unknown };
    }) => error,
  );

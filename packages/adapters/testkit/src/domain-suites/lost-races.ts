/** Whichever of its statements loses a race to another process, a write of the domain ends as if it had been alone. */
import { expect } from "vitest";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { serializationFailed, withFaults } from "../crm-suites/storage-faults.ts";
import { everything } from "../crm-suites/tangle.ts";
import { type DomainCrm, openDomain, pipelineOf } from "./open-domain.ts";

interface Write {
  readonly name: string;
  /** What is there before. */
  readonly given?: (crm: DomainCrm) => Promise<unknown>;
  readonly write: (crm: DomainCrm) => Promise<unknown>;
}

type Lists = Record<string, { list(query: object): Promise<{ readonly items: readonly { readonly id: string }[] }> }>;

async function one(crm: DomainCrm, plural: "accounts" | "contacts" | "opportunities" | "activities"): Promise<string> {
  const { items } = await (crm as unknown as Lists)[plural]!.list({ limit: 1 });
  return items[0]!.id;
}

async function company(crm: DomainCrm) {
  await crm.users.create({ id: "ann", name: "Ann" });
  const acme = await crm.accounts.create({ name: "Acme", domain: "acme.test", phone: "+49 30 1" });
  const roe = await crm.contacts.create({ familyName: "Roe", email: "roe@x.test", accountId: acme.id });
  const deal = await crm.opportunities.create({
    name: "Deal",
    accountId: acme.id,
    contactId: roe.id,
    amount: { amount: "100.00", currency: "EUR" },
  });
  await crm.opportunities.setSplits(deal.id, "revenue", [{ userId: "ann", percent: "100" }]);
  const call = await crm.activities.create({ kind: "call", subject: "Call", contactId: roe.id });
  await crm.activities.link(call.id, { entityType: "account", id: acme.id });
  await crm.tags.add({ entityType: "account", id: acme.id }, ["vip"]);
}

const writes: readonly Write[] = [
  {
    name: "the first opportunity, with the standard pipeline",
    write: (crm) => crm.opportunities.create({ name: "x" }),
  },
  { name: "a contact with what follows from it", given: company, write: contactWithAll },
  {
    name: "another e-mail address",
    given: company,
    write: async (crm) =>
      crm.emailAddresses.create({ contactId: await one(crm, "contacts"), address: "b@x.test", isPrimary: true }),
  },
  {
    name: "a move to another stage",
    given: company,
    write: async (crm) => crm.opportunities.moveTo(await one(crm, "opportunities"), "won"),
  },
  {
    name: "a pipeline",
    given: company,
    write: (crm) => crm.pipelines.define(pipelineOf({ isDefault: true })),
  },
  {
    name: "splits",
    given: company,
    write: async (crm) => crm.opportunities.setSplits(await one(crm, "opportunities"), "revenue", []),
  },
  {
    name: "links of an activity",
    given: company,
    write: async (crm) =>
      crm.activities.link(await one(crm, "activities"), { entityType: "contact", id: await one(crm, "contacts") }),
  },
  {
    name: "tags",
    given: company,
    write: async (crm) => crm.tags.add({ entityType: "contact", id: await one(crm, "contacts") }, ["vip", "new"]),
  },
  {
    name: "a deletion with all that goes along",
    given: company,
    write: async (crm) => crm.contacts.delete(await one(crm, "contacts")),
  },
  {
    name: "a merge",
    given: async (crm) => {
      await company(crm);
      await crm.contacts.create({ familyName: "Doe", email: "doe@x.test" });
    },
    write: async (crm) => {
      const { items } = await crm.contacts.list({ orderBy: [{ familyName: "asc" }] });
      return crm.contacts.merge(items[0]!.id, items[1]!.id);
    },
  },
];

async function contactWithAll(crm: DomainCrm) {
  const accountId = await one(crm, "accounts");
  return crm.contacts.create({ familyName: "Poe", email: "poe@x.test", phone: "+49 30 2", accountId });
}

/** How many records there are of each entity after the write, whose statement `lost` is the first to fail; and how many it has sent. */
async function leftBy(bench: CrmBench, { given, write }: Write, lost?: number) {
  const options = await bench.options();
  let sent = 0;
  let lose: number | undefined;
  const statement = () => {
    if (++sent === lose) throw serializationFailed();
  };
  const storage = withFaults(options.storage, { write: statement, committing: statement });
  const crm = await openDomain(bench, { storage });
  await given?.(crm);
  sent = 0;
  lose = lost;
  await write(crm);
  const statements = sent;
  const counts: Record<string, number> = {};
  for (const key of (await everything(crm)).keys()) {
    const plural = key.split(" ")[0]!;
    counts[plural] = (counts[plural] ?? 0) + 1;
  }
  return { counts, statements };
}

export const lostRaces: CrmSuite = {
  name: "writes that lose a race",
  facts: writes.map((write) =>
    crmFact(`${write.name}: are done whole by another attempt, whichever statement has lost`, async (bench) => {
      const { counts, statements } = await leftBy(bench, write);
      expect(statements).toBeGreaterThan(0);
      for (let lost = 1; lost <= statements; lost++)
        expect([lost, (await leftBy(bench, write, lost)).counts]).toEqual([lost, counts]);
    }),
  ),
};

/** What is found in records that are searched for others: an e-mail address leads to its person. */
import { createCrm } from "@relata/core";
import { defineEntity, reference, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { type DirectoryCrm, named, openDirectory, shown } from "./directory-crm.ts";

async function withMailboxes(bench: CrmBench) {
  const crm = await openDirectory(await bench.options());
  const [ann, bea] = await crm.people.createMany([{ name: "Ann Müller" }, { name: "Bea Blum" }]);
  const firm = await crm.firms.create({ name: "Store" });
  await crm.mailboxes.createMany([
    { address: "Ann@Acme.example", kind: "work", personId: ann!.id },
    { address: "ann@home.example", kind: "home", personId: ann!.id },
    { address: "bea@acme.example", personId: bea!.id },
    { address: "desk@acme.example", personId: bea!.id, firmId: firm.id },
    { address: "nobody@acme.example" },
  ]);
  return { crm, ann: ann!, bea: bea!, firm };
}

async function names(crm: DirectoryCrm, search: string): Promise<readonly unknown[]> {
  return (await crm.people.list({ where: { search }, orderBy: [{ name: "asc" }] })).items.map(({ name }) => name);
}

export const searchAlong: CrmSuite = {
  name: "search in records that are searched for others",
  facts: [
    crmFact("finds the record that they refer to, once, with its best rank and all that matched", async (bench) => {
      const { crm } = await withMailboxes(bench);
      expect(shown(await crm.search("ann@acme.example"))).toEqual([
        "person Ann Müller: equal; mailboxes.address=Ann@Acme.example 0-16",
      ]);
      expect(shown(await crm.search("ann"))).toEqual([
        "person Ann Müller: begins; name=Ann Müller 0-3; mailboxes.address=Ann@Acme.example 0-3; mailboxes.address=ann@home.example 0-3",
      ]);
      expect(shown(await crm.search("ACME.example"))).toEqual([
        "person Ann Müller: part; mailboxes.address=Ann@Acme.example 4-16",
        "person Bea Blum: part; mailboxes.address=bea@acme.example 4-16; mailboxes.address=desk@acme.example 5-17",
        "firm Store: part; mailboxes.address=desk@acme.example 5-17",
      ]);
    }),
    crmFact("finds words that are spread over the record and over several of them", async (bench) => {
      const { crm } = await withMailboxes(bench);
      expect(shown(await crm.search("muller home acme"))).toEqual([
        "person Ann Müller: part; name=Ann Müller 4-10; mailboxes.address=Ann@Acme.example 4-8; mailboxes.address=ann@home.example 4-8; mailboxes.kind=home 0-4",
      ]);
      expect(await crm.search("blum home")).toEqual([]);
    }),
    crmFact("counts in every search: of a repository, and in conditions", async (bench) => {
      const { crm, firm } = await withMailboxes(bench);
      expect(await names(crm, "acme")).toEqual(["Ann Müller", "Bea Blum"]);
      expect(await names(crm, "acme müller")).toEqual(["Ann Müller"]);
      expect((await crm.people.search("bea@")).map(({ name }) => name)).toEqual(["Bea Blum"]);
      expect(await crm.firms.count({ where: { search: "desk" } })).toBe(1);
      expect(await crm.people.count({ where: { not: { search: "home" } } })).toBe(1);
      await crm.people.create({ name: "Carl", firmId: firm.id });
      expect(await crm.people.count({ where: { firm: { search: "desk@acme" } } })).toBe(1);
    }),
    crmFact("gives them themselves only where they are named", async (bench) => {
      const { crm } = await withMailboxes(bench);
      expect(named(await crm.search("desk@acme.example"))).toBe("person Bea Blum, firm Store");
      expect(named(await crm.search("nobody"))).toBe("");
      expect(shown(await crm.search("nobody", { entities: ["mailbox"] }))).toEqual([
        "mailbox nobody@acme.example: begins; address=nobody@acme.example 0-6",
      ]);
    }),
    crmFact("follows them: to another record, into deletion, and over tenants never", async (bench) => {
      const { crm, ann, bea } = await withMailboxes(bench);
      const other = crm.as({ tenantId: "other" });
      const guest = await other.people.create({ name: "Guest" });
      await other.mailboxes.create({ address: "guest@acme.example", personId: guest.id });
      expect(named(await other.search("acme"))).toBe("person Guest");
      const home = await crm.mailboxes.find({ where: { kind: "home" } });
      await crm.mailboxes.update(home!.id, { personId: bea.id });
      expect(named(await crm.search("ann@home"))).toBe("person Bea Blum");
      await crm.mailboxes.delete(home!.id);
      expect(await crm.search("ann@home")).toEqual([]);
      await crm.people.erase(ann.id);
      expect(await crm.search("ann")).toEqual([]);
    }),
    crmFact(
      "looks at archived ones, whose record is live, and not at live ones of an archived record",
      async (bench) => {
        const { crm, ann, bea } = await withMailboxes(bench);
        const desk = await crm.mailboxes.find({ where: { address: "desk@acme.example" } });
        await crm.mailboxes.archive(desk!.id);
        await crm.people.archive(ann.id);
        expect(named(await crm.search("desk@"))).toBe("person Bea Blum, firm Store");
        expect(named(await crm.search("ann@"))).toBe("");
        expect(named(await crm.search("ann@", { archived: "only" }))).toBe("person Ann Müller");
        expect((await crm.search("bea@"))[0]!.id).toBe(bea.id);
      },
    ),
    crmFact("finds records that have nothing to be found by themselves", async (bench) => {
      const { crm } = await withMailboxes(bench);
      const [first, second] = await crm.desks.createMany([{ place: "hall" }, { place: "attic" }]);
      await crm.stickers.createMany([
        { label: "Do not touch", deskId: second!.id },
        { label: "Do not sit", deskId: first!.id },
        { label: "Do", deskId: second!.id },
      ]);
      expect(shown(await crm.search("do"))).toEqual([
        "desk attic: equal; stickers.label=Do not touch 0-2; stickers.label=Do 0-2",
        "desk hall: begins; stickers.label=Do not sit 0-2",
      ]);
      expect((await crm.desks.search("hall")).length).toBe(0);
    }),
    crmFact("tells at most ten of each relation", async (bench) => {
      const { crm, bea } = await withMailboxes(bench);
      await crm.mailboxes.createMany(
        Array.from({ length: 30 }, (_, i) => ({ address: `many${i}@x.example`, personId: bea.id })),
      );
      const [hit] = await crm.search("many");
      expect(hit!.matched.map(({ value }) => value)).toEqual(
        Array.from({ length: 10 }, (_, i) => `many${i}@x.example`),
      );
      expect(hit!.rank).toBe("begins");
    }),
    crmFact("is refused where it cannot be, naming the entity", async (bench) => {
      const options = await bench.options();
      const visitor = (more: object, fields: object = {}) =>
        defineEntity("visitor", {
          plural: "visitors",
          fields: { badge: text({ fold: true }), hostId: reference("user"), ...fields },
          ...more,
        });
      const open = (entity: ReturnType<typeof visitor>) => failure(createCrm({ ...options, entities: [entity] }));
      const cases: readonly (readonly [ReturnType<typeof visitor>, string])[] = [
        [visitor({ searchFor: ["badge"] }), "visitor.badge stands in searchFor of visitor, but is no reference of it."],
        [visitor({ searchFor: ["guestId"] }), "visitor.guestId stands in searchFor of visitor, but is no reference"],
        [
          visitor({ searchFor: ["hostId"], history: false }),
          "visitor is searched for user, which has history, so it must not have history: false.",
        ],
        [
          visitor({ searchFor: ["hostId", "guideId"] }, { guideId: reference("visitor").optional() }),
          "visitor.guideId stands in searchFor, but visitor is itself searched for others.",
        ],
        [
          visitor({ searchFor: ["hostId"] }, { badge: text() }),
          "visitor has searchFor, and no field declared with text({ fold: … }) that could be found.",
        ],
      ];
      for (const [entity, message] of cases)
        expect(await open(entity)).toMatchObject({
          code: "schema_invalid",
          message: expect.stringContaining(message),
        });
    }),
  ],
};

/** Favourites and saved views: what a user comes back to. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { openDomain } from "./open-domain.ts";

async function sampled(bench: CrmBench) {
  const crm = await openDomain(bench);
  await crm.teams.create({ id: "north", name: "North" });
  await crm.users.createMany([
    { id: "ann", name: "Ann", teamId: "north" },
    { id: "bob", name: "Bob", teamId: "north" },
    { id: "cas", name: "Cas" },
  ]);
  const acme = await crm.accounts.create({ name: "Acme", ownerId: "ann" });
  const base = await crm.accounts.create({ name: "Base", ownerId: "bob" });
  return {
    crm,
    acme,
    base,
    ann: crm.as({ actorId: "ann" }),
    bob: crm.as({ actorId: "bob" }),
    cas: crm.as({ actorId: "cas" }),
  };
}

export const favorites: CrmSuite = {
  name: "favorites",
  facts: [
    crmFact("are kept for whoever acts, in order, with the records as they are now", async (bench) => {
      const { crm, ann, bob, acme, base } = await sampled(bench);
      const project = await crm.projects.create({ name: "Kitchen" });
      await ann.favorites.add({ entityType: "account", id: base.id });
      await ann.favorites.add({ entityType: "project", id: project.id });
      await ann.favorites.add({ entityType: "account", id: acme.id });
      await ann.favorites.add({ entityType: "account", id: base.id });
      await crm.accounts.update(base.id, { name: "Base Ltd" });
      const names = async (more = {}) => (await ann.favorites.of(more)).map(({ record }) => record.name);
      expect(await names()).toEqual(["Base Ltd", "Kitchen", "Acme"]);
      expect(await names({ entityType: "account" })).toEqual(["Base Ltd", "Acme"]);
      expect(await bob.favorites.of()).toEqual([]);
      expect(await crm.favorites.of({ userId: "ann" })).toHaveLength(3);
      await ann.favorites.remove({ entityType: "project", id: project.id });
      await ann.favorites.remove({ entityType: "project", id: project.id });
      expect(await names()).toEqual(["Base Ltd", "Acme"]);
    }),
    crmFact("go with the record and with the user", async (bench) => {
      const { crm, ann, bob, acme, base } = await sampled(bench);
      for (const of of [ann, bob])
        for (const { id } of [acme, base]) await of.favorites.add({ entityType: "account", id });
      await crm.accounts.delete(base.id);
      expect(await ann.favorites.of()).toHaveLength(1);
      await crm.accounts.update(acme.id, { ownerId: null });
      await crm.users.delete("ann");
      expect(await crm.favorites.count()).toBe(1);
    }),
    crmFact("need a user and a record", async (bench) => {
      const { crm, ann, acme } = await sampled(bench);
      const account = { entityType: "account", id: acme.id };
      expect(await refused(crm.favorites.add(account))).toMatchObject({ code: "invalid_input", field: "userId" });
      expect(await refused(crm.favorites.add(account, { userId: "zoe" }))).toMatchObject({
        code: "reference_not_found",
      });
      expect(await refused(ann.favorites.add({ entityType: "account", id: "x" }))).toMatchObject({
        code: "reference_not_found",
      });
      expect(await refused(ann.favorites.add([] as never))).toMatchObject({ code: "invalid_input" });
      expect(await refused(crm.favorites.of(null as never))).toMatchObject({ field: "userId" });
      expect(await crm.favorites.count()).toBe(0);
    }),
  ],
};

const mine = { where: { ownerId: { $me: true } }, orderBy: [{ name: "asc" }] };

export const savedViews: CrmSuite = {
  name: "saved views",
  facts: [
    crmFact("run for whoever asks, page by page", async (bench) => {
      const { crm, ann, bob, cas } = await sampled(bench);
      await crm.accounts.createMany([
        { name: "Cole", ownerId: "ann" },
        { name: "Dune", ownerId: "ann" },
      ]);
      const { id } = await ann.savedViews.create({
        name: "My accounts",
        entityType: "account",
        query: mine,
        visibility: "everyone",
      });
      const names = async (of: typeof ann) => (await of.savedViews.run(id)).items.map(({ name }) => name);
      expect([await names(ann), await names(bob), await names(cas)]).toEqual([["Acme", "Cole", "Dune"], ["Base"], []]);
      const first = await ann.savedViews.run(id, { limit: 2 });
      const second = await ann.savedViews.run(id, { limit: 2, after: first.next });
      expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(["Acme", "Cole", "Dune"]);
      expect(second.next).toBeUndefined();
      expect(await names(crm)).toEqual([]);
    }),
    crmFact("take days from today, and points in time", async (bench) => {
      const { crm } = await sampled(bench);
      await crm.users.create({ id: "dee", name: "Dee" });
      await crm.opportunities.createMany([
        { name: "Past", expectedCloseDate: "2026-06-14" },
        { name: "Soon", expectedCloseDate: "2026-06-22" },
        { name: "Late", expectedCloseDate: "2026-06-23" },
      ]);
      const view = await crm.savedViews.create({
        name: "This week",
        entityType: "opportunity",
        ownerId: "dee",
        query: {
          where: {
            expectedCloseDate: { between: [{ $today: 0 }, { $today: 7 }] },
            createdAt: { gte: { $instant: "2026-01-01T00:00:00Z" } },
          },
        },
      });
      const names = async () => (await crm.savedViews.run(view.id)).items.map(({ name }) => name);
      expect(await names()).toEqual(["Soon"]);
      bench.clock.set("2026-06-16T10:00:00Z");
      expect((await names()).sort()).toEqual(["Late", "Soon"]);
    }),
    crmFact("are seen by their owner, by a team, or by everyone", async (bench) => {
      const { crm, ann, bob, cas } = await sampled(bench);
      const view = { entityType: "account", query: {} };
      const own = await ann.savedViews.create({ ...view, name: "Own" });
      const shared = await ann.savedViews.create({ ...view, name: "Shared", visibility: "team", teamId: "north" });
      await crm.savedViews.create({ ...view, name: "All", visibility: "everyone", entityType: "contact" });
      expect(own).toMatchObject({ ownerId: "ann", visibility: "private" });
      const seen = async (userId: string, more = {}) =>
        (await crm.savedViews.visibleTo(userId, more)).map(({ name }) => name).join(" ");
      expect([await seen("ann"), await seen("bob"), await seen("cas")]).toEqual([
        "All Own Shared",
        "All Shared",
        "All",
      ]);
      expect(await seen("ann", { entityType: "account" })).toBe("Own Shared");
      expect(await refused(bob.savedViews.run(own.id))).toMatchObject({ code: "not_found" });
      expect(await refused(cas.savedViews.run(shared.id))).toMatchObject({ code: "not_found" });
      expect((await bob.savedViews.run(shared.id)).items).toHaveLength(2);
      expect((await crm.savedViews.run(own.id)).items).toHaveLength(2);
    }),
    crmFact("are refused where they could not be run", async (bench) => {
      const { crm, ann } = await sampled(bench);
      const attempt = (change: object) =>
        refused(ann.savedViews.create({ name: "Odd", entityType: "account", query: {}, ...change }));
      expect(await attempt({ entityType: "planet" })).toMatchObject({ code: "invalid_input", field: "entityType" });
      expect(await attempt({ query: { where: { nome: "x" } } })).toMatchObject({
        code: "invalid_input",
        field: "query.nome",
      });
      expect(await attempt({ query: { where: { name: { $yesterday: 1 } } } })).toMatchObject({
        code: "invalid_input",
        field: "query.$yesterday",
      });
      expect(await attempt({ query: { where: { createdAt: { gte: { $instant: "soon" } } } } })).toMatchObject({
        field: "query.$instant",
      });
      expect(await attempt({ query: { where: { ownerId: { $me: 1 } } } })).toMatchObject({ field: "query.$me" });
      expect(await attempt({ query: { limit: 0 } })).toMatchObject({ code: "invalid_input", field: "query.limit" });
      expect(await attempt({ visibility: "team" })).toMatchObject({ code: "invalid_input", field: "teamId" });
      expect(await refused(crm.savedViews.create({ name: "Odd", entityType: "account", query: {} }))).toMatchObject({
        code: "invalid_input",
        field: "ownerId",
      });
      expect(await crm.savedViews.count()).toBe(0);
      const { id } = await ann.savedViews.create({ name: "Fine", entityType: "account", query: {} });
      expect(await refused(ann.savedViews.update(id, { query: { orderBy: "name" } }))).toMatchObject({
        code: "invalid_input",
      });
      expect(await ann.savedViews.get(id)).toMatchObject({ query: {}, version: 1 });
    }),
  ],
};

/** References that are declared a tree never come back to their start. */
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

type LinkWhere = NonNullable<NonNullable<Parameters<DomainCrm["activityLinks"]["list"]>[0]>["where"]>;
type RecordIdFilter = NonNullable<LinkWhere["recordId"]>;

/** ceo ← vp ← rep */
async function team(bench: CrmBench) {
  const crm = await openDomain(bench);
  await crm.users.createMany([
    { id: "ceo", name: "C" },
    { id: "vp", name: "V", managerId: "ceo" },
    { id: "rep", name: "R", managerId: "vp" },
  ]);
  return crm;
}

/** holding ← division ← site */
async function group(bench: CrmBench) {
  const crm = await openDomain(bench);
  const holding = await crm.accounts.create({ name: "Holding" });
  const division = await crm.accounts.create({ name: "Division", parentId: holding.id });
  const site = await crm.accounts.create({ name: "Site", parentId: division.id });
  return { crm, holding, division, site };
}

export const hierarchies: CrmSuite = {
  name: "hierarchies",
  facts: [
    crmFact("of users are read both ways", async (bench) => {
      const crm = await team(bench);
      const vp = await crm.users.get("vp", { include: { manager: true, reports: true } });
      expect([vp.manager?.id, vp.reports.map(({ id }) => id)]).toEqual(["ceo", ["rep"]]);
    }),
    crmFact("of users refuse a circle, and name the way around it", async (bench) => {
      const crm = await team(bench);
      const details = await refusedDetails(crm.users.update("ceo", { managerId: "rep" }));
      expect(details).toMatchObject({
        entity: "user",
        field: "managerId",
        id: "ceo",
        path: ["ceo", "rep", "vp", "ceo"],
      });
      await expect(crm.users.update("ceo", { managerId: "rep" })).rejects.toMatchObject({
        code: "hierarchy_cycle",
        message: "user.managerId would make a circle: ceo → rep → vp → ceo.",
      });
      expect(await crm.users.get("ceo")).toMatchObject({ managerId: null, version: 1 });
    }),
    crmFact("of users refuse one's own management", async (bench) => {
      const crm = await team(bench);
      expect(await refusedDetails(crm.users.update("rep", { managerId: "rep" }))).toMatchObject({
        path: ["rep", "rep"],
      });
      expect(await refusedDetails(crm.users.create({ id: "solo", name: "S", managerId: "solo" }))).toMatchObject({
        path: ["solo", "solo"],
      });
    }),
    crmFact("refuse a circle among records that are made together", async (bench) => {
      const crm = await openDomain(bench);
      const made = crm.users.createMany([
        { id: "a", name: "A", managerId: "c" },
        { id: "b", name: "B", managerId: "a" },
        { id: "c", name: "C", managerId: "b" },
      ]);
      expect((await refused(made)).code).toBe("hierarchy_cycle");
      expect(await crm.users.count()).toBe(0);
    }),
    crmFact("refuse a circle that only two changes together make", async (bench) => {
      const crm = await openDomain(bench);
      await crm.users.createMany([
        { id: "a", name: "A" },
        { id: "b", name: "B" },
      ]);
      const changed = crm.users.updateMany([
        { id: "a", managerId: "b" },
        { id: "b", managerId: "a" },
      ]);
      expect((await refused(changed)).code).toBe("hierarchy_cycle");
      expect(await crm.users.count({ where: { managerId: null } })).toBe(2);
    }),
    crmFact("take two changes together of which one alone would be a circle", async (bench) => {
      const crm = await team(bench);
      await crm.users.updateMany([
        { id: "ceo", managerId: "rep" },
        { id: "vp", managerId: null },
      ]);
      expect(await crm.users.get("ceo")).toMatchObject({ managerId: "rep" });
    }),
    crmFact("refuse one of two changes at the same time that together make a circle", async (bench) => {
      const crm = await openDomain(bench);
      await crm.users.createMany([
        { id: "a", name: "A" },
        { id: "b", name: "B" },
      ]);
      const results = await Promise.allSettled([
        crm.users.update("a", { managerId: "b" }),
        crm.users.update("b", { managerId: "a" }),
      ]);
      expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(await crm.users.count({ where: { managerId: null } })).toBe(1);
    }),
    crmFact("of accounts refuse a circle of three, of two and of one", async (bench) => {
      const { crm, holding, division, site } = await group(bench);
      expect(await refusedDetails(crm.accounts.update(holding.id, { parentId: site.id }))).toMatchObject({
        entity: "account",
        field: "parentId",
        path: [holding.id, site.id, division.id, holding.id],
      });
      expect(await refusedDetails(crm.accounts.update(holding.id, { parentId: division.id }))).toMatchObject({
        path: [holding.id, division.id, holding.id],
      });
      expect(await refusedDetails(crm.accounts.update(site.id, { parentId: site.id }))).toMatchObject({
        path: [site.id, site.id],
      });
      expect(await crm.accounts.count({ where: { version: 1 } })).toBe(3);
    }),
    crmFact("of accounts may be rearranged, and taken apart", async (bench) => {
      const { crm, holding, division, site } = await group(bench);
      await crm.accounts.update(site.id, { parentId: holding.id });
      await crm.accounts.update(division.id, { parentId: site.id });
      await crm.accounts.update(site.id, { parentId: null });
      expect(await crm.accounts.get(division.id)).toMatchObject({ parentId: site.id });
      const { children } = await crm.accounts.get(site.id, { include: { children: true } });
      expect(children.map(({ name }) => name)).toEqual(["Division"]);
    }),
    crmFact("of a hundred levels are guarded to the top", async (bench) => {
      const crm = await openDomain(bench);
      await crm.users.createMany(
        Array.from({ length: 100 }, (_, i) => ({ id: `u${i}`, name: "U", ...(i ? { managerId: `u${i - 1}` } : {}) })),
      );
      const { path } = await refusedDetails(crm.users.update("u0", { managerId: "u99" }));
      expect(path).toHaveLength(101);
    }),
    crmFact("of one tenant have nothing to do with those of another", async (bench) => {
      const crm = await team(bench);
      const other = crm.as({ tenantId: "other" });
      await other.users.createMany([
        { id: "rep", name: "R" },
        { id: "ceo", name: "C", managerId: "rep" },
      ]);
      expect(await other.users.get("ceo")).toMatchObject({ managerId: "rep" });
    }),
    crmFact("of accounts narrow boards, reports, searches and reads of the past", async (bench) => {
      bench.clock.set("2026-06-10T10:00:00Z");
      const { crm, holding, division, site } = await group(bench);
      const other = await crm.accounts.create({ name: "Other site" });
      for (const account of [holding, division, site, other]) {
        await crm.opportunities.create({ name: account.name, accountId: account.id });
      }
      const then = new Date(bench.clock.now());
      bench.clock.set("2026-06-11T10:00:00Z");
      const where = { accountId: { atOrUnder: division.id } };
      const through = { account: { id: { under: holding.id } } };
      const outside = { not: { accountId: { atOrUnder: holding.id } } };
      const counted = async (of: typeof crm) => {
        const board = await of.opportunities.board({ where });
        return [
          board.reduce((total, column) => total + column.count, 0),
          await of.opportunities.count({ where: through }),
          await of.opportunities.count({ where: outside }),
          (await of.accounts.search("site", { where: { id: { under: holding.id } } })).length,
        ];
      };
      expect(await counted(crm)).toEqual([2, 2, 1, 1]);
      const june = { from: "2026-06-01", to: "2026-06-30" };
      const won = await crm.opportunities.winRate({ ...june, base: "created", unit: "number", where });
      expect(won).toMatchObject([{ numerator: 0, denominator: 2, open: 2 }]);
      const [stays] = await crm.opportunities.timeInStage({ ...june, where });
      expect(stays?.open.count).toBe(2);
      const [step] = await crm.opportunities.conversion({ ...june, where });
      expect(step?.entered).toBe(2);
      await crm.accounts.update(site.id, { parentId: other.id });
      await crm.accounts.archive(division.id);
      expect(await counted(crm)).toEqual([1, 1, 2, 0]);
      expect(await counted(crm.asOf(then) as typeof crm)).toEqual([2, 2, 1, 1]);
    }),
    crmFact("of accounts narrow what refers to a record of any entity", async (bench) => {
      const { crm, holding, division, site } = await group(bench);
      const contact = await crm.contacts.create({ familyName: "Moss" });
      const subjects = [holding, division, site].map(({ name, id }) => ({ subject: name, entityType: "account", id }));
      for (const { subject, ...record } of [...subjects, { subject: "Moss", entityType: "contact", id: contact.id }]) {
        const note = await crm.activities.create({ kind: "note", subject });
        await crm.activities.link(note.id, record);
      }
      const about = async (recordId: RecordIdFilter) => {
        const { items } = await crm.activityLinks.list({ where: { recordId }, include: { activity: true } });
        return items.map(({ activity }) => activity?.subject).sort();
      };
      const of = "account";
      expect(await about({ under: { id: holding.id, of } })).toEqual(["Division", "Site"]);
      expect(await about({ atOrUnder: { id: division.id, of, by: "parentId" } })).toEqual(["Division", "Site"]);
      expect(await about({ ancestorOf: { id: site.id, of } })).toEqual(["Division", "Holding"]);
      expect(await about({ atOrAncestorOf: { id: holding.id, of } })).toEqual(["Holding"]);
      const where = { not: { recordId: { atOrUnder: { id: division.id, of } } } };
      expect(await crm.activityLinks.count({ where })).toBe(2);
      for (const [node, message] of [
        [holding.id, /must say of which entity/],
        [{ id: holding.id, of: "nix" }, /must say of which entity/],
        [{ id: holding.id, of: "contact" }, /needs a tree/],
        [{ id: "nonsense", of }, /recordId\.under/],
      ] as const)
        await expect(about({ under: node as never })).rejects.toMatchObject({
          code: "invalid_query",
          message: expect.stringMatching(message),
        });
      await expect(about({ directlyUnder: { id: holding.id, of } } as never)).rejects.toThrow(/not for a pair/);
    }),
  ],
};

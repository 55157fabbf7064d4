/** Where records stand in a tree: in conditions, and as lists of what is above and below. */
import { createCrm } from "@relata/core";
import { defineEntity, reference, sum, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import type { AccountWhere, SampleCrm } from "./sample-crm.ts";

/** Alps > Base > Camp, Alps > Dome, and Etna alone. Una manages Vic, who manages Wim. */
async function withTrees(bench: CrmBench) {
  const crm = await bench.open();
  await crm.users.createMany([
    { id: "una", name: "Una" },
    { id: "vic", name: "Vic", managerId: "una" },
    { id: "wim", name: "Wim", managerId: "vic" },
  ]);
  const alps = await crm.accounts.create({ name: "Alps", ownerId: "una" });
  const base = await crm.accounts.create({ name: "Base", parentId: alps.id, ownerId: "vic" });
  const camp = await crm.accounts.create({ name: "Camp", parentId: base.id, ownerId: "wim" });
  const dome = await crm.accounts.create({ name: "Dome", parentId: alps.id });
  const etna = await crm.accounts.create({ name: "Etna" });
  return { crm, alps, base, camp, dome, etna };
}

async function names(crm: SampleCrm, where: AccountWhere): Promise<string> {
  const page = await crm.accounts.list({ where, orderBy: [{ name: "asc" }] });
  return page.items.map(({ name }) => name).join(" ");
}

/** Towns in regions and in parishes: an entity with two trees. */
const town = defineEntity("town", {
  plural: "towns",
  ids: "app",
  fields: {
    name: text().optional(),
    regionId: reference("town", { inverse: "regional", tree: true }).optional(),
    parishId: reference("town", { inverse: "parishes", tree: true }).optional(),
  },
});

async function withTowns(bench: CrmBench) {
  const crm = await createCrm({ ...(await bench.options()), entities: [town] });
  await crm.towns.createMany([
    { id: "a" },
    { id: "b", regionId: "a" },
    { id: "c", regionId: "b", parishId: "a" },
    { id: "d", parishId: "c" },
  ]);
  const ids = async (where: Parameters<typeof crm.towns.count>[0]) =>
    (await crm.towns.list({ ...where })).items.map(({ id }) => id).join("");
  return { crm, ids };
}

export const trees: CrmSuite = {
  name: "trees",
  facts: [
    crmFact("find records by where they stand", async (bench) => {
      const { crm, alps, base, camp, etna } = await withTrees(bench);
      const cases: readonly (readonly [AccountWhere, string])[] = [
        [{ id: { under: alps.id } }, "Base Camp Dome"],
        [{ id: { atOrUnder: alps.id } }, "Alps Base Camp Dome"],
        [{ id: { directlyUnder: alps.id } }, "Base Dome"],
        [{ id: { ancestorOf: camp.id } }, "Alps Base"],
        [{ id: { atOrAncestorOf: camp.id } }, "Alps Base Camp"],
        [{ id: { under: etna.id } }, ""],
        [{ not: { id: { atOrUnder: alps.id } } }, "Etna"],
        [{ id: { under: alps.id, ancestorOf: camp.id } }, "Base"],
        [{ id: { under: alps.id, ne: base.id } }, "Camp Dome"],
        [{ parentId: { under: alps.id } }, "Camp"],
        [{ parentId: { directlyUnder: alps.id } }, "Camp"],
        [{ not: { parentId: { atOrUnder: alps.id } } }, "Alps Etna"],
        [{ ownerId: { under: "una" } }, "Base Camp"],
        [{ ownerId: { atOrUnder: { id: "vic", by: "managerId" } } }, "Base Camp"],
        [{ ownerId: { directlyUnder: "una" } }, "Base"],
        [{ owner: { id: { atOrAncestorOf: "vic" } } }, "Alps Base"],
        [{ children: { some: { id: { ancestorOf: camp.id } } } }, "Alps"],
        [{ or: [{ id: { under: base.id } }, { id: etna.id }] }, "Camp Etna"],
      ];
      for (const [where, expected] of cases) expect([where, await names(crm, where)]).toEqual([where, expected]);
    }),
    crmFact("find what refers to a subtree, in lists, counts, figures and includes", async (bench) => {
      const { crm, alps, base, camp, etna } = await withTrees(bench);
      const amounts = [
        [alps, "1.00"],
        [base, "2.00"],
        [camp, "4.00"],
        [etna, "8.00"],
      ] as const;
      for (const [account, amount] of amounts)
        await crm.opportunities.create({
          name: account.name,
          accountId: account.id,
          amount: { amount, currency: "EUR" },
        });
      const where = { accountId: { atOrUnder: base.id } };
      const page = await crm.opportunities.list({ where, orderBy: [{ name: "asc" }] });
      expect(page.items.map(({ name }) => name)).toEqual(["Base", "Camp"]);
      expect(await crm.opportunities.count({ where })).toBe(2);
      expect(await crm.opportunities.aggregate({ where, measures: { value: sum("amount") } })).toEqual([
        { value: [{ amount: "6.00", currency: "EUR" }] },
      ]);
      const columns = await crm.opportunities.board({ where });
      expect(columns.map(({ count }) => count).reduce((total, count) => total + count)).toBe(2);
      const vic = await crm.users.get("vic", {
        include: { accounts: { where: { id: { under: alps.id } }, include: { parent: true } } },
      });
      expect(vic.accounts.map(({ name, parent }) => [name, parent?.name])).toEqual([["Base", "Alps"]]);
    }),
    crmFact("are walked page by page", async (bench) => {
      const { crm, alps } = await withTrees(bench);
      const query = { where: { id: { under: alps.id } }, orderBy: [{ name: "asc" }], limit: 2 } as const;
      const first = await crm.accounts.list(query);
      const second = await crm.accounts.list({ ...query, after: first.next });
      expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(["Base", "Camp", "Dome"]);
    }),
    crmFact("go through archived records", async (bench) => {
      const { crm, alps, base } = await withTrees(bench);
      await crm.accounts.archive(base.id);
      expect(await names(crm, { id: { under: alps.id } })).toBe("Camp Dome");
      const below = await crm.accounts.descendants(alps.id, { select: ["name"] });
      expect(below.map(({ depth, record }) => [depth, record.name])).toEqual([
        [1, "Dome"],
        [2, "Camp"],
      ]);
      const all = await crm.accounts.descendants(alps.id, { archived: "include" });
      expect(all.map(({ record }) => record.name)).toEqual(["Base", "Dome", "Camp"]);
    }),
    crmFact("are listed upwards and downwards, the nearest first", async (bench) => {
      const { crm, alps, camp } = await withTrees(bench);
      const above = await crm.accounts.ancestors(camp.id, { include: { owner: true } });
      expect(above.map(({ depth, record }) => [depth, record.name, record.owner?.id])).toEqual([
        [1, "Base", "vic"],
        [2, "Alps", "una"],
      ]);
      const nearest = await crm.accounts.ancestors(camp.id, { depth: 1 });
      expect(nearest.map(({ record }) => record.name)).toEqual(["Base"]);
      const below = await crm.accounts.descendants(alps.id);
      expect(below.map(({ depth, record }) => [depth, record.name])).toEqual([
        [1, "Base"],
        [1, "Dome"],
        [2, "Camp"],
      ]);
      expect(await crm.accounts.ancestors(alps.id)).toEqual([]);
      expect(await crm.users.descendants("nobody")).toEqual([]);
    }),
    crmFact("of one entity are told apart by name", async (bench) => {
      const { crm, ids } = await withTowns(bench);
      expect(await ids({ where: { id: { under: { id: "a", by: "regionId" } } } })).toBe("bc");
      expect(await ids({ where: { id: { under: { id: "a", by: "parishId" } } } })).toBe("cd");
      expect(await ids({ where: { id: { directlyUnder: { id: "a", by: "parishId" } } } })).toBe("c");
      const above = await crm.towns.ancestors("d", { by: "parishId" });
      expect(above.map(({ record }) => record.id)).toEqual(["c", "a"]);
    }),
    crmFact("of several refuse to guess which", async (bench) => {
      const { crm } = await withTowns(bench);
      await expect(crm.towns.count({ where: { id: { under: "a" } } })).rejects.toMatchObject({
        code: "invalid_query",
        message: "town.id.under must say by which tree of town: { id, by } with one of regionId, parishId.",
      });
      expect((await refused(crm.towns.descendants("a"))).code).toBe("invalid_query");
    }),
    crmFact("are refused where there is none, or none of the name", async (bench) => {
      const { crm, alps } = await withTrees(bench);
      const bad: readonly (readonly [string, () => Promise<unknown>])[] = [
        ["id.under", () => crm.contacts.list({ where: { id: { under: alps.id } } })],
        ["crateId.atOrUnder", () => crm.specimens.list({ where: { crateId: { atOrUnder: "c1" } } })],
        ["id.under", () => crm.accounts.list({ where: { id: { under: { id: alps.id, by: "ownerId" } } } })],
        ["id.under", () => crm.accounts.list({ where: { id: { under: { id: alps.id, colour: 1 } as never } } })],
        ["id.under", () => crm.accounts.list({ where: { id: { under: "nonsense" } } })],
        ["id.under", () => crm.accounts.list({ where: { id: { under: null as never } } })],
        ["id.under", () => crm.accounts.list({ where: { id: { under: undefined as never } } })],
        ["id.under", () => crm.accounts.list({ where: { id: { under: [alps.id] as never } } })],
        ["parentId.ancestorOf", () => crm.accounts.list({ where: { parentId: { ancestorOf: 5 as never } } })],
        ["name", () => crm.accounts.list({ where: { name: { under: alps.id } as never } })],
        ["by", () => crm.contacts.descendants(alps.id)],
        ["by", () => crm.accounts.ancestors(alps.id, { by: "ownerId" })],
        ["id", () => crm.accounts.ancestors("nonsense")],
        ["id", () => crm.accounts.ancestors(null as never)],
        ["depth", () => crm.accounts.ancestors(alps.id, { depth: 0 })],
        ["depth", () => crm.accounts.ancestors(alps.id, { depth: 1.5 })],
        ["limit", () => crm.accounts.ancestors(alps.id, { limit: 5 } as never)],
      ];
      for (const [field, call] of bad)
        expect([field, await refused(call())]).toMatchObject([field, { code: "invalid_query", field }]);
    }),
    crmFact("of one tenant tell nothing to another", async (bench) => {
      const { crm, alps, camp } = await withTrees(bench);
      const other = crm.as({ tenantId: "other" });
      await other.accounts.create({ name: "Other" });
      expect(await other.accounts.count({ where: { id: { atOrUnder: alps.id } } })).toBe(0);
      expect(await other.accounts.count({ where: { id: { atOrAncestorOf: camp.id } } })).toBe(0);
      expect(await other.accounts.count({ where: { not: { id: { atOrUnder: alps.id } } } })).toBe(1);
      expect(await other.accounts.descendants(alps.id)).toEqual([]);
      expect(await other.accounts.ancestors(camp.id)).toEqual([]);
    }),
    crmFact("follow moves, made singly, together and in a unit that is undone", async (bench) => {
      const { crm, alps, base, camp, dome, etna } = await withTrees(bench);
      await crm.accounts.update(base.id, { parentId: etna.id });
      expect(await names(crm, { id: { under: etna.id } })).toBe("Base Camp");
      await crm.accounts.updateMany([
        { id: dome.id, parentId: camp.id },
        { id: base.id, parentId: alps.id },
      ]);
      expect(await names(crm, { id: { under: base.id } })).toBe("Camp Dome");
      const undone = crm.transaction(async (tx) => {
        await tx.accounts.update(camp.id, { parentId: null });
        expect(await tx.accounts.count({ where: { id: { under: base.id } } })).toBe(0);
        throw new Error("undone");
      });
      await expect(undone).rejects.toThrow("undone");
      expect(await names(crm, { id: { under: base.id } })).toBe("Camp Dome");
      await crm.accounts.delete(dome.id);
      expect(await names(crm, { id: { under: base.id } })).toBe("Camp");
    }),
    crmFact("never come to have a circle, however many moves are made at once", async (bench) => {
      const crm = await bench.open();
      const ids = Array.from({ length: 12 }, (_, i) => `u${i}`);
      await crm.users.createMany(ids.map((id) => ({ id, name: id })));
      const moves = ids.flatMap((id, i) => [1, 5, 7].map((by) => ({ id, managerId: ids[(i + by) % 12]! })));
      const results = await Promise.allSettled(moves.map(({ id, managerId }) => crm.users.update(id, { managerId })));
      const codes = new Set(results.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : [])));
      expect([...codes]).toEqual(["hierarchy_cycle"]);
      const tops = await crm.users.list({ where: { managerId: null } });
      expect(tops.items.length).toBeGreaterThan(0);
      const sizes = await Promise.all(
        tops.items.map(({ id }) => crm.users.count({ where: { id: { atOrUnder: id } } })),
      );
      expect(sizes.reduce((total, size) => total + size)).toBe(12);
    }),
  ],
};

/**
 * Trees whose paths are kept: every write keeps them, and what is read by them is what the references say. One list of facts about one
 * thing, which is why it is long.
 */
import { type CrmOptions, createCrm, planMigrations } from "@relata/core";
import { defineEntity, reference, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";

/** `kept` says whether paths are kept; where it is false, a circle is stored. */
function folderEntity<const Kept extends boolean | "paths">(kept: Kept) {
  return defineEntity("folder", {
    plural: "folders",
    ids: "app",
    fields: {
      name: text().optional(),
      parentId: reference("folder", { inverse: "folders", onDelete: "cascade", tree: kept }).optional(),
      mirrorId: reference("folder", { inverse: "mirrors", onDelete: "detach", tree: kept }).optional(),
    },
  });
}

export function openFolders(options: CrmOptions) {
  return createCrm({ ...options, entities: [folderEntity("paths")] });
}

export type FoldersCrm = Awaited<ReturnType<typeof openFolders>>;

/** The ids below, by the paths. */
export async function below(crm: Pick<FoldersCrm, "folders">, id: string, by = "parentId"): Promise<string> {
  const page = await crm.folders.list({ where: { id: { under: { id, by } } }, limit: 500, archived: "include" });
  return page.items
    .map((folder) => folder.id)
    .sort()
    .join(" ");
}

/** a > b > c > d, a > e, and f alone. */
async function withFolders(bench: CrmBench): Promise<FoldersCrm> {
  const crm = await openFolders(await bench.options());
  await crm.folders.createMany([
    { id: "d", parentId: "c" },
    { id: "b", parentId: "a" },
    { id: "a" },
    { id: "c", parentId: "b" },
    { id: "e", parentId: "a" },
    { id: "f" },
  ]);
  return crm;
}

async function inOrder(crm: FoldersCrm): Promise<void> {
  expect(await crm.checkTrees()).toEqual([]);
}

/** Together longer than a path that is kept whole. */
const long = (number: number) => `${String(number).padStart(3, "0")}-${"x".repeat(116)}`;

export const treePaths: CrmSuite = {
  name: "paths of trees",
  facts: [
    crmFact("are kept for records that come in any order", async (bench) => {
      const crm = await withFolders(bench);
      expect(await below(crm, "a")).toBe("b c d e");
      expect(await below(crm, "b")).toBe("c d");
      expect(await below(crm, "f")).toBe("");
      await inOrder(crm);
    }),
    crmFact("follow a move up, down, to the top and from there", async (bench) => {
      const crm = await withFolders(bench);
      await crm.folders.update("b", { parentId: "e" });
      expect([await below(crm, "a"), await below(crm, "e")]).toEqual(["b c d e", "b c d"]);
      await crm.folders.update("c", { parentId: "a" });
      expect([await below(crm, "b"), await below(crm, "c")]).toEqual(["", "d"]);
      await crm.folders.update("c", { parentId: null });
      expect([await below(crm, "a"), await below(crm, "c")]).toEqual(["b e", "d"]);
      await crm.folders.update("c", { parentId: "f" });
      await crm.folders.update("a", { parentId: "d" });
      expect([await below(crm, "f"), await below(crm, "a")]).toEqual(["a b c d e", "b e"]);
      await inOrder(crm);
    }),
    crmFact("follow several moves at once, those that change places too", async (bench) => {
      const crm = await withFolders(bench);
      await crm.folders.updateMany([
        { id: "b", parentId: "c" },
        { id: "c", parentId: "a" },
        { id: "f", parentId: "d" },
      ]);
      expect([await below(crm, "a"), await below(crm, "c")]).toEqual(["b c d e f", "b d f"]);
      await inOrder(crm);
    }),
    crmFact("of each tree of an entity are its own", async (bench) => {
      const crm = await withFolders(bench);
      await crm.folders.update("a", { mirrorId: "d" });
      await crm.folders.update("b", { mirrorId: "a", parentId: "f" });
      expect([await below(crm, "d", "mirrorId"), await below(crm, "a"), await below(crm, "f")]).toEqual([
        "a b",
        "e",
        "b c d",
      ]);
      await inOrder(crm);
    }),
    crmFact("go and come back with their records", async (bench) => {
      const crm = await withFolders(bench);
      await crm.folders.update("e", { mirrorId: "b" });
      await crm.folders.delete("b");
      expect([await below(crm, "a"), await below(crm, "b", "mirrorId")]).toEqual(["e", ""]);
      await inOrder(crm);
      await crm.folders.restore("b");
      expect([await below(crm, "a"), await below(crm, "b", "mirrorId")]).toEqual(["b c d e", "e"]);
      await crm.folders.archive("c");
      expect(await below(crm, "b")).toBe("c d");
      await inOrder(crm);
      await crm.folders.delete("c");
      await crm.folders.create({ id: "c", parentId: "f" });
      expect([await below(crm, "a"), await below(crm, "f")]).toEqual(["b e", "c"]);
      await crm.folders.erase("b");
      expect(await below(crm, "a")).toBe("e");
      await inOrder(crm);
    }),
    crmFact("follow upserts, reverts and merges", async (bench) => {
      const crm = await withFolders(bench);
      await crm.folders.upsertMany(
        [
          { id: "e", parentId: "f" },
          { id: "g", parentId: "e" },
        ],
        { by: "id" },
      );
      expect(await below(crm, "f")).toBe("e g");
      await crm.folders.revert("e", 1);
      expect([await below(crm, "a"), await below(crm, "f")]).toEqual(["b c d e g", ""]);
      await crm.folders.merge("f", "c");
      expect([await below(crm, "f"), await below(crm, "b")]).toEqual(["d", "d f"]);
      await inOrder(crm);
    }),
    crmFact("are undone with the unit, or the savepoint, that changed them", async (bench) => {
      const crm = await withFolders(bench);
      const undone = new Error("undone");
      await crm.transaction(async (tx) => {
        await tx.folders.update("b", { parentId: "f" });
        const inner = tx.transaction(async (savepoint) => {
          await savepoint.folders.create({ id: "g", parentId: "d" });
          await savepoint.folders.update("f", { parentId: "e" });
          expect(await below(savepoint, "a")).toBe("b c d e f g");
          throw undone;
        });
        await expect(inner).rejects.toBe(undone);
        expect(await below(tx, "f")).toBe("b c d");
      });
      expect([await below(crm, "a"), await below(crm, "f")]).toEqual(["e", "b c d"]);
      await inOrder(crm);
    }),
    crmFact("refuse a circle, and are left as they were", async (bench) => {
      const crm = await withFolders(bench);
      await expect(crm.folders.update("a", { parentId: "d" })).rejects.toMatchObject({
        code: "hierarchy_cycle",
        message: "folder.parentId would make a circle: a → d → c → b → a.",
      });
      const both = crm.folders.updateMany([
        { id: "b", parentId: "f" },
        { id: "f", parentId: "d" },
      ]);
      await expect(both).rejects.toMatchObject({ code: "hierarchy_cycle" });
      await expect(crm.folders.create({ id: "g", parentId: "g" })).rejects.toMatchObject({ code: "hierarchy_cycle" });
      await inOrder(crm);
    }),
    crmFact("that would be too long are cut, and what is below is found all the same", async (bench) => {
      const crm = await openFolders(await bench.options());
      const ids = Array.from({ length: 20 }, (_, i) => long(i));
      await crm.folders.createMany(ids.map((id, i) => ({ id, parentId: ids[i - 1] ?? null })));
      await crm.folders.create({ id: "aside", parentId: ids[11]! });
      const count = async (id: string) => (await below(crm, id)).split(" ").filter(Boolean).length;
      expect([await count(ids[0]!), await count(ids[5]!), await count(ids[12]!), await count(ids[19]!)]).toEqual([
        20, 15, 7, 0,
      ]);
      await inOrder(crm);
      await crm.folders.update(ids[15]!, { parentId: ids[1]! });
      expect([await count(ids[12]!), await count(ids[15]!), await count(ids[1]!)]).toEqual([2, 4, 19]);
      await inOrder(crm);
      await crm.folders.update(ids[2]!, { parentId: null });
      await crm.folders.update(ids[2]!, { parentId: ids[19]! });
      expect([await count(ids[1]!), await count(ids[19]!), await count(ids[9]!)]).toEqual([19, 14, 6]);
      await inOrder(crm);
      await expect(crm.folders.update(ids[1]!, { parentId: ids[14]! })).rejects.toMatchObject({
        code: "hierarchy_cycle",
      });
    }),
    crmFact("are of one tenant", async (bench) => {
      const crm = await withFolders(bench);
      const other = crm.as({ tenantId: "other" });
      await other.folders.createMany([{ id: "a" }, { id: "z", parentId: "a" }]);
      await other.folders.update("a", { name: "A" });
      await crm.folders.update("b", { parentId: "f" });
      expect([await below(other, "a"), await below(crm, "a"), await below(other, "b")]).toEqual(["z", "e", ""]);
      expect(await other.checkTrees()).toEqual([]);
      await inOrder(crm);
    }),
    crmFact("are not asked for by reads of the past", async (bench) => {
      bench.clock.set("2026-06-15T10:00:00Z");
      const crm = await withFolders(bench);
      const then = new Date(bench.clock.now());
      bench.clock.set("2026-06-16T10:00:00Z");
      await crm.folders.update("b", { parentId: "f" });
      expect([await below(crm.asOf(then), "a"), await below(crm, "a")]).toEqual(["b c d e", "e"]);
    }),
    crmFact("cost nothing for a record without a parent, nor for changes of other fields", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      const alps = await crm.accounts.create({ name: "Alps" });
      const base = await crm.accounts.create({ name: "Base", parentId: alps.id });
      const before = { ...calls };
      await crm.accounts.create({ name: "Camp" });
      expect([calls.find - before.find, calls.write - before.write]).toEqual([0, 1]);
      await crm.accounts.update(base.id, { name: "Basis" });
      expect([calls.find - before.find, calls.write - before.write]).toEqual([1, 2]);
    }),
    crmFact(
      "cost one look for a new record below another, and two or three for a move, however deep the tree is",
      async (bench) => {
        const { crm, calls } = await bench.openCounted();
        const reads = async (work: () => Promise<unknown>) => {
          const before = calls.find + calls.traverse + calls.aggregate;
          await work();
          return calls.find + calls.traverse + calls.aggregate - before;
        };
        const ids: string[] = [];
        for (let i = 0; i < 8; i++)
          ids.push((await crm.accounts.create({ name: `${i}`, parentId: ids.at(-1) ?? null })).id);
        const top = await crm.accounts.create({ name: "Top" });
        expect(await reads(() => crm.accounts.create({ name: "New", parentId: ids[7]! }))).toBe(1);
        // Each update reads the record first.
        expect(await reads(() => crm.accounts.update(top.id, { parentId: ids[7]! }))).toBe(3);
        // Paths that become shorter may have been cut.
        expect(await reads(() => crm.accounts.update(top.id, { parentId: ids[5]! }))).toBe(4);
        expect(await reads(() => crm.accounts.update(top.id, { parentId: null }))).toBe(3);
        expect(await crm.checkTrees()).toEqual([]);
      },
    ),
  ],
};

/** By a process that does not look whether the database is as it declares it. */
async function unaware(options: CrmOptions, work: (crm: FoldersCrm) => Promise<unknown>): Promise<void> {
  const crm = await createCrm({ ...options, entities: [folderEntity(false)], migrate: "off" });
  await work(crm as unknown as FoldersCrm);
  await crm.close();
}

/** For storages that keep what is in them from one CRM to the next. */
export const treePathsReopened: CrmSuite = {
  name: "paths of trees, in a database that has records",
  facts: [
    crmFact("are filled in for records that were there before", async (bench) => {
      const options = await bench.options();
      const earlier = await createCrm({ ...options, entities: [folderEntity(true)] });
      await earlier.folders.createMany([{ id: "a" }, { id: "b", parentId: "a" }, { id: "c", parentId: "b" }]);
      await earlier.as({ tenantId: "other" }).folders.createMany([{ id: "x" }, { id: "b", parentId: "x" }]);
      await earlier.close();
      const crm = await openFolders(options);
      expect([await below(crm, "a"), await below(crm.as({ tenantId: "other" }), "x")]).toEqual(["b c", "b"]);
      await inOrder(crm);
      expect(await crm.as({ tenantId: "other" }).checkTrees()).toEqual([]);
    }),
    crmFact("are found wrong, and made right, after a process that did not know them", async (bench) => {
      const options = await bench.options();
      await (await withFolders({ ...bench, options: async () => options })).close();
      await unaware(options, async ({ folders }) => {
        await folders.update("c", { parentId: "f" });
        await folders.update("e", { parentId: null });
        await folders.create({ id: "g", parentId: "e" });
      });
      const crm = await openFolders(options);
      const problems = await crm.checkTrees({ repair: true });
      expect(problems.map(({ field, id, problem }) => `${field} ${id} ${problem}`).sort()).toEqual([
        "parentId c wrong",
        "parentId d wrong",
        "parentId e left over",
        "parentId g missing",
      ]);
      expect([await below(crm, "a"), await below(crm, "f"), await below(crm, "e")]).toEqual(["b", "c d", "g"]);
      await inOrder(crm);
      await expect(crm.checkTrees({ repair: 1 as never })).rejects.toMatchObject({ code: "invalid_input" });
    }),
    crmFact("are filled in anew after a time in which they were not kept", async (bench) => {
      const options = await bench.options();
      await (await withFolders({ ...bench, options: async () => options })).close();
      const without = { ...options, entities: [folderEntity(true)] };
      const told = async (planned: CrmOptions) =>
        (await planMigrations(planned)).steps.filter(({ table }) => table === "folder__parent_id__paths");
      expect(await told(without)).toMatchObject([{ kind: "set_meaning", risk: "safe" }]);
      const meanwhile = await createCrm(without);
      await meanwhile.folders.update("c", { parentId: "f" });
      await meanwhile.folders.create({ id: "g", parentId: "c" });
      await meanwhile.folders.delete("e");
      await meanwhile.as({ tenantId: "other" }).folders.createMany([{ id: "x" }, { id: "b", parentId: "x" }]);
      await meanwhile.close();
      expect(await told(without)).toEqual([]);
      await (await createCrm({ ...without, migrate: "verify" })).close();
      const again = { ...options, entities: [folderEntity("paths")] };
      expect(await told(again)).toMatchObject([
        { kind: "set_meaning", risk: "safe" },
        {
          kind: "backfill",
          description: "fill in the paths of folder.parentId of the records that exist",
          risk: "safe",
        },
      ]);
      await expect(createCrm({ ...again, migrate: "verify" })).rejects.toMatchObject({ code: "schema_mismatch" });
      const crm = await openFolders(options);
      expect([await below(crm, "a"), await below(crm, "f")]).toEqual(["b", "c d g"]);
      expect(await below(crm.as({ tenantId: "other" }), "x")).toBe("b");
      await inOrder(crm);
      expect(await crm.as({ tenantId: "other" }).checkTrees()).toEqual([]);
      await expect(crm.folders.update("f", { parentId: "g" })).rejects.toMatchObject({ code: "hierarchy_cycle" });
      await crm.folders.restore("e");
      expect(await below(crm, "a")).toBe("b e");
      await crm.close();
      expect((await planMigrations(again)).steps).toEqual([]);
    }),
    crmFact(
      "are filled in anew where the entity was dropped meanwhile, or its reference had another name",
      async (bench) => {
        const options = await bench.options();
        await (await withFolders({ ...bench, options: async () => options })).close();
        const drop = { id: "1", drop: { entities: ["folder"] } };
        await (await createCrm({ ...options, migrations: [drop] })).close();
        const crm = await createCrm({ ...options, entities: [folderEntity("paths")], migrations: [drop] });
        expect(await crm.checkTrees()).toEqual([]);
        await crm.folders.createMany([{ id: "a" }, { id: "d", parentId: "a" }, { id: "c", parentId: "d" }]);
        await crm.close();
        const other = defineEntity("folder", {
          plural: "folders",
          ids: "app",
          fields: {
            name: text().optional(),
            aboveId: reference("folder", { inverse: "folders", onDelete: "cascade", tree: "paths" }).optional(),
            mirrorId: reference("folder", { inverse: "mirrors", onDelete: "detach", tree: "paths" }).optional(),
          },
        });
        const there = { id: "2", rename: { fields: { folder: { parentId: "aboveId" } } } };
        const back = { id: "3", rename: { fields: { folder: { aboveId: "parentId" } } } };
        const renamed = await createCrm({ ...options, entities: [other], migrations: [drop, there] });
        await renamed.folders.update("c", { aboveId: "a" });
        expect(await renamed.checkTrees()).toEqual([]);
        await renamed.close();
        const entities = [folderEntity("paths")];
        const last = await createCrm({ ...options, entities, migrations: [drop, there, back] });
        expect(await below(last, "d")).toBe("");
        expect(await last.checkTrees()).toEqual([]);
        await last.close();
      },
    ),
    crmFact("that are wrong close no circle, and are made right where a move comes by", async (bench) => {
      const options = await bench.options();
      await (await withFolders({ ...bench, options: async () => options })).close();
      await unaware(options, async ({ folders }) => {
        await folders.update("b", { parentId: null });
        await folders.update("a", { parentId: "c" });
        await folders.create({ id: "g", parentId: "a" });
      });
      // b > c > d, c > a > e, a > g; by the paths a > b > c > d, a > e.
      const crm = await openFolders(options);
      await expect(crm.folders.update("b", { parentId: "g" })).rejects.toMatchObject({
        code: "hierarchy_cycle",
        message: "folder.parentId would make a circle: b → g → a → c → b.",
      });
      const several = crm.folders.updateMany([
        { id: "b", parentId: "e" },
        { id: "f", parentId: "d" },
      ]);
      await expect(several).rejects.toMatchObject({ code: "hierarchy_cycle" });
      await crm.folders.update("f", { parentId: "a" });
      expect([await below(crm, "b"), await below(crm, "a")]).toEqual(["a c d e f g", "e f g"]);
      await inOrder(crm);
    }),
    crmFact("of what moves are made right with it, where they are seen to be wrong", async (bench) => {
      const options = await bench.options();
      await (await withFolders({ ...bench, options: async () => options })).close();
      await unaware(options, async ({ folders }) => {
        await folders.update("c", { parentId: "f" });
        await folders.create({ id: "g", parentId: "d" });
        await folders.update("e", { parentId: null });
      });
      const crm = await openFolders(options);
      await crm.folders.update("e", { parentId: "a" });
      await crm.folders.update("c", { parentId: "e" });
      expect([await below(crm, "a"), await below(crm, "e"), await below(crm, "f")]).toEqual(["b c d e g", "c d g", ""]);
      await inOrder(crm);
    }),
    crmFact("are made right beside a circle, which is told with its path and can be opened", async (bench) => {
      const options = await bench.options();
      await (await withFolders({ ...bench, options: async () => options })).close();
      await unaware(options, async ({ folders }) => {
        await folders.update("b", { parentId: "d" });
        await folders.update("e", { parentId: "f" });
        await folders.create({ id: "g", parentId: "c" });
      });
      const crm = await openFolders(options);
      const circle = { entity: "folder", field: "parentId", id: "b", problem: "circle", path: ["b", "d", "c", "b"] };
      expect(await crm.checkTrees({ repair: true })).toEqual([
        { entity: "folder", field: "parentId", id: "e", problem: "wrong" },
        circle,
      ]);
      expect(await crm.checkTrees()).toEqual([circle]);
      expect(await below(crm, "f")).toBe("e");
      await expect(crm.folders.update("e", { parentId: "g" })).rejects.toMatchObject({
        code: "hierarchy_cycle",
        message: expect.stringContaining('comes back to its start in the records of tenant "'),
      });
      await crm.folders.update("b", { parentId: "a" });
      expect([await below(crm, "a"), await below(crm, "c")]).toEqual(["b c d g", "d g"]);
      await inOrder(crm);
    }),
  ],
};

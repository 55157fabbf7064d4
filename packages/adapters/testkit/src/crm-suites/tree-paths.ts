/** Trees whose paths are kept: every write keeps them, and what is read by them is what the references say. */
import { type CrmOptions, createCrm } from "@relata/core";
import { defineEntity, reference, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";

/** `kept` says whether paths are kept. */
function folderEntity<const Kept extends true | "paths">(kept: Kept) {
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
  ],
};

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
      const unaware = await createCrm({ ...options, entities: [folderEntity(true)] });
      await unaware.folders.update("c", { parentId: "f" });
      await unaware.folders.update("e", { parentId: null });
      await unaware.folders.create({ id: "g", parentId: "e" });
      await unaware.close();
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
  ],
};

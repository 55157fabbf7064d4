import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createCrm } from "@relata/core";
import { defineEntity, reference } from "@relata/core/plugin";
import { expect, it, onTestFinished } from "vitest";
import { sqlite } from "./sqlite-adapter.ts";

const folder = (tree: true | "paths") =>
  defineEntity("folder", {
    plural: "folders",
    ids: "app",
    fields: { parentId: reference("folder", { inverse: "folders", tree }).optional() },
  });

function newFile(): string {
  const directory = mkdtempSync(join(tmpdir(), "relata-tree-paths-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, "crm.db");
}

it("names a circle that was written past the SDK, and makes no table of paths", async () => {
  const filename = newFile();
  const earlier = await createCrm({ storage: sqlite({ filename }), entities: [folder(true)] });
  await earlier.folders.createMany([{ id: "a" }, { id: "b", parentId: "a" }, { id: "c", parentId: "b" }]);
  await earlier.close();
  const database = new DatabaseSync(filename);
  database.exec("update folder set parent_id = 'c' where id = 'a'");
  const opening = createCrm({ storage: sqlite({ filename }), entities: [folder("paths")] });
  await expect(opening).rejects.toMatchObject({
    code: "hierarchy_cycle",
    details: { entity: "folder", field: "parentId", path: ["a", "c", "b", "a"] },
  });
  const made = database.prepare("select count(*) as made from sqlite_schema where name = 'folder__parent_id__paths'");
  expect(made.get()).toEqual({ made: 0 });
  database.exec("update folder set parent_id = null where id = 'a'");
  database.close();
  const crm = await createCrm({ storage: sqlite({ filename }), entities: [folder("paths")] });
  expect((await crm.folders.list({ where: { id: { under: "a" } } })).items.map(({ id }) => id)).toEqual(["b", "c"]);
  await crm.close();
});

it("refuses a move that would close a circle with a parent written past the SDK", async () => {
  const filename = newFile();
  const crm = await createCrm({ storage: sqlite({ filename }), entities: [folder("paths")] });
  onTestFinished(() => crm.close());
  await crm.folders.createMany([{ id: "a" }, { id: "b" }]);
  const database = new DatabaseSync(filename);
  database.exec("update folder set parent_id = 'a' where id = 'b'");
  database.close();
  await expect(crm.folders.update("a", { parentId: "b" })).rejects.toMatchObject({
    code: "hierarchy_cycle",
    details: { entity: "folder", field: "parentId", path: ["a", "b", "a"] },
  });
  expect((await crm.folders.get("a")).parentId).toBe(null);
});

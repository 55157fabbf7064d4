import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createCrm } from "@relata/core";
import { sqlite } from "@relata/sqlite";
import { expect, it, onTestFinished } from "vitest";
import { hierarchies } from "./hierarchies.ts";
import { accountsOf, refusal } from "./hierarchies-fixture.ts";

it("tells how many accounts stand in or below a circle that was written past the CRM", async () => {
  const folder = mkdtempSync(join(tmpdir(), "relata-read-tree-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const filename = join(folder, "crm.db");
  const crm = await createCrm({ storage: sqlite({ filename }), plugins: [hierarchies()] });
  onTestFinished(() => crm.close());
  const { id } = await accountsOf(crm, "ABCD");
  await crm.hierarchies.move(id.B!, id.A!);
  await crm.hierarchies.move(id.C!, id.B!);
  const database = new DatabaseSync(filename);
  database.exec("update account set parent_id = (select id from account where name = 'B') where name = 'A'");
  database.close();
  expect(await refusal(crm.hierarchies.nodes())).toMatchObject({
    code: "hierarchy_cycle",
    message: 'Hierarchy "default" has a circle: 3 accounts stand in it, or below it. Take one of them out of it.',
  });
});

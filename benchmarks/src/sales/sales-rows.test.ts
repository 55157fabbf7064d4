import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqlite } from "@relata/sqlite";
import { afterAll, expect, it } from "vitest";
import { nameNewIds } from "../measure/compare-answers.ts";
import { rowsOf } from "../sqlite/database-file.ts";
import { writeFile } from "../sqlite/write-file.ts";
import { openCrm } from "./relata.ts";
import { FIRST_DAY, writeSalesData } from "./sales-data.ts";

const folder = mkdtempSync(join(tmpdir(), "relata-sales-rows-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("leaves the rows that Relata leaves, in every table", async () => {
  const [byRelata, straight] = [join(folder, "relata.db"), join(folder, "straight.db")];
  const crm = await openCrm(sqlite({ filename: byRelata }), () => FIRST_DAY);
  const expected = await writeSalesData(crm, 2_500);
  await crm.close();
  const data = await writeFile(straight, 2_500);

  const named = (filename: string) => nameNewIds(FIRST_DAY)(JSON.stringify(rowsOf("node:sqlite", filename)));
  expect(named(straight)).toBe(named(byRelata));
  expect(data.ids).toHaveLength(2_500);
  expect(data.idsInFirstStage.map((id) => data.ids.indexOf(id))).toEqual(
    expected.idsInFirstStage.map((id) => expected.ids.indexOf(id)),
  );
});

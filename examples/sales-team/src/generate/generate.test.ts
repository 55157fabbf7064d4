import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { clean } from "../source/clean.ts";
import { readSource } from "../source/read-source.ts";
import { temporaryFolder } from "../source/source-fixture.ts";
import { generateSource } from "./generate.ts";
import { writeSource } from "./write-source.ts";

async function generatedFolder(seed: number): Promise<string> {
  const folder = await temporaryFolder();
  await writeSource(generateSource(seed), folder);
  return folder;
}

describe("generateSource", () => {
  it("is the same for the same seed, and another one for another seed", () => {
    expect(generateSource(7)).toEqual(generateSource(7));
    expect(generateSource(7)).not.toEqual(generateSource(8));
  });

  it("has the columns of the real files, in their order", async () => {
    const folder = await generatedFolder(7);
    const headers = ["sales_teams.csv", "accounts.csv", "products.csv", "sales_pipeline.csv"].map(
      async (file) => (await readFile(join(folder, file), "utf8")).split("\n", 1)[0],
    );
    expect(await Promise.all(headers)).toEqual([
      "sales_agent,manager,regional_office",
      "account,sector,year_established,revenue,employees,office_location,subsidiary_of",
      "product,series,sales_price",
      "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
    ]);
  });

  it("has 18 agents under 6 managers, 60 accounts, 6 products and 1,500 opportunities", async () => {
    const data = clean(await readSource(await generatedFolder(7)), "2025-12-31");
    expect(data.offices).toHaveLength(3);
    expect(data.people).toHaveLength(24);
    expect(data.people.filter(({ manager }) => manager === null)).toHaveLength(6);
    expect(data.accounts).toHaveLength(60);
    expect(data.accounts.some(({ parent }) => parent !== null)).toBe(true);
    expect(data.products).toHaveLength(6);
    expect(data.opportunities).toHaveLength(1500);
  });

  it("has the kinds of slips of the real files", async () => {
    const { findings } = clean(await readSource(await generatedFolder(7)), "2025-12-31");
    expect(findings.map(({ what }) => what).sort()).toEqual([
      'accounts.csv: office_location "Philipines"',
      'accounts.csv: sector "technolgy"',
      "contacts.csv: cells with blanks around them",
      "sales_pipeline.csv: Engaging without an account",
      "sales_pipeline.csv: Lost with the close value 0",
      "sales_pipeline.csv: Prospecting without an account",
      "sales_pipeline.csv: Prospecting without an engage date",
      'sales_pipeline.csv: product "NovaPlus"',
    ]);
  });

  it.each([1, 2, 3, 4, 5])("is a source without a problem for seed %i", async (seed) => {
    const data = clean(await readSource(await generatedFolder(seed)), "2025-12-31");
    expect(new Set(data.opportunities.map(({ stage }) => stage))).toEqual(
      new Set(["prospecting", "engaging", "won", "lost"]),
    );
  });
});

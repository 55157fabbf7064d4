import { describe, expect, it } from "vitest";
import { clean } from "./clean.ts";
import { readSource } from "./read-source.ts";
import { edited, type FixtureFiles, writeFixture } from "./source-fixture.ts";

const cleaned = async (changes?: FixtureFiles) => clean(await readSource(await writeFixture(changes)), "2025-12-31");

describe("clean", () => {
  it("repairs what it can, and says what was wrong, how often, and what was done", async () => {
    const { findings } = await cleaned();
    expect(findings).toEqual([
      { count: 1, what: "contacts.csv: cells with blanks around them", done: "the blanks were taken off" },
      { count: 1, what: 'accounts.csv: sector "technolgy"', done: 'spelt "technology"' },
      { count: 1, what: 'accounts.csv: office_location "Philipines"', done: 'spelt "Philippines"' },
      {
        count: 1,
        what: "sales_pipeline.csv: Lost with the close value 0",
        done: "the close value is not used: the amount stays at the list price",
      },
      {
        count: 1,
        what: 'sales_pipeline.csv: product "AlphaPro"',
        done: 'read as "Alpha Pro" of products.csv: the same letters and digits',
      },
      { count: 1, what: "sales_pipeline.csv: Engaging without an account", done: "imported without one" },
      { count: 1, what: "sales_pipeline.csv: Prospecting without an account", done: "imported without one" },
      {
        count: 1,
        what: "sales_pipeline.csv: Prospecting without an engage date",
        done: "taken as created on 2025-04-01, the last day in the data",
      },
    ]);
  });

  it("says which optional files are not there, and which columns it does not know", async () => {
    const { findings } = await cleaned({
      ...edited(
        "products.csv",
        "sales_price\nAlpha Pro,Alpha,1000\nBeta,Beta,50",
        "sales_price,colour\nAlpha Pro,Alpha,1000,red\nBeta,Beta,50,blue",
      ),
      "contacts.csv": null,
      "activities.csv": null,
    });
    expect(findings.slice(0, 3)).toEqual([
      { count: 1, what: 'products.csv: column "colour"', done: "not known here, not imported" },
      { count: 1, what: "contacts.csv: not in the folder", done: "optional: no contacts were imported" },
      { count: 1, what: "activities.csv: not in the folder", done: "optional: no activities were imported" },
    ]);
  });

  it("makes managers of those whom agents name, in the office of their agents", async () => {
    const { people, offices } = await cleaned();
    expect(offices).toEqual(["North", "South"]);
    expect(people).toEqual([
      { name: "Ann Adler", manager: "Mia Moss", office: "North" },
      { name: "Ben Baker", manager: "Mia Moss", office: "North" },
      { name: "Cy Cole", manager: "Max Muir", office: "South" },
      { name: "Mia Moss", manager: null, office: "North" },
      { name: "Max Muir", manager: null, office: "South" },
    ]);
  });

  it("turns millions into dollars, digit by digit", async () => {
    const { accounts } = await cleaned();
    expect(
      accounts.map(({ name, annualRevenue, industry, country, parent }) => [
        name,
        annualRevenue,
        industry,
        country,
        parent,
      ]),
    ).toEqual([
      ["Hill", "1500000.00", "technology", "Philippines", null],
      ["Lake", "1100040000.00", "retail", "United States", "Hill"],
    ]);
  });

  it("never uses the close value of an opportunity that is open or lost", async () => {
    const { opportunities, findings } = await cleaned(edited("sales_pipeline.csv", "2025-01-05,,", "2025-01-05,,777"));
    expect(
      opportunities.map(({ id, stage, createdOn, closedOn, closeValue }) => [
        id,
        stage,
        createdOn,
        closedOn,
        closeValue,
      ]),
    ).toEqual([
      ["O1", "won", "2025-01-10", "2025-02-20", "900"],
      ["O2", "lost", "2025-01-15", "2025-04-01", null],
      ["O3", "won", "2025-02-01", "2025-02-11", "55"],
      ["O4", "engaging", "2025-01-05", null, null],
      ["O5", "engaging", "2025-03-01", null, null],
      ["O6", "prospecting", "2025-04-01", null, null],
    ]);
    expect(findings).toContainEqual({
      count: 1,
      what: "sales_pipeline.csv: Engaging with a close value",
      done: "the close value is not used: the amount stays at the list price",
    });
  });

  it("does not take a day that is yet to come, of a planned activity, for the last day in the data", async () => {
    const { lastDay, activities } = await cleaned(edited("activities.csv", "2025-03-15", "2026-05-01"));
    expect(lastDay).toBe("2025-04-01");
    expect(activities[1]?.day).toBe("2026-05-01");
  });

  it("does not guess between two names that a written one could mean", async () => {
    const changes = {
      ...edited("products.csv", "Beta,Beta,50", "Beta,Beta,50\nAl-pha Pro,Alpha,1"),
    };
    await expect(cleaned(changes)).rejects.toMatchObject({
      code: "csv_invalid",
      message: 'sales_pipeline.csv, line 3, product: "AlphaPro" is no product of products.csv. Nothing was imported.',
    });
  });
});

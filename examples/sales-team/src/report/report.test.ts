import { memory } from "@relata/memory";
import { expect, it, onTestFinished } from "vitest";
import { openCrm } from "../crm.ts";
import { importSalesData } from "../import/import-sales-data.ts";
import { clean } from "../source/clean.ts";
import { readSource } from "../source/read-source.ts";
import { writeFixture } from "../source/source-fixture.ts";
import { readBoard } from "./board.ts";
import { renderFindings, renderReport } from "./report.ts";
import { readStalest } from "./stalest.ts";
import { readWinRates } from "./win-rates.ts";
import { readWonByGroup } from "./won-by-group.ts";
import { readWonByQuarter } from "./won-by-quarter.ts";

async function importedCrm() {
  const crm = await openCrm({ storage: memory() });
  onTestFinished(() => crm.close());
  await importSalesData(crm, clean(await readSource(await writeFixture()), "2025-12-31"));
  return crm;
}

const usd = (amount: string) => [{ amount, currency: "USD" }];

it("shows the pipeline by stage: open at the list price, won at what it was won for", async () => {
  const board = await readBoard(await importedCrm(), "sales");
  expect(board.map(({ stage, count, amount, weighted }) => [stage.key, count, amount, weighted])).toEqual([
    ["prospecting", 1, usd("50.00"), usd("10.00")],
    ["engaging", 2, usd("1050.00"), usd("630.00")],
    ["won", 2, usd("955.00"), usd("955.00")],
    ["lost", 1, usd("1000.00"), usd("0.00")],
  ]);
});

it("gives win rates of what is closed, and the mean days of what is won", async () => {
  const { all, byOwner, byManager } = await readWinRates(await importedCrm());
  expect(all).toEqual({ name: "All", won: 2, lost: 1, meanDaysToWin: "25.5", wonAmount: usd("955.00") });
  expect(byOwner).toEqual([
    { name: "Ann Adler", won: 1, lost: 1, meanDaysToWin: "41", wonAmount: usd("900.00") },
    { name: "Ben Baker", won: 1, lost: 0, meanDaysToWin: "10", wonAmount: usd("55.00") },
  ]);
  expect(byManager).toEqual([{ name: "Mia Moss", won: 2, lost: 1, meanDaysToWin: "25.5", wonAmount: usd("955.00") }]);
});

it("sums what was won by the quarter of the day on which it was won", async () => {
  expect(await readWonByQuarter(await importedCrm())).toEqual([{ quarter: "2025-Q1", won: 2, amount: usd("955.00") }]);
});

it("rolls up what was won from subsidiaries to the account that they belong to", async () => {
  expect(await readWonByGroup(await importedCrm())).toEqual([
    { name: "Hill", subsidiaries: 1, own: usd("55.00"), total: usd("955.00") },
  ]);
});

it("lists open opportunities from the stalest on, and counts those that are too old", async () => {
  expect(await readStalest(await importedCrm(), "2025-05-06")).toEqual({
    rows: [
      { name: "O4 Beta", account: "–", owner: "Ben Baker", stage: "Engaging", daysInStage: 121, amount: "USD 50" },
      {
        name: "O5 Alpha Pro for Lake",
        account: "Lake",
        owner: "Cy Cole",
        stage: "Engaging",
        daysInStage: 66,
        amount: "USD 1,000",
      },
      { name: "O6 Beta", account: "–", owner: "Cy Cole", stage: "Prospecting", daysInStage: 35, amount: "USD 50" },
    ],
    open: 3,
    stale: 2,
  });
});

it("reads as a page", async () => {
  const page = await renderReport(await importedCrm(), "2025-04-01");
  expect(page).toMatchInlineSnapshot(`
    "Pipeline
      Stage        Probability  Opportunities     Amount  Weighted amount
      ───────────────────────────────────────────────────────────────────
      Prospecting         20 %              1     USD 50           USD 10
      Engaging            60 %              2  USD 1,050          USD 630
      Won                100 %              2    USD 955          USD 955
      Lost                 0 %              1  USD 1,000            USD 0
      Open opportunities count at the list price of their product, won ones at what they were won for.

    Win rate by manager
      Manager   Won  Lost  Win rate  Mean days to win  Won amount
      ───────────────────────────────────────────────────────────
      Mia Moss    2     1    66.7 %              25.5     USD 955
      All         2     1    66.7 %              25.5     USD 955
      Won of the 3 that are closed (won or lost); days from engagement to close, of those won.

    Win rate by owner
      Owner      Won  Lost  Win rate  Mean days to win  Won amount
      ────────────────────────────────────────────────────────────
      Ann Adler    1     1    50.0 %              41.0     USD 900
      Ben Baker    1     0   100.0 %              10.0      USD 55

    Won by quarter
      Quarter  Won   Amount
      ─────────────────────
      2025-Q1    2  USD 955

    Won by group
      Group  Subsidiaries  Won itself  Won with them
      ──────────────────────────────────────────────
      Hill              1      USD 55        USD 955
      Accounts that others belong to, by \`subsidiary_of\`, rolled up over the hierarchy of accounts.

    The pipeline as it stood
      End of      Open  Open amount  Won so far  Won amount
      ─────────────────────────────────────────────────────
      2025-03-31     3    USD 2,050           2     USD 955
      Read from history, as of the end of each day: what was known then, not what became of it.

    Predicted
      Quarter  At least, 9 of 10 times  In the middle  At most, 9 of 10 times  Won
      ────────────────────────────────────────────────────────────────────────────
      2025-Q3                    USD 0        USD 720               USD 1,328    –
      Each as of the day before the quarter, by \`@relata/forecasting\`: from what was known then.

    Stalest open opportunities
      Opportunity            Account  Owner      Stage        Days in stage     Amount
      ────────────────────────────────────────────────────────────────────────────────
      O4 Beta                –        Ben Baker  Engaging                86     USD 50
      O5 Alpha Pro for Lake  Lake     Cy Cole    Engaging                31  USD 1,000
      O6 Beta                –        Cy Cole    Prospecting              0     USD 50
      Measured to 2025-04-01, the last day in the data. 0 of 3 open ones have been in their stage longer than it allows."
  `);
});

it("tells what was not clean, and what was done", () => {
  const page = renderFindings([
    { count: 1480, what: 'sales_pipeline.csv: product "GTXPro"', done: 'read as "GTX Pro"' },
    { count: 1, what: 'accounts.csv: office_location "Philipines"', done: 'spelt "Philippines"' },
  ]);
  expect(page.split("\n")).toEqual([
    "What was not clean in the input",
    '  1,480  sales_pipeline.csv: product "GTXPro"',
    '         read as "GTX Pro"',
    '      1  accounts.csv: office_location "Philipines"',
    '         spelt "Philippines"',
  ]);
});

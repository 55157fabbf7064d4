/** The real set that data/README.md of the project's shared folder describes; figures worked out from the CSV with Python. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { memory } from "@relata/memory";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCrm } from "./crm.ts";
import { addDays, endOf } from "./day.ts";
import { importSalesData } from "./import/import-sales-data.ts";
import { readBoard } from "./report/board.ts";
import { readPipelineThen } from "./report/pipeline-then.ts";
import { readStalest } from "./report/stalest.ts";
import { readWinRates } from "./report/win-rates.ts";
import { readWonByGroup } from "./report/won-by-group.ts";
import { readWonByQuarter } from "./report/won-by-quarter.ts";
import { clean } from "./source/clean.ts";
import { readSource } from "./source/read-source.ts";
import { temporaryFolder } from "./source/source-fixture.ts";

const folder = fileURLToPath(new URL("../../../../shared/data/crm-sales-opportunities", import.meta.url));
const present = existsSync(folder);
const usd = (amount: string) => [{ amount, currency: "USD" }];

const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: join(await temporaryFolder(), "crm.db") })],
] as const;

describe.skipIf(!present).each(storages)(
  `the real data set crm-sales-opportunities on %s${present ? "" : ` (skipped: there is no ${folder})`}`,
  (_, makeStorage) => {
    it("comes in whole, with its known totals, and once", { timeout: 60_000 }, async () => {
      const crm = await openCrm({ storage: await makeStorage() });
      onTestFinished(() => crm.close());
      const data = clean(await readSource(folder), "2025-12-31");
      const first = await importSalesData(crm, data);
      expect(first.tallies.opportunities).toEqual({ created: 8800, changed: 0, unchanged: 0 });
      expect(first.tallies.users.created).toBe(41);
      expect(first.tallies.accounts.created).toBe(85);
      expect(first.tallies.products.created).toBe(7);
      expect(first.moved).toBe(6711);

      const board = await readBoard(crm, "sales");
      expect(board.map(({ stage, count, amount }) => [stage.key, count, amount])).toEqual([
        ["prospecting", 500, usd("1073986.00")],
        ["engaging", 1589, usd("3892229.00")],
        ["won", 4238, usd("10005534.00")],
        ["lost", 2473, usd("5946468.00")],
      ]);

      const { all, byOwner, byManager } = await readWinRates(crm);
      expect(all.won + all.lost).toBe(6711);
      expect(all.won).toBe(4238);
      expect(Number(all.meanDaysToWin)).toBeCloseTo(51.782, 4);
      expect(byManager.map(({ name, won, lost, wonAmount }) => [name, won, lost, wonAmount[0]?.amount])).toEqual([
        ["Melvin Marxen", 882, 536, "2251930.00"],
        ["Summer Sewald", 828, 459, "1964750.00"],
        ["Rocco Neubert", 691, 422, "1960545.00"],
        ["Celia Rouche", 610, 352, "1603897.00"],
        ["Cara Losch", 480, 265, "1130049.00"],
        ["Dustin Brinkmann", 747, 439, "1094363.00"],
      ]);
      expect(byOwner).toHaveLength(30);
      expect(byOwner[0]).toMatchObject({ name: "Darcel Schlecht", won: 349, lost: 204, wonAmount: usd("1153214.00") });
      expect(Number(byOwner[0]?.meanDaysToWin)).toBeCloseTo(49.4269, 4);

      expect(await readWonByQuarter(crm)).toEqual([
        { quarter: "2017-Q1", won: 531, amount: usd("1134672.00") },
        { quarter: "2017-Q2", won: 1254, amount: usd("3086111.00") },
        { quarter: "2017-Q3", won: 1257, amount: usd("2982255.00") },
        { quarter: "2017-Q4", won: 1196, amount: usd("2802496.00") },
      ]);

      const groups = await readWonByGroup(crm);
      expect(groups.map(({ subsidiaries }) => subsidiaries).reduce((all, each) => all + each, 0)).toBe(15);
      expect(groups[0]).toEqual({
        name: "Acme Corporation",
        subsidiaries: 4,
        own: usd("101744.00"),
        total: usd("519349.00"),
      });

      const { rows, open } = await readStalest(crm, data.lastDay);
      expect(open).toBe(2089);
      expect(rows[0]).toEqual({
        name: "HAXMC4IX MG Advanced",
        account: "–",
        owner: "James Ascencio",
        stage: "Engaging",
        daysInStage: 423,
        amount: "USD 3,393",
      });

      const second = await importSalesData(crm, data);
      expect(second.tallies.opportunities).toEqual({ created: 0, changed: 0, unchanged: 8800 });
      expect(second.moved).toBe(0);
      expect(await crm.opportunities.count({ where: { version: { gt: 3 } } })).toBe(0);
    });

    it("tells on every day of 2017 what was open then", { timeout: 60_000 }, async () => {
      const crm = await openCrm({ storage: await makeStorage() });
      onTestFinished(() => crm.close());
      const data = clean(await readSource(folder), "2025-12-31");
      await importSalesData(crm, data);
      const engaged = data.opportunities.filter(({ stage }) => stage !== "prospecting");
      let day = "2017-01-01";
      for (; day <= "2017-12-30"; day = addDays(day, 1)) {
        const open = engaged.filter(
          ({ createdOn, closedOn }) => createdOn <= day && (closedOn === null || closedOn > day),
        ).length;
        expect(`${day} ${await crm.asOf(endOf(day)).opportunities.count({ where: { status: "open" } })}`).toBe(
          `${day} ${open}`,
        );
      }
      const [middle] = await readPipelineThen(crm, ["2017-06-30"]);
      expect(middle).toEqual({
        day: "2017-06-30",
        open: { count: 1686, amount: usd("4216807.00") },
        won: { count: 1785, amount: usd("4220783.00") },
      });
      await importSalesData(crm, data);
      expect(await readPipelineThen(crm, ["2017-06-30"])).toEqual([middle]);
    });

    it("is cleaned where it is not clean", async () => {
      const { findings } = clean(await readSource(folder), "2025-12-31");
      expect(findings.map(({ count, what }) => `${count} ${what}`)).toEqual([
        "1 contacts.csv: not in the folder",
        "1 activities.csv: not in the folder",
        '12 accounts.csv: sector "technolgy"',
        '1 accounts.csv: office_location "Philipines"',
        '1480 sales_pipeline.csv: product "GTXPro"',
        "1088 sales_pipeline.csv: Engaging without an account",
        "2473 sales_pipeline.csv: Lost with the close value 0",
        "500 sales_pipeline.csv: Prospecting without an engage date",
        "337 sales_pipeline.csv: Prospecting without an account",
      ]);
    });
  },
);

import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CrmError } from "@relata/core";
import { describe, expect, it } from "vitest";
import { clean } from "./clean.ts";
import { readSource } from "./read-source.ts";
import { edited, type FixtureFiles, goodFiles, temporaryFolder, writeFixture } from "./source-fixture.ts";

async function errorOf(folder: string): Promise<CrmError> {
  const error = await readSource(folder)
    .then(
      (source) => {
        clean(source, "2025-12-31");
      },
      (thrown: unknown) => thrown,
    )
    .catch((thrown: unknown) => thrown);
  if (!CrmError.is(error)) throw new Error(`not a CrmError: ${String(error)}`);
  return error;
}

const errorWith = async (changes: FixtureFiles) => errorOf(await writeFixture(changes));

describe("a good source", () => {
  it("is read with types, and each row with the line it begins on", async () => {
    const { pipeline, accounts } = await readSource(await writeFixture());
    expect(pipeline.rows[0]).toEqual({
      line: 2,
      opportunity_id: "O1",
      sales_agent: "Ann Adler",
      product: "Alpha Pro",
      account: "Lake",
      deal_stage: "Won",
      engage_date: "2025-01-10",
      close_date: "2025-02-20",
      close_value: "900",
    });
    expect(pipeline.rows[5]).toMatchObject({ line: 7, engage_date: null, account: null });
    expect(accounts.rows[0]).toMatchObject({
      year_established: 1999,
      employees: 120,
      revenue: "1.5",
      subsidiary_of: null,
    });
  });

  it("may have a byte order mark, Windows line ends, blank lines, quoted cells and columns in another order", async () => {
    const products =
      '\uFEFFsales_price,product,series\r\n\r\n1000,"Alpha Pro",Alpha\r\n"50",Beta,"Be\nta"\r\n55,"Del""ta",\r\n';
    const { products: table } = await readSource(await writeFixture({ "products.csv": products }));
    expect(table.rows).toEqual([
      { line: 3, product: "Alpha Pro", series: "Alpha", sales_price: "1000" },
      { line: 4, product: "Beta", series: "Be\nta", sales_price: "50" },
      { line: 6, product: 'Del"ta', series: null, sales_price: "55" },
    ]);
  });

  it("may lack the contacts and the activities", async () => {
    const source = await readSource(await writeFixture({ "contacts.csv": null, "activities.csv": null }));
    expect(source.contacts).toEqual({ rows: [], present: false, trimmed: 0, unread: [] });
    expect(source.activities.present).toBe(false);
  });

  it("is read the same in composed and decomposed Unicode", async () => {
    const changes = edited("sales_teams.csv", "Ann Adler", "Zoe\u0308 Adler");
    const { teams } = await readSource(await writeFixture(changes));
    expect(teams.rows[0]?.sales_agent).toBe("Zo\u00eb Adler");
  });
});

describe("a source that is not there", () => {
  it("is csv_missing for the folder", async () => {
    const folder = join(await temporaryFolder(), "none");
    const error = await errorOf(folder);
    expect(error.code).toBe("csv_missing");
    expect(error.message).toBe(`There is no folder ${folder}.`);
  });

  it("is csv_missing where the folder is a file", async () => {
    const file = join(await writeFixture(), "accounts.csv");
    const error = await errorOf(file);
    expect(error.code).toBe("csv_missing");
    expect(error.message).toBe(`${file} is a file: name the folder that holds the CSV files.`);
  });

  it.each(["sales_teams.csv", "accounts.csv", "products.csv", "sales_pipeline.csv"] as const)(
    "is csv_missing for %s",
    async (file) => {
      const folder = await writeFixture({ [file]: null });
      const error = await errorOf(folder);
      expect(error.code).toBe("csv_missing");
      expect(error.details.file).toBe(file);
      expect(error.message).toBe(`${file} is missing: there is no ${join(folder, file)}.`);
    },
  );

  it("is csv_unreadable where a file is a folder", async () => {
    const folder = await writeFixture({ "products.csv": null });
    await mkdir(join(folder, "products.csv"));
    const error = await errorOf(folder);
    expect(error.code).toBe("csv_unreadable");
    expect(error.details.file).toBe("products.csv");
  });

  it.skipIf(process.getuid?.() === 0)(
    "is csv_unreadable where a file may not be read (not as root, who may)",
    async () => {
      const folder = await writeFixture();
      await chmod(join(folder, "products.csv"), 0o000);
      expect((await errorOf(folder)).code).toBe("csv_unreadable");
    },
  );
});

describe("a file that is broken", () => {
  it.each([
    ["an empty file", { "products.csv": "" }, {}, "products.csv: the file is empty."],
    ["blank lines only", { "products.csv": "\n\n" }, {}, "products.csv: the file is empty."],
    [
      "a header alone",
      { "products.csv": "product,series,sales_price\n" },
      {},
      "products.csv: there is no row below the header.",
    ],
    [
      "bytes that are not UTF-8",
      { "products.csv": new Uint8Array([0x70, 0xff]) },
      {},
      "products.csv: the file is not UTF-8 text.",
    ],
    [
      "a needed column that is missing",
      edited("sales_pipeline.csv", "deal_stage", "phase"),
      { line: 1, column: "deal_stage" },
      "sales_pipeline.csv, line 1, deal_stage: this needed column is missing.",
    ],
    [
      "a column twice",
      edited("products.csv", "series", "product"),
      { line: 1, column: "series" },
      "products.csv, line 1, series: this needed column is missing.",
    ],
    [
      "a quote that is never closed",
      edited("sales_pipeline.csv", "O3,Ben Baker", 'O3,"Ben Baker'),
      { line: 4 },
      "sales_pipeline.csv, line 4: broken quotes: one is opened and never closed.",
    ],
    [
      "text behind a closing quote",
      edited("sales_pipeline.csv", "Ben Baker", '"Ben" Baker'),
      { line: 4 },
      "sales_pipeline.csv, line 4: broken quotes: text follows a closing one.",
    ],
    [
      "a quote within a cell",
      edited("sales_pipeline.csv", "Ben Baker", 'Ben "B" Baker'),
      { line: 4 },
      "sales_pipeline.csv, line 4: broken quotes: one stands within a cell that is not quoted.",
    ],
    [
      "a row that is too short",
      edited("sales_pipeline.csv", "O4,Ben Baker,Beta,,Engaging,2025-01-05,,", "O4,Ben Baker,Beta,,Engaging"),
      { line: 5 },
      "sales_pipeline.csv, line 5: 5 cells where the header has 8.",
    ],
    [
      "a row that is too long",
      edited("products.csv", "Beta,Beta,50", "Beta,Beta,50,"),
      { line: 3 },
      "products.csv, line 3: 4 cells where the header has 3.",
    ],
  ] satisfies [string, FixtureFiles, object, string][])(
    "is csv_invalid: %s",
    async (...[, changes, place, message]) => {
      const error = await errorWith(changes);
      expect(error.code).toBe("csv_invalid");
      expect(error.details).toMatchObject({ file: Object.keys(changes)[0], ...place });
      expect(error.message).toContain(message);
    },
  );
});

describe("a row that cannot be right", () => {
  const pipeline = "sales_pipeline.csv";
  it.each([
    [
      "a day that is in no calendar",
      edited(pipeline, "2025-02-01", "2017-02-30"),
      { file: pipeline, line: 4, column: "engage_date" },
      '"2017-02-30" is not a day of the calendar written YYYY-MM-DD',
    ],
    [
      "a day in another notation",
      edited(pipeline, "2025-02-11", "11.02.2025"),
      { file: pipeline, line: 4, column: "close_date" },
      '"11.02.2025" is not a day of the calendar written YYYY-MM-DD',
    ],
    [
      "an amount that is no number",
      edited(pipeline, ",55", ",fifty"),
      { file: pipeline, line: 4, column: "close_value" },
      '"fifty" is not an amount: digits, and at most two after a point',
    ],
    [
      "a negative amount",
      edited("products.csv", "1000", "-1000"),
      { file: "products.csv", line: 2, column: "sales_price" },
      '"-1000" is not an amount: digits, and at most two after a point',
    ],
    [
      "a year that is no number",
      edited("accounts.csv", "1999", "1999a"),
      { file: "accounts.csv", line: 2, column: "year_established" },
      '"1999a" is not a whole number',
    ],
    [
      "a revenue in words",
      edited("accounts.csv", "1.5", "much"),
      { file: "accounts.csv", line: 2, column: "revenue" },
      '"much" is not an amount in millions',
    ],
    [
      "an unknown stage",
      edited(pipeline, "Lost", "Gone"),
      { file: pipeline, line: 3, column: "deal_stage" },
      '"Gone" is not a stage: Prospecting, Engaging, Won, Lost',
    ],
    [
      "a row without an id",
      edited(pipeline, "O3,", ","),
      { file: pipeline, line: 4, column: "opportunity_id" },
      "is empty",
    ],
    [
      "an id that is there twice",
      edited(pipeline, "O3,", "O1,"),
      { file: pipeline, line: 4, column: "opportunity_id" },
      '"O1" is on line 2 already',
    ],
    [
      "an account that is there twice",
      edited("accounts.csv", "Lake,", "Hill,"),
      { file: "accounts.csv", line: 3, column: "account" },
      '"Hill" is on line 2 already',
    ],
    [
      "a won row without its value",
      edited(pipeline, ",55", ","),
      { file: pipeline, line: 4, column: "close_value" },
      'is empty, in a row "Won"',
    ],
    [
      "a closed row without its day",
      edited(pipeline, "2025-04-01", ""),
      { file: pipeline, line: 3, column: "close_date" },
      'is empty, in a row "Lost"',
    ],
    [
      "an engaged row without its day",
      edited(pipeline, "2025-01-05", ""),
      { file: pipeline, line: 5, column: "engage_date" },
      'is empty, in a row "Engaging"',
    ],
    [
      "an open row with a day of closing",
      edited(pipeline, "2025-03-01,", "2025-03-01,2025-03-02"),
      { file: pipeline, line: 6, column: "close_date" },
      '"2025-03-02" is given, in a row "Engaging"',
    ],
    [
      "a row that closes before it begins",
      edited(pipeline, "2025-02-11", "2025-01-31"),
      { file: pipeline, line: 4, column: "close_date" },
      '"2025-01-31" is before the engage_date, 2025-02-01',
    ],
    [
      "a day that is yet to come",
      edited(pipeline, "2025-02-11", "2026-01-01"),
      { file: pipeline, line: 4, column: "close_date" },
      '"2026-01-01" is yet to come: today is 2025-12-31',
    ],
    [
      "an unknown sales agent",
      edited(pipeline, "Ben Baker", "Ken Baker"),
      { file: pipeline, line: 4, column: "sales_agent" },
      '"Ken Baker" is no sales agent of sales_teams.csv',
    ],
    [
      "an unknown product",
      edited(pipeline, "AlphaPro", "Gamma"),
      { file: pipeline, line: 3, column: "product" },
      '"Gamma" is no product of products.csv',
    ],
    [
      "an unknown account",
      edited(pipeline, "Lake", "Loch"),
      { file: pipeline, line: 2, column: "account" },
      '"Loch" is no account of accounts.csv',
    ],
    [
      "an unknown parent",
      edited("accounts.csv", "United States,Hill", "United States,Mountain"),
      { file: "accounts.csv", line: 3, column: "subsidiary_of" },
      '"Mountain" is no account of accounts.csv',
    ],
    [
      "accounts that belong to one another",
      edited("accounts.csv", "Philipines,", "Philipines,Lake"),
      { file: "accounts.csv", line: 2, column: "subsidiary_of" },
      '"Hill" is its own subsidiary, directly or through others',
    ],
    [
      "someone who is their own manager",
      edited("sales_teams.csv", "Ann Adler,Mia Moss", "Ann Adler,Ann Adler"),
      { file: "sales_teams.csv", line: 2, column: "manager" },
      '"Ann Adler" is their own manager, directly or through others',
    ],
    [
      "an activity of an unknown opportunity",
      edited("activities.csv", "O5", "O7"),
      { file: "activities.csv", line: 3, column: "opportunity_id" },
      '"O7" is no opportunity of sales_pipeline.csv',
    ],
    [
      "an activity with an unknown contact",
      edited("activities.csv", "C2", "C9"),
      { file: "activities.csv", line: 2, column: "contact_id" },
      '"C9" is no contact of contacts.csv',
    ],
    [
      "an unknown kind of activity",
      edited("activities.csv", "task,", "lunch,"),
      { file: "activities.csv", line: 3, column: "activity_type" },
      '"lunch" is not an activity: call, email, meeting, task, note',
    ],
  ] as const)("is csv_invalid: %s", async (...[, changes, place, message]) => {
    const error = await errorWith(changes);
    expect(error.code).toBe("csv_invalid");
    expect(error.details.problems).toEqual([{ ...place, message }]);
    expect(error.message).toBe(`${place.file}, line ${place.line}, ${place.column}: ${message}. Nothing was imported.`);
  });

  it("is told with the problems of every file, ten of them in the message", async () => {
    const rows = Array.from({ length: 12 }, (_, index) => `P${index},Series,cheap`).join("\n");
    const error = await errorWith({
      "products.csv": `product,series,sales_price\n${rows}\n`,
      "accounts.csv": goodFiles["accounts.csv"].replace("1999", "old"),
    });
    expect(error.details.problems).toHaveLength(13);
    expect(error.message.split("\n")).toHaveLength(12);
    expect(error.message).toMatch(
      /^The source files have 13 problems; nothing was imported\.\n {2}accounts\.csv, line 2, /,
    );
    expect(error.message).toMatch(/\n {2}and 3 more\.$/);
  });
});

it("reads again what was mended", async () => {
  const folder = await writeFixture({ "products.csv": "" });
  expect((await errorOf(folder)).code).toBe("csv_invalid");
  await rm(join(folder, "products.csv"));
  await writeFile(join(folder, "products.csv"), goodFiles["products.csv"]);
  expect((await readSource(folder)).products.rows).toHaveLength(2);
});

import { execFile } from "node:child_process";
import { chmod, copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { edited, temporaryFolder, writeFixture } from "./source/source-fixture.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const flags = ["--experimental-strip-types", "--disable-warning=ExperimentalWarning", "--conditions=@relata/source"];

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user in `folder` does. */
function run(folder: string, args: readonly string[]): Promise<Outcome> {
  const env = { ...process.env, INIT_CWD: folder, NO_COLOR: "1" };
  return new Promise((done) => {
    execFile(process.execPath, [...flags, main, ...args], { env, cwd: folder }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, stdout, stderr });
    });
  });
}

describe("the command", { timeout: 60_000 }, () => {
  it("imports into crm.db where the user is, reports, and changes nothing the second time", async () => {
    const folder = await temporaryFolder();
    const source = await writeFixture();
    const first = await run(folder, ["--from", source]);
    expect(first.stderr).toContain("2025-04  11 of 11 writes");
    expect(first.code).toBe(0);
    expect(await readdir(folder)).toContain("crm.db");
    for (const title of [
      "Imported",
      "Pipeline",
      "Win rate by manager",
      "Win rate by owner",
      "Won by quarter",
      "Won by group",
    ]) {
      expect(first.stdout).toContain(`\n${title}\n`);
    }
    const second = await run(folder, ["--from", source]);
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(second.stdout).toContain("Nothing new: all of it was in the CRM already.");
    const reportOf = ({ stdout }: Outcome) => stdout.slice(stdout.indexOf("\nPipeline\n"));
    expect(reportOf(second)).toBe(reportOf(first));
  });

  it("generates a team, apart from what is imported with --from", async () => {
    const folder = await temporaryFolder();
    await run(folder, ["--from", await writeFixture()]);
    const { code, stdout } = await run(folder, []);
    expect(code).toBe(0);
    expect(stdout).toContain("Importing 1,500 opportunities");
    expect(stdout).not.toContain("Ann Adler");
  });

  it("shows its usage", async () => {
    const { code, stdout } = await run(await temporaryFolder(), ["--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("npm run demo -- --from DIR");
  });
});

describe("a failure is one message, exit code 1, no stack", { timeout: 60_000 }, () => {
  const expectFailure = ({ code, stderr }: Outcome, message: string | RegExp) => {
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  };

  it("for a source that is wrong; the database is not made", async () => {
    const folder = await temporaryFolder();
    const source = await writeFixture(edited("sales_pipeline.csv", "2025-02-01", "2017-02-30"));
    const outcome = await run(folder, ["--from", source]);
    expectFailure(outcome, /^sales_pipeline\.csv, line 4, engage_date: "2017-02-30" is not a day/);
    expect(await readdir(folder)).toEqual([]);
  });

  it("for a source that is wrong; the database stays as it is", async () => {
    const folder = await temporaryFolder();
    await run(folder, ["--from", await writeFixture()]);
    const before = await readFile(join(folder, "crm.db"));
    expectFailure(await run(folder, ["--from", "none"]), /^There is no folder .*none\.\n$/);
    expect((await readFile(join(folder, "crm.db"))).equals(before)).toBe(true);
  });

  it("for a database in a folder that does not exist", async () => {
    const folder = await temporaryFolder();
    const outcome = await run(folder, ["--from", await writeFixture(), "--db", "none/crm.db"]);
    expectFailure(outcome, /none\/crm\.db/);
    expect(await readdir(folder)).toEqual([]);
  });

  it("for a file that is no database", async () => {
    const folder = await temporaryFolder();
    await writeFile(
      join(folder, "notes.txt"),
      "These are notes, and they are longer than the head of a database. ".repeat(20),
    );
    const before = await readFile(join(folder, "notes.txt"));
    expectFailure(await run(folder, ["--from", await writeFixture(), "--db", "notes.txt"]), /notes\.txt/);
    expect((await readFile(join(folder, "notes.txt"))).equals(before)).toBe(true);
  });

  it("for a folder in place of the database", async () => {
    const folder = await temporaryFolder();
    expectFailure(await run(folder, ["--from", await writeFixture(), "--db", "."]), /\S/);
  });

  it.skipIf(process.getuid?.() === 0)("for a database that is read-only (not as root, who may write)", async () => {
    const folder = await temporaryFolder();
    await run(folder, ["--from", await writeFixture()]);
    await copyFile(join(folder, "crm.db"), join(folder, "copy.db"));
    await chmod(join(folder, "copy.db"), 0o444);
    const source = await writeFixture(edited("sales_pipeline.csv", ",55", ",56"));
    expectFailure(await run(folder, ["--from", source, "--db", "copy.db"]), /copy\.db/);
  });

  it("for an unknown option", async () => {
    expectFailure(await run(await temporaryFolder(), ["--form", "x"]), /^Unknown option '--form'/);
  });
});

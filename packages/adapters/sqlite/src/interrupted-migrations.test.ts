/** A process that is killed while it upgrades a database: the next one ends what it began, once. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "./fixtures/open-sales.ts";
import { fillParts } from "./fixtures/upgrade.ts";

/** So many kills, spread over all statements of an upgrade. */
const KILLS = 8;

async function upgrade(filename: string, killedAt?: number): Promise<number | "killed"> {
  const args = [filename, ...(killedAt === undefined ? [] : [String(killedAt)])];
  const child = fork(new URL("./fixtures/upgrading-process.ts", import.meta.url), args, {
    execArgv: ["--conditions=@relata/source"],
  });
  let statements: number | undefined;
  child.on("message", (count: number) => {
    statements = count;
  });
  const [code, signal] = await once(child, "close");
  if (signal === "SIGKILL") return "killed";
  if (statements === undefined) throw new Error(`The process ended with ${code}.`);
  return statements;
}

/** Every definition and every row, as text. */
function contents(filename: string): readonly string[] {
  const database = new DatabaseSync(filename);
  try {
    expect(database.prepare("pragma integrity_check").get()).toEqual({ integrity_check: "ok" });
    expect(database.prepare("pragma foreign_key_check").all()).toEqual([]);
    const objects = database.prepare("select type, name, tbl_name, sql from sqlite_schema order by type, name").all();
    const tables = objects.filter(({ type, name }) => type === "table" && !String(name).startsWith("sqlite_"));
    const rows = tables.flatMap(({ name }) =>
      database
        .prepare(`select * from "${name}"`)
        .all()
        .map((row) => `${name} ${JSON.stringify(row)}`)
        .sort(),
    );
    return [...objects.map((object) => JSON.stringify(object)), ...rows];
  } finally {
    database.close();
  }
}

describe("an upgrade", () => {
  it("is ended by the next process, as if it had not been killed, wherever it was", async () => {
    const folder = temporaryFolder();
    const filled = join(folder, "filled.db");
    await fillParts(filled);
    expect(existsSync(`${filled}-wal`)).toBe(false);
    const copy = (name: string) => {
      const filename = join(folder, `${name}.db`);
      copyFileSync(filled, filename);
      return filename;
    };
    const undisturbed = copy("undisturbed");
    const statements = (await upgrade(undisturbed)) as number;
    const expected = contents(undisturbed);
    expect(expected.filter((line) => line.startsWith("piece ")).map((line) => JSON.parse(line.slice(6)))).toMatchObject(
      [
        { id: "1", version: 2, name: "T1", size: 1, within_id: null, code: "T11" },
        { id: "2", version: 2, name: "T2", size: 2, within_id: "1", code: "T22" },
        { id: "3", version: 2, name: "T3", size: 3, within_id: "1", code: "T33" },
      ],
    );

    for (let kill = 1; kill <= KILLS; kill++) {
      const filename = copy(`killed-${kill}`);
      const at = Math.round((kill * statements) / (KILLS + 1));
      expect(await upgrade(filename, at)).toBe("killed");
      await upgrade(filename);
      expect(contents(filename)).toEqual(expected);
    }
  }, 120_000);

  it("is done once by three processes that start together", async () => {
    const folder = temporaryFolder();
    const [alone, together] = [join(folder, "alone.db"), join(folder, "together.db")];
    for (const filename of [alone, together]) await fillParts(filename);
    await upgrade(alone);
    await Promise.all([1, 2, 3].map(() => upgrade(together)));
    expect(contents(together)).toEqual(contents(alone));
  }, 60_000);
});

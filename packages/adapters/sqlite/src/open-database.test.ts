import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { drivers, first } from "./fixtures/drivers.ts";
import { failure, ids, openSales, openStorage, temporaryFile, temporaryFolder } from "./fixtures/open-sales.ts";
import { insert } from "./fixtures/rows.ts";
import { sales } from "./fixtures/sales-schema.ts";
import { openWriter } from "./open-database.ts";

/** Marks a path as one that cannot be written; tells whether this machine lets us. */
function makeReadOnly(path: string): boolean {
  if (process.getuid?.() !== 0) {
    chmodSync(path, statSync(path).isDirectory() ? 0o555 : 0o444);
    onTestFinished(() => chmodSync(path, 0o755));
    return true;
  }
  // Permission bits do not stop root; the immutable flag does, where the file system has one.
  try {
    execFileSync("chattr", ["+i", path], { stdio: "ignore" });
    onTestFinished(() => void execFileSync("chattr", ["-i", path]));
    return true;
  } catch {
    return false;
  }
}

describe.each(drivers)("$name", ({ driver, options, open }) => {
  const opening = (filename: string) => failure(openStorage({ filename, ...options }));

  async function filled(rows = 500): Promise<string> {
    const filename = temporaryFile();
    const storage = await openSales(filename, undefined, options);
    const deals = Array.from({ length: rows }, (_, index) => ({ id: `d${index}`, title: "x".repeat(200) }));
    await storage.write("t", [insert("deals", deals)]);
    await storage.close();
    return filename;
  }

  describe("opening", () => {
    it("creates a file that does not exist, and finds what is in one that does", async () => {
      const filename = temporaryFile();
      const first = await openSales(filename, undefined, options);
      await first.write("t", [insert("deals", [{ id: "d1", title: "a" }])]);
      await first.close();
      const second = await openSales(filename, undefined, options);
      expect(await ids(second, "deals")).toEqual(["d1"]);
    });

    it("names the folder that is missing, and does not create it", async () => {
      const folder = join(temporaryFolder(), "missing");
      const error = await opening(join(folder, "crm.db"));
      expect(error.code).toBe("storage_unavailable");
      expect(error.message).toContain(`The folder "${folder}" does not exist`);
      expect(existsSync(folder)).toBe(false);
    });

    it("refuses a folder", async () => {
      const folder = temporaryFolder();
      const error = await opening(folder);
      expect(error.code).toBe("storage_unavailable");
      expect(error.message).toBe(`"${folder}" is a folder. Name a file in it.`);
    });

    it("refuses a filename that is empty", async () => {
      expect((await opening("")).code).toBe("storage_unavailable");
    });

    it("takes a name that looks like a URL for a path", async () => {
      const error = await opening("file:missing/crm.db?mode=memory");
      expect(error.message).toContain(join(process.cwd(), "file:missing"));
    });

    it("refuses a file that is not a database, and leaves it as it is", async () => {
      for (const text of ["id,name\n1,Acme\n".repeat(1000), "short"]) {
        const filename = temporaryFile();
        writeFileSync(filename, text);
        const error = await opening(filename);
        expect(error.code).toBe("storage_corrupt");
        expect(error.message).toContain(filename);
        expect(readFileSync(filename, "utf8")).toBe(text);
      }
    });

    it("refuses a database that was cut off", async () => {
      const filename = await filled();
      truncateSync(filename, statSync(filename).size - 3 * 4096);
      const error = await opening(filename);
      expect(error.code).toBe("storage_corrupt");
      expect(error.message).toContain(filename);
    });

    it("says so when a damaged page is read", async () => {
      const filename = await filled();
      const bytes = readFileSync(filename);
      bytes.fill(0xff, 4096 * 3);
      writeFileSync(filename, bytes);
      const storage = await openStorage({ filename, ...options });
      expect((await failure(ids(storage, "deals"))).code).toBe("storage_corrupt");
    });

    it("refuses a file that cannot be written", async (context) => {
      const filename = await filled(1);
      if (!makeReadOnly(filename)) return context.skip("this file system lets root write everything");
      const error = await opening(filename);
      expect(error.code).toBe("storage_unavailable");
      expect(error.message).toContain(`"${filename}" cannot be written`);
    });

    it("refuses a folder that cannot be written, where there is no room for the write-ahead log", async (context) => {
      const filename = await filled(1);
      if (!makeReadOnly(dirname(filename))) return context.skip("this file system lets root write everything");
      const error = await opening(filename);
      expect(error.code).toBe("storage_unavailable");
      expect(error.message).toContain(`"${dirname(filename)}" cannot be written`);
    });

    it("says so when the write-ahead log or its index cannot be made", async () => {
      for (const suffix of ["-wal", "-shm"]) {
        const filename = await filled(1);
        mkdirSync(`${filename}${suffix}`);
        const error = await opening(filename);
        expect(error.code).toBe("storage_unavailable");
        expect(error.message).toContain(filename);
      }
    });

    it("opens a file although another connection is writing to it", async () => {
      const filename = await filled(1);
      const other = open(filename);
      onTestFinished(() => void other.close());
      other.exec("begin immediate");
      expect(await ids(await openStorage({ filename, ...options }), "deals")).toEqual(["d0"]);
    });
  });

  describe("an open file", () => {
    it.each([
      ["full", 2],
      ["normal", 1],
    ] as const)("is synchronised %s, checks references and has a longer log", async (synchronous, level) => {
      const location = temporaryFile();
      const connection = await openWriter({
        driver,
        location,
        synchronous,
        waitTimeoutMs: 100,
        context: { database: location, schema: sales },
      });
      onTestFinished(() => connection.close());
      const setting = (name: string) => connection.all(`pragma ${name}`)[0]?.[0];
      expect(["synchronous", "foreign_keys", "wal_autocheckpoint"].map(setting)).toEqual([level, 1, 4000]);
    });

    it("has a write-ahead log", async () => {
      const filename = await filled(1);
      const other = open(filename);
      onTestFinished(() => void other.close());
      expect(first(other, "pragma journal_mode")).toEqual({ journal_mode: "wal" });
    });

    it("leaves one file behind when it is closed", async () => {
      const filename = await filled();
      expect([filename, `${filename}-wal`, `${filename}-shm`].map((path) => existsSync(path))).toEqual([
        true,
        false,
        false,
      ]);
    });
  });
});

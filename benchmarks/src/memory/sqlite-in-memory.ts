/** SQLite databases in memory that begin as copies of a file, by better-sqlite3: Relata's adapter on one, and the driver alone. */
import { readFileSync } from "node:fs";
import { sqlite } from "@relata/sqlite";
import BetterSqlite3 from "better-sqlite3";
import type { Contestant } from "../sales/contestant.ts";
import { openCrm, relataOn } from "../sales/relata.ts";
import { betterDatabase } from "../sqlite/open-database.ts";
import { rawOn } from "../sqlite/raw.ts";

export interface InMemory {
  readonly contestant: Contestant;
  readonly database: BetterSqlite3.Database;
}

export function rawInMemory(filename: string, clock: () => number): InMemory {
  const database = new BetterSqlite3(bytesOf(filename));
  database.exec("pragma foreign_keys = on");
  return { database, contestant: rawOn(betterDatabase(database), clock) };
}

export async function relataOnSqlite(filename: string, clock: () => number): Promise<InMemory> {
  const opened: BetterSqlite3.Database[] = [];
  class FromFile extends BetterSqlite3 {
    constructor(_filename: string, options?: BetterSqlite3.Options) {
      super(bytesOf(filename), options);
      opened.push(this);
    }
  }
  const storage = sqlite({ filename: ":memory:", driver: FromFile });
  const crm = await openCrm(storage, clock);
  return { database: opened[0]!, contestant: relataOn(crm) };
}

/** With the journal that a database in memory has: the write-ahead log is for files. */
export function bytesOf(filename: string): Buffer {
  const bytes = readFileSync(filename);
  // https://www.sqlite.org/fileformat2.html#file_format_version_numbers
  bytes[18] = 1;
  bytes[19] = 1;
  return bytes;
}

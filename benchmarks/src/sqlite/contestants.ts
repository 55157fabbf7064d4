/** Who takes part, each with a copy of the database. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { Answer, Entrant } from "../measure/measure.ts";
import type { Contestant, Reader } from "../sales/contestant.ts";
import { copyLog } from "./database-file.ts";
import { drizzle } from "./drizzle.ts";
import { kysely } from "./kysely.ts";
import type { ContestantOptions, Driver } from "./open-database.ts";
import { raw } from "./raw.ts";
import { rawArrays } from "./raw-arrays.ts";
import { relata } from "./relata.ts";

type Opens<C> = readonly (readonly [name: string, driver: Driver, open: (options: ContestantOptions) => Answer<C>])[];

/** The first is the one whose answers the others' are compared with. */
const CONTESTANTS: Opens<Contestant> = [
  ["node:sqlite", "node:sqlite", (options) => raw("node:sqlite", options)],
  ["Relata", "node:sqlite", (options) => relata("node:sqlite", options)],
  ["better-sqlite3", "better-sqlite3", (options) => raw("better-sqlite3", options)],
  ["Relata on better-sqlite3", "better-sqlite3", (options) => relata("better-sqlite3", options)],
  ["kysely", "better-sqlite3", kysely],
  ["drizzle", "better-sqlite3", drizzle],
];

const LIBRARIES: readonly string[] = ["kysely", "drizzle"];

/** Those who only read. */
const READERS: Opens<Reader> = [
  ["node:sqlite, arrays", "node:sqlite", (options) => rawArrays("node:sqlite", options)],
  ["better-sqlite3, arrays", "better-sqlite3", (options) => rawArrays("better-sqlite3", options)],
];

export interface FileEntrant<C> extends Entrant<C> {
  /** That of the library which has the file open. */
  readonly driver: Driver;
  readonly filename: string;
}

export interface Entrants {
  readonly all: readonly FileEntrant<Contestant>[];
  readonly readers: readonly FileEntrant<Reader>[];
  close(): Promise<void>;
}

export interface EntrantsOptions {
  /** Each takes part with a copy of it. */
  readonly original: string;
  readonly folder: string;
  readonly clock: () => number;
  /** Relata and the drivers only. */
  readonly few: boolean;
}

export async function openEntrants({ original, folder, clock, few }: EntrantsOptions): Promise<Entrants> {
  const open = async <C>(contestants: Opens<C>): Promise<readonly FileEntrant<C>[]> => {
    const entrants: FileEntrant<C>[] = [];
    for (const [name, driver, start] of contestants) {
      const filename = join(folder, `${name.replaceAll(/\W/g, "-")}.db`);
      copyFileSync(original, filename);
      const contestant = await start({ filename, clock });
      entrants.push({ name, driver, filename, contestant, settle: () => copyLog(driver, filename) });
    }
    return entrants;
  };
  const all = await open(CONTESTANTS.filter(([name]) => !few || !LIBRARIES.includes(name)));
  const readers = await open(few ? [] : READERS);
  return {
    all,
    readers,
    async close() {
      for (const { contestant } of [...all, ...readers]) await contestant.close();
    },
  };
}

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

export const NODE = "node:sqlite";
export const RELATA = "Relata";
export const BETTER = "better-sqlite3";
export const RELATA_ON_BETTER = "Relata on better-sqlite3";
/** Of a driver's name: who reads whole rows where fields are asked for. */
export const wholeRowsOf = (name: string) => `${name}, whole rows`;

/** The first is the one whose answers the others' are compared with. */
const CONTESTANTS: Opens<Contestant> = [
  [NODE, NODE, (options) => raw(NODE, options)],
  [RELATA, NODE, (options) => relata(NODE, options)],
  [BETTER, BETTER, (options) => raw(BETTER, options)],
  [RELATA_ON_BETTER, BETTER, (options) => relata(BETTER, options)],
  ["kysely", BETTER, kysely],
  ["drizzle", BETTER, drizzle],
];

/** Those who only read. */
const READERS: Opens<Reader> = [
  ["node:sqlite, arrays", NODE, (options) => rawArrays(NODE, options)],
  ["better-sqlite3, arrays", BETTER, (options) => rawArrays(BETTER, options)],
];

export interface FileEntrant<C> extends Entrant<C> {
  /** That of the library which has the file open. */
  readonly driver: Driver;
  readonly filename: string;
}

export interface Entrants {
  readonly all: readonly FileEntrant<Contestant>[];
  readonly readers: readonly FileEntrant<Reader>[];
  /** The drivers again, for what is asked of fields. */
  readonly wholeRows: readonly Entrant<Reader>[];
  close(): Promise<void>;
}

export interface EntrantsOptions {
  /** Each takes part with a copy of it. */
  readonly original: string;
  readonly folder: string;
  readonly clock: () => number;
}

export async function openEntrants({ original, folder, clock }: EntrantsOptions): Promise<Entrants> {
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
  const all = await open(CONTESTANTS);
  const readers = await open(READERS);
  const wholeRows = all
    .filter(({ name }) => name === NODE || name === BETTER)
    .map(({ name, contestant }) => ({
      name: wholeRowsOf(name),
      contestant: { ...contestant, listFiveFields: contestant.list },
    }));
  return {
    all,
    readers,
    wholeRows,
    async close() {
      for (const { contestant } of [...all, ...readers]) await contestant.close();
    },
  };
}

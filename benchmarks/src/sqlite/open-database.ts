/** Connections of both drivers with the settings that Relata's adapter gives its own, and what is different about their statements. */
import { DatabaseSync } from "node:sqlite";
import BetterSqlite3 from "better-sqlite3";

export type Driver = "node:sqlite" | "better-sqlite3";

export interface ContestantOptions {
  /** A database of its own, with the same bytes as the others'. */
  readonly filename: string;
  readonly clock: () => number;
}

/** What both drivers' statements have: values are given one by one. */
export interface Statement {
  run(...values: unknown[]): { readonly changes: number | bigint };
  get(...values: unknown[]): unknown;
  all(...values: unknown[]): unknown[];
}

export interface Database {
  /** Rows come as objects. */
  prepare(text: string): Statement;
  /** Rows come as arrays. */
  prepareArrays(text: string): Statement;
  /** Integers come as bigints. */
  prepareBig(text: string): Statement;
  close(): void;
}

export function openDatabase(driver: Driver, filename: string): Database {
  return driver === "node:sqlite" ? openNode(filename) : openBetter(filename);
}

const SETTINGS =
  "pragma journal_mode = wal; pragma synchronous = normal; pragma wal_autocheckpoint = 4000; pragma foreign_keys = on";

function openNode(filename: string): Database {
  const database = new DatabaseSync(filename);
  database.exec(SETTINGS);
  return {
    prepare: (text) => database.prepare(text) as Statement,
    prepareArrays(text) {
      const statement = database.prepare(text);
      statement.setReturnArrays(true);
      return statement as Statement;
    },
    prepareBig(text) {
      const statement = database.prepare(text);
      statement.setReadBigInts(true);
      return statement as Statement;
    },
    close: () => database.close(),
  };
}

function openBetter(filename: string): Database {
  return betterDatabase(openBetterSqlite3(filename));
}

export function betterDatabase(database: BetterSqlite3.Database): Database {
  return {
    prepare: (text) => database.prepare(text),
    prepareArrays: (text) => database.prepare(text).raw(true),
    prepareBig: (text) => database.prepare(text).safeIntegers(true),
    close: () => database.close(),
  };
}

export function openBetterSqlite3(filename: string): BetterSqlite3.Database {
  const database = new BetterSqlite3(filename);
  database.exec(SETTINGS);
  return database;
}

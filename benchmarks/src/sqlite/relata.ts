/** Relata on an SQLite file, by either driver. */
import { sqlite } from "@relata/sqlite";
import BetterSqlite3 from "better-sqlite3";
import type { Contestant } from "../sales/contestant.ts";
import { openCrm, relataOn, type SalesCrm } from "../sales/relata.ts";
import type { ContestantOptions, Driver } from "./open-database.ts";

export async function relata(driver: Driver, { filename, clock }: ContestantOptions): Promise<Contestant> {
  const options = { filename, durability: "relaxed" } as const;
  const storage = driver === "node:sqlite" ? sqlite(options) : sqlite({ ...options, driver: BetterSqlite3 });
  return relataOn(await openCrm(storage, clock));
}

export function openFile(filename: string, clock: () => number): Promise<SalesCrm> {
  return openCrm(sqlite({ filename, durability: "relaxed" }), clock);
}

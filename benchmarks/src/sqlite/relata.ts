/** Relata on an SQLite file. */
import { sqlite } from "@relata/sqlite";
import type { Contestant } from "../sales/contestant.ts";
import { openCrm, relataOn, type SalesCrm } from "../sales/relata.ts";
import type { ContestantOptions } from "./open-database.ts";

export async function relata({ filename, clock }: ContestantOptions): Promise<Contestant> {
  return relataOn(await openFile(filename, clock));
}

export function openFile(filename: string, clock: () => number): Promise<SalesCrm> {
  return openCrm(sqlite({ filename, durability: "relaxed" }), clock);
}

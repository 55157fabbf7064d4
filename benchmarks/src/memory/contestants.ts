/** Who takes part, each with the records of one file. */
import type { Entrant } from "../measure/measure.ts";
import type { Contestant } from "../sales/contestant.ts";
import { openCrm, relataOn } from "../sales/relata.ts";
import { TENANT } from "../sales/rows.ts";
import { fillMemory } from "./fill-memory.ts";
import { keptMemory, rowsOf } from "./kept-memory.ts";
import { mapOf } from "./map.ts";
import { type InMemory, rawInMemory, relataOnSqlite } from "./sqlite-in-memory.ts";

export const RELATA = "Relata";
export const MAP = "Map by hand";
export const RAW = "SQLite";
export const ON_SQLITE = "Relata on SQLite";

/** Those that the workloads write. */
const WRITTEN = [
  "opportunity",
  "opportunity__history",
  "opportunity_stage_entry",
  "opportunity_stage_entry__history",
] as const;

export interface MemoryEntrant extends Entrant<Contestant> {
  rows(): Promise<unknown>;
}

export async function openEntrants(filename: string, clock: () => number): Promise<readonly MemoryEntrant[]> {
  const map = mapOf(filename, clock);
  const raw = rawInMemory(filename, clock);
  const onSqlite = await relataOnSqlite(filename, clock);
  return [
    { name: RAW, contestant: raw.contestant, rows: () => rowsInSqlite(raw) },
    await relataEntrant(filename, clock),
    { name: MAP, contestant: map, rows: async () => WRITTEN.map((table) => sorted(map.rows()[table])) },
    { name: ON_SQLITE, contestant: onSqlite.contestant, rows: () => rowsInSqlite(onSqlite) },
  ];
}

async function relataEntrant(filename: string, clock: () => number): Promise<MemoryEntrant> {
  const kept = keptMemory();
  const crm = await openCrm(kept.adapter, clock);
  await fillMemory(kept, filename);
  const rows = async () => {
    const tables = [];
    for (const table of WRITTEN) tables.push(sorted(await rowsOf(kept.opened(), TENANT, table)));
    return tables;
  };
  return { name: RELATA, contestant: relataOn(crm), rows };
}

async function rowsInSqlite({ database }: InMemory): Promise<unknown> {
  return WRITTEN.map((table) => sorted(database.prepare(`select * from ${table}`).all() as object[]));
}

/** As objects, in the order of their ids and versions. */
function sorted(rows: readonly object[]): readonly object[] {
  const key = (row: object) => {
    const { id, version } = row as { readonly id: string; readonly version: number };
    return `${id} ${String(version).padStart(9, "0")}`;
  };
  return rows.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

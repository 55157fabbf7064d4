/** For peers that make tables of their own: they are filled with the rows that Relata has written, and compared by their columns. */
import type { ContestantOptions } from "../../src/sqlite/open-database.ts";
import { OPPORTUNITY_TYPES, STAGE_ENTRY_TYPES } from "./columns.ts";
import { type Connection, connectTo, type SqliteLibrary } from "./connection.ts";

export interface OwnTablesOptions extends ContestantOptions {
  /** Relata's file; `filename` does not exist yet. */
  readonly original: string;
}

/** A peer's own names of columns, by Relata's, where they differ. */
export type Renamed = Readonly<Record<string, string>>;

const withoutTenant = (types: object) => Object.keys(types).filter((column) => column !== "tenant_id");

/** Every column but the tenant, which these peers do not have, and the folded name, which only Relata reads. */
export const OWN_COLUMNS = {
  opportunity: withoutTenant(OPPORTUNITY_TYPES).filter((column) => column !== "name_folded"),
  opportunity_stage_entry: withoutTenant(STAGE_ENTRY_TYPES),
};

/** What opportunities and stays point at, by the column. */
export const REFERENCES: Readonly<Record<string, string>> = {
  account_id: "account",
  contact_id: "contact",
  pipeline_id: "pipeline",
  stage_id: "stage",
  lost_reason_id: "lost_reason",
  owner_id: "user",
  team_id: "team",
  queue_id: "queue",
  record_id: "opportunity",
};

/** Only the ids are needed of what they point at. */
export const TARGETS = [...new Set(Object.values(REFERENCES))].filter((table) => table !== "opportunity");

/** The peer's tables have the names of Relata's. */
export function copyRows(original: string, to: Connection, renamed: Renamed = {}): void {
  to.query(`attach database '${original}' as original`);
  for (const [table, columns] of [
    ...TARGETS.map((target) => [target, ["id"]] as const),
    ...Object.entries(OWN_COLUMNS),
  ]) {
    const own = columns.map((column) => renamed[column] ?? column);
    to.query(`insert into main."${table}" (${own.join()}) select ${columns.join()} from original."${table}"`);
  }
  to.query("detach database original");
  to.query("analyze");
  to.close();
}

/** All rows, as they were written first. */
export function ownRowsOf(filename: string, library: SqliteLibrary, renamed: Renamed = {}): unknown {
  const connection = connectTo(filename, library);
  try {
    return Object.entries(OWN_COLUMNS).map(([table, columns]) => {
      const selected = columns.map((column) => `${renamed[column] ?? column} as ${column}`);
      return connection.query(`select ${selected.join()} from "${table}" order by version, id`);
    });
  } finally {
    connection.close();
  }
}

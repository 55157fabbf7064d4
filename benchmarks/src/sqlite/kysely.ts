/** Kysely on better-sqlite3, through its own SQLite dialect. */
import { SqliteDialect, sql } from "kysely";
import type { Contestant } from "../sales/contestant.ts";
import { kyselyOn } from "../sales/kysely.ts";
import { type ContestantOptions, openBetterSqlite3 } from "./open-database.ts";

export function kysely({ filename, clock }: ContestantOptions): Promise<Contestant> {
  const dialect = new SqliteDialect({ database: openBetterSqlite3(filename) });
  return kyselyOn({ dialect, clock, rowsAtOnce: 100, yes: 1, weighted: sql`amount * probability` });
}

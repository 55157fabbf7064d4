/** Kysely on a pool of `pg`. */
import { PostgresDialect, sql } from "kysely";
import pg from "pg";
import type { Contestant } from "../sales/contestant.ts";
import { kyselyOn } from "../sales/kysely.ts";
import { TYPES } from "./parsers.ts";
import type { RawOptions } from "./raw.ts";

export function kysely({ url, clock }: RawOptions): Promise<Contestant> {
  const dialect = new PostgresDialect({ pool: new pg.Pool({ connectionString: url, types: TYPES }) });
  return kyselyOn({
    dialect,
    clock,
    rowsAtOnce: 500,
    schema: "crm",
    yes: true,
    weighted: sql`amount::numeric * probability`,
  });
}

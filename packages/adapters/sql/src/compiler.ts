/** What every statement is compiled with. */
import type { StorageSchema } from "@relata/core/adapter";
import type { Kysely } from "kysely";
import type { SqlDialect } from "./sql-dialect.ts";

export interface Compiler {
  readonly schema: StorageSchema;
  readonly dialect: SqlDialect;
  readonly kysely: Kysely<unknown>;
}

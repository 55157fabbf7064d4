/** The one statement that is about all tenants. */
import { sql } from "kysely";
import { tableNamed } from "./compile-write.ts";
import type { Compiler } from "./compiler.ts";
import { compileStatement, type Statement } from "./statement.ts";

/** The tenants of a table, each reached from the one before through the primary key: a step a tenant, however many rows it has. */
export function compileTenants(compiler: Compiler, name: string): Statement {
  const table = compiler.dialect.table(tableNamed(compiler, name).name);
  const own = sql.id("tenant_id");
  const reached = sql.id("reached");
  const first = sql`select min(${own}) as ${own} from ${table}`;
  const next = sql`select (select min(${sql.id("other", "tenant_id")}) from ${table} as ${sql.id("other")} where ${sql.id("other", "tenant_id")} > ${sql.id("reached", "tenant_id")}) from ${reached} where ${sql.id("reached", "tenant_id")} is not null`;
  return compileStatement(
    compiler.kysely,
    sql`with recursive ${reached} (${own}) as (${first} union all ${next}) select ${own} from ${reached} where ${own} is not null`,
  );
}

/** Whether row-level security, as it is asked for, fits the user and the tables that are there; asked once when a CRM is opened. */
import { CrmError } from "@relata/core/adapter";
import { placedName } from "./namespace.ts";
import { TENANT_POLICY } from "./policies.ts";
import type { ErrorContext } from "./postgres-errors.ts";
import type { Lease } from "./postgres-pool.ts";

const LABEL = { kind: "find", tenantId: undefined } as const;

/**
 * @throws `storage_unavailable` for a user whom policies do not bind; `schema_mismatch` where nothing is said and there are policies: without
 * the tenant that they ask for, every query would find nothing.
 */
export async function checkRowLevelSecurity(
  { connection }: Lease,
  wanted: boolean | undefined,
  context: ErrorContext,
): Promise<void> {
  if (wanted === undefined) return refusePolicies();
  if (!wanted) return;
  const text = "select current_user, rolsuper or rolbypassrls from pg_catalog.pg_roles where rolname = current_user";
  const [answer] = await connection.send(LABEL, [{ text, values: [] }]);
  const [user, isUnbound] = answer!.rows[0] as [string, string];
  if (isUnbound !== "t") return;
  throw new CrmError(
    "storage_unavailable",
    `rowLevelSecurity would bind nobody: the user "${user}" of "${context.database}" is a superuser or has BYPASSRLS. Connect as another user, and give migrations this one (migrateWith).`,
    { details: { database: context.database, user } },
  );

  async function refusePolicies(): Promise<void> {
    const { schema, namespace } = context;
    const [found] = await connection.send(LABEL, [{ text: PROTECTED, values: [namespace.schema] }]);
    const names = new Set([...schema.tables.keys()].map((name) => placedName(namespace, name)));
    const table = found!.rows.map(([name]) => String(name)).find((name) => names.has(name));
    if (table === undefined) return;
    throw new CrmError(
      "schema_mismatch",
      `The table "${namespace.schema}.${table}" has the policies of row-level security. Open the CRM with rowLevelSecurity: true; or with false, and migrations drop them.`,
      { details: { table: `${namespace.schema}.${table}` } },
    );
  }
}

const PROTECTED = `
  select c.relname
  from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where p.polname = '${TENANT_POLICY}' and n.nspname = $1
  order by c.relname`;

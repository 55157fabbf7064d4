/** The policies of row-level security: what of a table a session sees, by the tenant that it is set to. */
import { type Namespace, qualifiedTable } from "./namespace.ts";
import { EVERY_TENANT_SETTING, TENANT_SETTING } from "./tenancy.ts";

/** For reading and writing: the rows of the tenant that is set; none where none is. */
export const TENANT_POLICY = "relata_tenant";
/** For reading only: all rows, for the work that goes over all tenants. */
const EVERY_TENANT_POLICY = "relata_every_tenant";

/** Owners are bound too. */
export function createPolicies(namespace: Namespace, table: string): readonly string[] {
  const place = qualifiedTable(namespace, table);
  return [
    `create policy ${TENANT_POLICY} on ${place} using (tenant_id = current_setting('${TENANT_SETTING}', true))`,
    `create policy ${EVERY_TENANT_POLICY} on ${place} for select using (current_setting('${EVERY_TENANT_SETTING}', true) = 'on')`,
    `alter table ${place} enable row level security, force row level security`,
  ];
}

/** In the place of what is there under their names. */
export function renewPolicies(namespace: Namespace, table: string): readonly string[] {
  return [...dropPolicy(qualifiedTable(namespace, table)), ...createPolicies(namespace, table)];
}

export function dropPolicies(namespace: Namespace, table: string): readonly string[] {
  const place = qualifiedTable(namespace, table);
  return [...dropPolicy(place), `alter table ${place} no force row level security, disable row level security`];
}

function dropPolicy(place: string): readonly string[] {
  return [TENANT_POLICY, EVERY_TENANT_POLICY].map((name) => `drop policy if exists ${name} on ${place}`);
}

/** Of each table that has policies of these names: whether row-level security is forced, and they, as JSON. */
export const POLICIES = `
  select c.relname, c.relrowsecurity and c.relforcerowsecurity,
    json_agg(json_build_array(p.polname, p.polcmd, p.polpermissive and p.polroles = '{0}',
      pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) order by p.polname)::text
  from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition
    and p.polname in ('${TENANT_POLICY}', '${EVERY_TENANT_POLICY}')
  group by c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity`;

/** As PostgreSQL gives back what `createPolicies` has made. */
const COMPLETE = JSON.stringify([
  [EVERY_TENANT_POLICY, "r", true, `(current_setting('${EVERY_TENANT_SETTING}'::text, true) = 'on'::text)`, null],
  [TENANT_POLICY, "*", true, `(tenant_id = current_setting('${TENANT_SETTING}'::text, true))`, null],
]);

/** What is not as it is wanted, of a row of `POLICIES`; of no row for a table that has none of them. */
export function policyState(
  found: readonly (string | null)[] | undefined,
  wanted: boolean,
): "missing" | "left over" | undefined {
  if (!wanted) return found ? "left over" : undefined;
  const [, forced, policies] = found ?? [];
  return forced === "t" && JSON.stringify(JSON.parse(policies!)) === COMPLETE ? undefined : "missing";
}

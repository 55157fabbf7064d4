/** With row-level security every statement travels with its tenant, in a transaction: a setting that ends with that. */
import type { Sent } from "./postgres-connection.ts";

/** What the policies of the tables compare a row's tenant with. */
export const TENANT_SETTING = "relata.tenant";
/** Lets the rows of all tenants be read, for the work that goes over all of them. */
export const EVERY_TENANT_SETTING = "relata.every_tenant";

export function setTenant(tenantId: string): Sent {
  return { text: `select set_config('${TENANT_SETTING}', $1, true)`, values: [tenantId] };
}

export const setEveryTenant: Sent = { text: `select set_config('${EVERY_TENANT_SETTING}', 'on', true)` };

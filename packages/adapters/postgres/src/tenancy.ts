/** With row-level security every statement travels with its tenant, in a transaction: a setting that ends with that. */
import type { Statement } from "@relata/sql";
import type { Sent } from "./postgres-connection.ts";

/** What the policies of the tables compare a row's tenant with. */
export const TENANT_SETTING = "relata.tenant";
/** Lets the rows of all tenants be read, for the work that goes over all of them. */
export const EVERY_TENANT_SETTING = "relata.every_tenant";

const SET_TENANT: Statement = { sql: `select set_config('${TENANT_SETTING}', $1, true)`, slots: [] };

export function setTenant(tenantId: string, nameOf: (statement: Statement) => string | undefined): Sent {
  return { text: SET_TENANT.sql, values: [tenantId], name: nameOf(SET_TENANT) };
}

export const setEveryTenant: Sent = { text: `select set_config('${EVERY_TENANT_SETTING}', 'on', true)` };

/** What the sessions of all processes on the database leave settled. */

import { type Namespace, quoteText } from "./namespace.ts";
import type { OutsideCalls } from "./outside-calls.ts";

export interface SharedSettledOptions {
  readonly ask: OutsideCalls["ask"];
  readonly namespace: Namespace;
  /** What core may have waited for a connection since it took the instant of what it writes. */
  readonly waitTimeoutMs: number;
}

/**
 * Between the instant that a write is dated and its statement: what was asked meanwhile, the way to the server, and how far the
 * processes' ideas of the server's clock are apart.
 */
const UNDER_WAY_MS = 1_000;

/**
 * Earlier by `waitTimeoutMs` and a second than the begin of the oldest transaction that any session has open on the database, or than now. The
 * begin of another role's transactions is seen only by members of that role and of `pg_read_all_stats`: while one whose begin is hidden has
 * written something, or holds a lock on a table of the CRM's schema, the answer stays what it was before (1970 at first). Transactions that
 * were prepared for two-phase commit are not seen. Takes a connection of its own. @throws `unit_wait_timeout`, `storage_unavailable`
 */
export function createSharedSettled({ ask, namespace, waitTimeoutMs }: SharedSettledOptions): () => Promise<number> {
  const statement = { text: oldestOpen(namespace), values: [] };
  let settled = 0;
  return async () => {
    const { rows } = await ask(statement);
    const [oldest, hidden] = rows[0]!.map(Number);
    // What is settled stays so.
    if (hidden === 0) settled = Math.max(settled, oldest! - waitTimeoutMs - UNDER_WAY_MS);
    return settled;
  };
}

/**
 * Now is when the statement begins, before it looks at the sessions. A session whose activities are not tracked hides its begin from
 * everybody (https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW).
 */
function oldestOpen({ schema }: Namespace): string {
  return `select floor(extract(epoch from least(now(), min(a.xact_start))) * 1000)::bigint,
  count(*) filter (where (a.backend_start is null or a.state = 'disabled') and (a.backend_xid is not null or exists (
    select from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation
    where l.pid = a.pid and c.relnamespace = pg_catalog.to_regnamespace(${quoteText(`"${schema}"`)}))))
from pg_catalog.pg_stat_activity a
where a.datid = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
  and a.usesysid is not null and a.pid <> pg_catalog.pg_backend_pid()
  and (a.backend_type = 'client backend' or a.backend_type is null)`;
}

/** Whether a server can hold a CRM, asked once when it is opened. */
import { CrmError } from "@relata/core/adapter";
import type { ErrorContext } from "./postgres-errors.ts";
import type { Lease } from "./postgres-pool.ts";

/** PostgreSQL 14, in the form of `server_version_num`. */
const OLDEST = 140_000;

/** How far the server's clock is ahead of this process's, in milliseconds. @throws `storage_unavailable` for a server that will not do. */
export async function checkServer(
  { connection }: Lease,
  { database, readOnly: onlyReads }: ErrorContext,
): Promise<number> {
  const before = Date.now();
  const [answer] = await connection.send({ kind: "find", tenantId: undefined }, [
    {
      text: `select current_setting('server_version_num')::int, current_setting('server_version'), pg_is_in_recovery(),
        current_setting('transaction_read_only'), current_setting('server_encoding'), floor(extract(epoch from clock_timestamp()) * 1000)::bigint`,
      values: [],
    },
  ]);
  const [number, version, isStandby, readOnly, encoding, now] = answer!.rows[0] as string[];
  const unavailable = (message: string) => new CrmError("storage_unavailable", message, { details: { database } });
  if (Number(number) < OLDEST)
    throw unavailable(`The server of "${database}" is PostgreSQL ${version}. Use 14 or newer.`);
  if (!onlyReads && (isStandby === "t" || readOnly === "on")) {
    throw unavailable(
      `The database "${database}" only reads here: it is a standby, or the user's transactions are read-only. Connect to the primary server, or open the CRM with readOnly: true.`,
    );
  }
  if (encoding !== "UTF8")
    throw unavailable(`The database "${database}" has the encoding ${encoding}. Create one with the encoding UTF8.`);
  return Number(now) - (before + Date.now()) / 2;
}

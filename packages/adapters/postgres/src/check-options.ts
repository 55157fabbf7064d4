/** What `postgres()` is given, checked before anything is connected. Messages never repeat a connection string: it has a password. */
import { CrmError } from "@relata/core/adapter";
import type { Namespace } from "./namespace.ts";

/** What PostgreSQL and timers take for a limit: 31 bits. */
const LONGEST_MS = 2_147_483_647;

/** @throws `storage_unavailable`, naming the option. */
export function checkOptions(options: object): void {
  const given: Readonly<Record<string, unknown>> = { ...options };
  if (given.pool !== undefined && given.connectionString !== undefined)
    throw refused(
      "postgres() takes a `pool` or a `connectionString`, and not both: they may be of different databases.",
    );
  if ("pool" in given) {
    if (typeof (given.pool as { connect?: unknown } | undefined)?.connect !== "function")
      throw refused("`pool` must be a Pool of the package pg.");
  } else if (typeof given.connectionString !== "string" || given.connectionString === "") {
    throw refused("postgres() needs a `pool` or a `connectionString`.");
  } else if (!isConnectionString(given.connectionString)) {
    throw refused('`connectionString` must be of the form "postgres://user:password@host:5432/database".');
  }
  checkNumber(given, { name: "maxConnections", least: 1, most: 10_000 });
  checkNumber(given, { name: "connectTimeoutMs", least: 1, most: LONGEST_MS });
  for (const name of ["rowLevelSecurity", "readOnly"]) {
    if (given[name] !== undefined && typeof given[name] !== "boolean")
      throw refused(`\`${name}\` must be true or false, or be left out.`);
  }
  if (given.pooler !== undefined && given.pooler !== "transaction")
    throw refused('`pooler` must be "transaction", or be left out.');
  for (const name of ["statementTimeoutMs", "lockTimeoutMs", "idleTimeoutMs"])
    checkNumber(given, { name, least: 1, most: LONGEST_MS });
}

/** @throws `storage_unavailable` for names that PostgreSQL would cut, keep for itself, or that need quotes everywhere. */
export function checkedNamespace({
  prefix = "",
  schema = prefix === "" ? "crm" : "public",
}: Partial<Namespace>): Namespace {
  if (!matches(schema, /^(?!pg_)[A-Za-z_][A-Za-z0-9_]{0,62}$/i))
    throw refused(
      '`schema` must be a name of at most 63 letters, digits and underscores that does not begin with "pg_".',
    );
  if (!matches(prefix, /^[A-Za-z0-9_]{0,20}$/))
    throw refused("`prefix` must be of at most 20 letters, digits and underscores.");
  return { schema, prefix };
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === "string" && pattern.test(value);
}

function isConnectionString(text: string): boolean {
  if (text.startsWith("/")) return true;
  // A socket's folder stands where URLs have a host: `postgres://user@/database?host=/tmp`.
  const place = text.replace("@/", "@localhost/");
  return /^(postgres|postgresql|socket):/.test(text) && URL.canParse(place);
}

interface Bounds {
  readonly name: string;
  readonly least: number;
  readonly most: number;
}

function checkNumber(given: Readonly<Record<string, unknown>>, { name, least, most }: Bounds): void {
  const value = given[name];
  if (value === undefined) return;
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return;
  throw refused(`\`${name}\` must be a whole number from ${least} to ${most}.`);
}

function refused(message: string): CrmError {
  return new CrmError("storage_unavailable", message);
}

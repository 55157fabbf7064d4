/** How a unit begins, with its isolation and its limits: one statement text, one round trip. */
import type { TransactionOptions } from "@relata/core/adapter";
import type { Sent } from "./postgres-connection.ts";

export type Limits = Pick<TransactionOptions, "statementTimeoutMs" | "lockTimeoutMs" | "idleTimeoutMs">;

const SETTINGS = {
  statementTimeoutMs: "statement_timeout",
  lockTimeoutMs: "lock_timeout",
  idleTimeoutMs: "idle_in_transaction_session_timeout",
} as const;

export function beginUnit(
  { isolation = "read committed", ...own }: TransactionOptions,
  limits: Limits,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Sent {
  const all: Limits = { ...limits, ...own };
  const sets = Object.entries(SETTINGS).flatMap(([name, setting]) => {
    const value = all[name as keyof Limits];
    return value === undefined ? [] : [`; set local ${setting} = ${Math.ceil(value)}`];
  });
  return { text: `begin isolation level ${isolation}${readOnly ? " read only" : ""}${sets.join("")}` };
}

/** The same limits as settings that a connection begins with, for statements outside of units. */
export function limitSettings(limits: Limits): Readonly<Record<string, number>> {
  const given = Object.entries(SETTINGS).flatMap(([name, setting]) => {
    const value = limits[name as keyof Limits];
    return value === undefined ? [] : [[setting, Math.ceil(value)] as const];
  });
  return Object.fromEntries(given);
}

/** How a unit begins: with its isolation and its limits. */
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
): readonly Sent[] {
  const mode = readOnly ? " read only" : "";
  return [`begin isolation level ${isolation}${mode}`, ...limitTexts(limits), ...limitTexts(own)].map(statement);
}

/** The statements as one text, for one round trip. */
export function inOneText(statements: readonly Sent[]): Sent {
  return { text: statements.map(({ text }) => text).join("; ") };
}

function statement(text: string): Sent {
  return { text, values: [] };
}

/** What follows a "begin" so that the limits hold until the transaction ends. */
export function limitStatements(limits: Limits): string {
  return limitTexts(limits)
    .map((text) => `; ${text}`)
    .join("");
}

function limitTexts(limits: Limits): readonly string[] {
  return Object.entries(limitSettings(limits)).map(([setting, value]) => `set local ${setting} = ${value}`);
}

/** The limits as settings that a connection begins with, for statements outside of units. */
export function limitSettings(limits: Limits): Readonly<Record<string, number>> {
  const given = Object.entries(SETTINGS).flatMap(([name, setting]) => {
    const value = limits[name as keyof Limits];
    return value === undefined ? [] : [[setting, Math.ceil(value)] as const];
  });
  return Object.fromEntries(given);
}

/** A connection, and the engine that writes the statements for it. */
import type { AggregateQuery, Bindings, FindQuery, Row, TraverseQuery } from "@relata/core/adapter";
import type { SqlEngine } from "@relata/sql";
import type { SqliteConnection } from "./sqlite-connection.ts";

export interface SqliteSession {
  readonly connection: SqliteConnection;
  readonly engine: SqlEngine;
}

export function findRows({ connection, engine }: SqliteSession, query: FindQuery, bindings: Bindings): readonly Row[] {
  const label = { kind: "find", tenantId: bindings.tenantId } as const;
  return connection.labelled(label, () => connection.answer(engine.find(query, bindings)));
}

export function findFigures(
  { connection, engine }: SqliteSession,
  query: AggregateQuery,
  bindings: Bindings,
): readonly Row[] {
  const label = { kind: "aggregate", tenantId: bindings.tenantId } as const;
  return connection.labelled(label, () => connection.answer(engine.aggregate(query, bindings)));
}

export function findSteps(
  { connection, engine }: SqliteSession,
  query: TraverseQuery,
  bindings: Bindings,
): readonly Row[] {
  const label = { kind: "traverse", tenantId: bindings.tenantId } as const;
  return connection.labelled(label, () => connection.answer(engine.traverse(query, bindings)));
}

export function findTenants({ connection, engine }: SqliteSession, table: string): readonly string[] {
  const label = { kind: "find", tenantId: undefined } as const;
  return connection.labelled(label, () => connection.answer(engine.tenants(table)));
}

/** What reads and writes share, inside of a unit and outside. */
import type { AggregateQuery, Bindings, FindQuery, Row, TraverseQuery } from "@relata/core/adapter";
import type { Conversation, SqlEngine, Statement } from "@relata/sql";
import { fingerprint } from "./namespace.ts";
import type { Sent } from "./postgres-connection.ts";
import type { ErrorContext } from "./postgres-errors.ts";
import type { WriteCompiler } from "./write-steps.ts";

export interface Compiled {
  readonly engine: SqlEngine;
  readonly writes: WriteCompiler;
  readonly context: ErrorContext;
  /** Every statement travels with its tenant. */
  readonly rowLevelSecurity: boolean;
  /** The name under which a statement is prepared; undefined for one that is not. */
  nameOf(statement: Statement): string | undefined;
}

/** A read of one of the three kinds: its statements, and whether there may be several of them. */
export interface Reading {
  readonly kind: "find" | "aggregate" | "traverse";
  readonly tenantId: string;
  readonly single: boolean;
  /** As of an instant, on which its plan depends: prepared anew each time. */
  readonly past: boolean;
  readonly conversation: Conversation<readonly Row[]>;
}

export function findReading({ engine }: Compiled, query: FindQuery, bindings: Bindings): Reading {
  return {
    kind: "find",
    tenantId: bindings.tenantId,
    // Related rows of the present come with their parents.
    single: query.include.length === 0 || query.asOf === undefined,
    past: query.asOf !== undefined,
    conversation: engine.find(query, bindings),
  };
}

export function aggregateReading({ engine }: Compiled, query: AggregateQuery, bindings: Bindings): Reading {
  return {
    kind: "aggregate",
    tenantId: bindings.tenantId,
    single: true,
    past: query.asOf !== undefined,
    conversation: engine.aggregate(query, bindings),
  };
}

export function traverseReading({ engine }: Compiled, query: TraverseQuery, bindings: Bindings): Reading {
  return {
    kind: "traverse",
    tenantId: bindings.tenantId,
    single: engine.walksAtOnce(query, bindings),
    past: query.asOf !== undefined,
    conversation: engine.traverse(query, bindings),
  };
}

/** A statement of a reading, as it is sent. */
export function sentFor(
  { nameOf }: Compiled,
  { past }: Reading,
  { statement, values }: { readonly statement: Statement; readonly values: readonly unknown[] },
): Sent {
  return { text: statement.sql, values, name: past || values.some(isLongList) ? undefined : nameOf(statement) };
}

/**
 * What is prepared under a name is soon planned for any list: for one of ten, which is looked through from its beginning for each row. Planned for
 * what it is, a long list is hashed.
 */
function isLongList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 100;
}

/** A server keeps what is prepared for as long as the connection is open: so many, and no more. */
const NAMED_STATEMENTS = 1_000;

/** Names that tell statements apart, also from those of another CRM or of the application on the same connection. */
export function createStatementNames(): Compiled["nameOf"] {
  const names = new WeakMap<Statement, string>();
  const given = new Set<string>();
  return (statement) => {
    const known = names.get(statement);
    if (known !== undefined) return known;
    const name = `relata_${fingerprint(statement.sql).slice(0, 24)}`;
    if (!given.has(name) && given.size >= NAMED_STATEMENTS) return undefined;
    given.add(name);
    names.set(statement, name);
    return name;
  };
}

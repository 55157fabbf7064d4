/** Names that transactions wait for, as advisory locks of the server's. */
import type { LockMode, NameLock } from "@relata/core/adapter";
import type { Statement } from "@relata/sql";
import { lockKey } from "./namespace.ts";
import type { Sent } from "./postgres-connection.ts";
import type { Compiled } from "./postgres-session.ts";

const LOCKS: Readonly<Record<LockMode, Statement>> = {
  shared: { sql: "select pg_advisory_xact_lock_shared($1)", slots: [] },
  exclusive: { sql: "select pg_advisory_xact_lock($1)", slots: [] },
};

/** One statement for each name, in their order. They are held until the transaction ends. */
export function lockNames(
  { context, nameOf }: Pick<Compiled, "context" | "nameOf">,
  tenantId: string,
  locks: readonly NameLock[],
): readonly Sent[] {
  const { schema, prefix } = context.namespace;
  return locks.flatMap(({ names, mode }) =>
    names.map((name) => ({
      text: LOCKS[mode].sql,
      values: [lockKey(schema, prefix, tenantId, name)],
      name: nameOf(LOCKS[mode]),
    })),
  );
}

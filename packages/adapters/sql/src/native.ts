/** Kysely for the application's own statements: it makes them, and `execute` runs them. */
import { CrmError, type NativeResult, type NativeStatement } from "@relata/core/adapter";
import { type CompiledQuery, type DatabaseConnection, type Driver, Kysely, type QueryResult } from "kysely";
import type { SqlDialect } from "./sql-dialect.ts";

export function createNative<Tables>(
  { kysely: dialect }: Pick<SqlDialect, "kysely">,
  execute: (statement: NativeStatement) => Promise<NativeResult>,
): Kysely<Tables> {
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, changed, insertedKey } = await execute({ text: sql, parameters });
      return {
        rows: rows as R[],
        ...(changed === undefined ? {} : { numAffectedRows: BigInt(changed) }),
        ...(insertedKey === undefined ? {} : { insertId: insertedKey }),
      };
    },
    streamQuery() {
      throw new CrmError("native_refused", "native() does not stream. Read in pages, with a limit.");
    },
  };
  return new Kysely<Tables>({ dialect: { ...dialect, createDriver: () => driverOf(connection) } });
}

/** There is nothing to open or close: the connection is the unit's. */
function driverOf(connection: DatabaseConnection): Driver {
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: async () => refuseTransaction(),
    commitTransaction: async () => refuseTransaction(),
    rollbackTransaction: async () => refuseTransaction(),
    releaseConnection: async () => {},
    destroy: async () => {},
  };
}

/** A statement that would begin or end a transaction under the feet of the unit. */
export function refuseTransaction(): never {
  throw new CrmError(
    "native_refused",
    "native() neither begins nor ends transactions: it is part of the CRM's. Use crm.transaction, and for a savepoint tx.transaction.",
  );
}

const TRANSACTION_CONTROL = /^(begin|start|commit|end|rollback|abort|savepoint|release|prepare)\b/i;

/** Whether a statement begins or ends a transaction or a savepoint. */
export function controlsTransaction(text: string): boolean {
  // In some databases comments stand within comments, and in others they do not.
  return [false, true].some((nested) => TRANSACTION_CONTROL.test(withoutComments(text, nested)));
}

/** From the first word on. */
function withoutComments(text: string, nested: boolean): string {
  let rest = text;
  for (;;) {
    rest = rest.replace(/^(\s|;|--[^\n\r]*)+/, "");
    if (!rest.startsWith("/*")) return rest;
    let depth = 0;
    const end = [...rest.matchAll(/\/\*|\*\//g)].find(([mark]) => {
      depth += mark === "*/" ? -1 : nested || depth === 0 ? 1 : 0;
      return depth === 0;
    });
    if (!end) return "";
    rest = rest.slice(end.index + 2);
  }
}

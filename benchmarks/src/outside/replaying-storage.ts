/** A storage that answers at once what another one has answered before: what is left of a call's cost is the SDK's own. */
import type { Storage, StorageAdapter, StorageSession, StorageTransaction } from "@relata/core/adapter";
import type { Operation } from "../measure/measure.ts";

interface Replay {
  readonly adapter: StorageAdapter;
  /** Does the operation a few times for real, keeps the answers of the last one, and from then on gives only these, in turn. */
  keep(operation: Operation): Promise<void>;
}

const REAL_TIMES = 20;

export function replaying(real: StorageAdapter): Replay {
  const tape: { readonly method: string; readonly answer: Promise<unknown> }[] = [];
  let mode: "real" | "keep" | "replay" = "real";
  let at = 0;

  const call = <T>(method: string, ask: () => Promise<T>): Promise<T> => {
    if (mode === "real") return ask();
    if (mode === "keep") {
      const answer = ask();
      tape.push({ method, answer });
      return answer;
    }
    const { method: expected, answer } = tape[at]!;
    at = at + 1 === tape.length ? 0 : at + 1;
    if (method !== expected) throw new Error(`${expected} was called before, and ${method} now.`);
    return answer as Promise<T>;
  };
  const sessionOf = (session: StorageSession): StorageSession => ({
    find: (query, bindings) => call("find", () => session.find(query, bindings)),
    aggregate: (query, bindings) => call("aggregate", () => session.aggregate(query, bindings)),
    traverse: (query, bindings) => call("traverse", () => session.traverse(query, bindings)),
    write: (tenantId, steps) => call("write", () => session.write(tenantId, steps)),
    execute: (tenantId, statement) => call("execute", () => session.execute(tenantId, statement)),
  });
  const transactionOf = (transaction: StorageTransaction): StorageTransaction => ({
    ...sessionOf(transaction),
    savepoint: () => call("savepoint", () => transaction.savepoint()),
    lock: (tenantId, names, lockMode) => call("lock", () => transaction.lock(tenantId, names, lockMode)),
    commit: () => call("commit", () => transaction.commit()),
    rollback: () => call("rollback", () => transaction.rollback()),
  });

  return {
    adapter: {
      name: real.name,
      async open(options) {
        const storage = await real.open(options);
        const opened: Storage = {
          ...storage,
          ...sessionOf(storage),
          begin: (begun) => call("begin", async () => transactionOf(await storage.begin(begun))),
        };
        return opened;
      },
    },
    async keep(operation) {
      for (let number = 0; number < REAL_TIMES; number++) await operation(number);
      mode = "keep";
      await operation(REAL_TIMES);
      mode = "replay";
    },
  };
}

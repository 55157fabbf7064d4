/** A storage whose n-th call fails, whatever it is: what is left must be a database that the next start can go on with. */
import { CrmError, type StorageAdapter, type StorageTransaction } from "@relata/core/adapter";

export interface Fault {
  /** The call that fails, counted from 1. */
  readonly at: number;
  /** How many calls there were. */
  calls: number;
}

const COUNTED = new Set([
  "find",
  "aggregate",
  "write",
  "begin",
  "savepoint",
  "commit",
  "liveSchema",
  "tenants",
  "apply",
]);

export function failingAt(adapter: StorageAdapter, fault: Fault): StorageAdapter {
  const failing = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(on, name) {
        const member: unknown = Reflect.get(on, name);
        if (name === "migrator") return failing(member as object);
        if (typeof member !== "function" || !COUNTED.has(String(name))) return member;
        return async (...args: unknown[]) => {
          fault.calls++;
          if (fault.calls === fault.at) {
            // A commit that fails has ended its transaction.
            if (name === "commit") await (on as unknown as StorageTransaction).rollback();
            throw new CrmError("storage_failed", `Call ${fault.at} fails.`);
          }
          const result: unknown = await Reflect.apply(member, on, args);
          return name === "begin" ? failing(result as object) : result;
        };
      },
    });
  return { name: adapter.name, open: async (options) => failing(await adapter.open(options)) };
}

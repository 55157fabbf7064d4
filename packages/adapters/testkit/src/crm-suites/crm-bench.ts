/** Where a fact about a CRM is tried: fresh databases of the storage under test, a clock that is set by hand, seeded ids. */
import type { CrmOptions } from "@relata/core";
import type { Storage, StorageAdapter } from "@relata/core/adapter";
import type { AnyPlugin } from "@relata/core/plugin";
import type { AdapterFactory } from "../bench/bench.ts";
import { openSample, type SampleCrm } from "./sample-crm.ts";

export interface TestClock {
  /** Milliseconds since 1970; it stands at 2026-06-15T10:00:00Z until it is set. */
  now(): number;
  set(instant: string): void;
}

export interface CrmBench {
  readonly clock: TestClock;
  /** What `createCrm` needs, over an empty database. What it opens is closed when the fact is done. */
  options(): Promise<CrmOptions>;
  /** A CRM with the sample's entities, over an empty database. */
  open(): Promise<SampleCrm>;
  /** The same, with a count of what reaches the database. */
  openCounted(
    more?: Partial<CrmOptions> & { readonly plugins?: readonly AnyPlugin[] },
  ): Promise<{ readonly crm: SampleCrm; readonly calls: StorageCalls }>;
}

export type StorageCalls = Record<
  "begin" | "find" | "aggregate" | "traverse" | "write" | "savepoint" | "commit" | "rollback",
  number
>;

export interface CrmFact {
  readonly name: string;
  run(bench: CrmBench): Promise<void>;
}

export interface CrmSuite {
  readonly name: string;
  readonly facts: readonly CrmFact[];
}

export function crmFact(name: string, run: (bench: CrmBench) => Promise<void>): CrmFact {
  return { name, run };
}

/** Tries one fact; closes whatever it has opened, also when it fails. */
export async function withCrmBench(factory: AdapterFactory, work: (bench: CrmBench) => Promise<void>): Promise<void> {
  const opened: Storage[] = [];
  const cleanUps: (() => unknown)[] = [];
  const clock = createTestClock();
  const options = async (): Promise<CrmOptions> => {
    const adapter = await factory((cleanUp) => cleanUps.push(cleanUp));
    const storage: StorageAdapter = {
      name: adapter.name,
      async open(storageOptions) {
        const storage = await adapter.open(storageOptions);
        opened.push(storage);
        return storage;
      },
    };
    return { storage, clock: clock.now, random: seededBytes() };
  };
  try {
    await work({
      clock,
      options,
      open: async () => openSample(await options()),
      async openCounted(more = {}) {
        const given = await options();
        const calls: StorageCalls = {
          begin: 0,
          find: 0,
          aggregate: 0,
          traverse: 0,
          write: 0,
          savepoint: 0,
          commit: 0,
          rollback: 0,
        };
        const crm = await openSample({ ...given, storage: counted(given.storage, calls), ...more });
        return { crm, calls };
      },
    });
  } finally {
    for (const storage of opened) await storage.close();
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

function createTestClock(): TestClock {
  let ms = Date.parse("2026-06-15T10:00:00Z");
  return {
    now: () => ms,
    set(instant) {
      ms = Date.parse(instant);
    },
  };
}

/** The same bytes in every run (xorshift32). */
function seededBytes(): (length: number) => Uint8Array {
  let state = 0x2545f491;
  return (length) =>
    Uint8Array.from({ length }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state & 0xff;
    });
}

/** The adapter, counting each call of what it opens; those inside of a transaction count as well. */
function counted(adapter: StorageAdapter, calls: StorageCalls): StorageAdapter {
  const counting = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(on, name) {
        const member: unknown = Reflect.get(on, name);
        if (typeof member !== "function" || !Object.hasOwn(calls, name)) return member;
        return async (...args: unknown[]) => {
          calls[name as keyof StorageCalls]++;
          const result: unknown = await Reflect.apply(member, on, args);
          return name === "begin" ? counting(result as object) : result;
        };
      },
    });
  return { name: adapter.name, open: async (options) => counting(await adapter.open(options)) };
}

/**
 * What the unit of a single call has not sent yet. Its writes go out together when something is read, or when it ends, and what it has taken
 * for granted is checked with them: a call that reads nothing is one list of steps, and needs no transaction around it.
 */
import type { Row, WriteStep } from "../storage/query.ts";
import type { NameLock } from "../storage/storage-adapter.ts";

export interface Outgoing {
  /** Whose writes wait here; another tenant's are sent at once. */
  readonly tenantId: string;
  add(steps: readonly WriteStep[]): void;
  /** What must not be, or the unit is undone and the call made anew; the same assumption again is passed over. */
  assume(assumption: Assumption): void;
  /** Whether that is assumed of a record already. */
  hasLive(entity: string, id: string): boolean;
  /** Waits for the names before whatever is sent next, a reading too. */
  lock(lock: NameLock): void;
  /** Whether there is anything that must be sent before the unit ends. */
  readonly isWaiting: boolean;
  /** All that is to be sent now; nothing is left. */
  take(): { readonly steps: readonly WriteStep[]; readonly locks: readonly NameLock[] };
  /** What the database has not confirmed so far: all that was assumed, and what waits. */
  unproven(): readonly WriteStep[];
  /** Rows that were read whole in the unit, or written, by table and id: writes name the version, so nobody changes them unseen. */
  readonly rows: Map<string, Row>;
  /** What the storage has said of what was sent late. What was assumed is not assumed again. */
  fail(cause: unknown): void;
  readonly failure: unknown;
}

export interface Assumption {
  readonly forbidden: WriteStep;
  /** Whether it says of a record that it is there, and not archived. */
  hasLive(entity: string, id: string): boolean;
  forget(): void;
}

export function createOutgoing(tenantId: string): Outgoing {
  let waiting: WriteStep[] = [];
  let guards: WriteStep[] = [];
  let locks: NameLock[] = [];
  let sent = false;
  let failure: unknown;
  const assumed = new Set<Assumption>();
  return {
    tenantId,
    add(steps) {
      for (const step of steps) waiting.push(step);
    },
    assume(assumption) {
      if (assumed.has(assumption)) return;
      assumed.add(assumption);
      guards.push(assumption.forbidden);
    },
    hasLive: (entity, id) => [...assumed].some((assumption) => assumption.hasLive(entity, id)),
    lock: (lock) => void locks.push(lock),
    get isWaiting() {
      return waiting.length > 0 || (sent && guards.length > 0);
    },
    take() {
      const taken = { steps: waiting.length > 0 || sent ? [...guards, ...waiting] : [], locks };
      locks = [];
      if (taken.steps.length > 0) {
        sent = true;
        guards = [];
        waiting = [];
      }
      return taken;
    },
    unproven: () => [...[...assumed].map(({ forbidden }) => forbidden), ...waiting],
    rows: new Map(),
    fail(cause) {
      failure ??= cause;
      for (const assumption of assumed) assumption.forget();
    },
    get failure() {
      return failure;
    },
  };
}

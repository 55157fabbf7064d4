/**
 * What the unit of a single call has not sent yet. Its writes go out together when something is read, or when it ends, and what it has taken
 * for granted is checked with them: a call that reads nothing is one list of steps, and needs no transaction around it.
 */
import type { Row, WriteStep } from "../storage/query.ts";

export interface Outgoing {
  /** Whose writes wait here; another tenant's are sent at once. */
  readonly tenantId: string;
  add(steps: readonly WriteStep[]): void;
  /** What must not be, or the unit is undone and the call made anew; the same assumption again is passed over. */
  assume(assumption: Assumption): void;
  /** Whether that is assumed of a record already. */
  hasLive(entity: string, id: string): boolean;
  /** All that is to be sent now; nothing is left. */
  take(): readonly WriteStep[];
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
    take() {
      if (waiting.length === 0 && !sent) return [];
      const steps = [...guards, ...waiting];
      sent = true;
      guards = [];
      waiting = [];
      return steps;
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

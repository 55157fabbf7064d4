/**
 * What the unit of a single call has not sent yet. Its writes go out together when something is read, or when it ends, and what it has taken
 * for granted is checked with them: a call that reads nothing is one list of steps, and needs no transaction around it.
 */
import type { Row, WriteStep } from "../storage/query.ts";
import type { NameLock } from "../storage/storage-adapter.ts";

export interface Assumption {
  readonly forbidden: WriteStep;
  /** Whether it says of a record that it is there, and not archived. */
  hasLive(entity: string, id: string): boolean;
  forget(): void;
}

export class Outgoing {
  /** Whose writes wait here; another tenant's are sent at once. */
  readonly tenantId: string;
  /** Rows that were read whole in the unit, or written, by table and id: writes name the version, so nobody changes them unseen. */
  readonly rows = new Map<string, Row>();
  readonly #assumed = new Set<Assumption>();
  #waiting: WriteStep[] = [];
  #guards: WriteStep[] = [];
  #locks: NameLock[] = [];
  #sent = false;
  #failure: unknown;

  constructor(tenantId: string) {
    this.tenantId = tenantId;
  }

  add(steps: readonly WriteStep[]): void {
    for (const step of steps) this.#waiting.push(step);
  }

  /** What must not be, or the unit is undone and the call made anew; the same assumption again is passed over. */
  assume(assumption: Assumption): void {
    if (this.#assumed.has(assumption)) return;
    this.#assumed.add(assumption);
    this.#guards.push(assumption.forbidden);
  }

  /** Whether it is assumed of a record already that it is there, and not archived. */
  hasLive(entity: string, id: string): boolean {
    for (const assumption of this.#assumed) if (assumption.hasLive(entity, id)) return true;
    return false;
  }

  /** Waits for the names before whatever is sent next, a reading too. */
  lock(lock: NameLock): void {
    this.#locks.push(lock);
  }

  /** Whether there is anything that must be sent before the unit ends. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0 || (this.#sent && this.#guards.length > 0);
  }

  /** All that is to be sent now; nothing is left. */
  take(): { readonly steps: readonly WriteStep[]; readonly locks: readonly NameLock[] } {
    const steps = this.#waiting.length > 0 || this.#sent ? [...this.#guards, ...this.#waiting] : [];
    const locks = this.#locks;
    this.#locks = [];
    if (steps.length > 0) {
      this.#sent = true;
      this.#guards = [];
      this.#waiting = [];
    }
    return { steps, locks };
  }

  /** What the database has not confirmed so far: all that was assumed, and what waits. */
  unproven(): readonly WriteStep[] {
    return [...[...this.#assumed].map(({ forbidden }) => forbidden), ...this.#waiting];
  }

  /** What the storage has said of what was sent late. What was assumed is not assumed again. */
  fail(cause: unknown): void {
    this.#failure ??= cause;
    for (const assumption of this.#assumed) assumption.forget();
  }

  get failure(): unknown {
    return this.#failure;
  }
}

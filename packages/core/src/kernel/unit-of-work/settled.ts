/** Up to which instant nothing can change any more: in this process, and in the others as far as the storage knows of them. */

export interface Settled {
  /** The newest instant that no open unit can still change. */
  at(): Promise<number>;
  /** Whether no unit that is open now can change what is dated so. */
  covers(instant: number): Promise<boolean>;
}

export interface SettledOptions {
  readonly ownSettledAt: () => number;
  /** Undefined where nothing is known of other processes. */
  readonly sharedSettledAt: () => Promise<number | undefined>;
}

/** What is settled stays so: the storage is asked again only about what is newer. */
export function createSettled({ ownSettledAt, sharedSettledAt }: SettledOptions): Settled {
  let known = Number.NEGATIVE_INFINITY;
  const at = async () => {
    // Before the storage is asked: what this process opens meanwhile is dated later.
    const own = ownSettledAt();
    const shared = await sharedSettledAt();
    if (shared !== undefined) known = Math.max(known, shared);
    return shared === undefined ? own : Math.min(own, shared);
  };
  return {
    at,
    covers: async (instant) => instant <= ownSettledAt() && (instant <= known || instant <= (await at())),
  };
}

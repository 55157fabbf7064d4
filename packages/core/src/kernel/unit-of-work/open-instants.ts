/** Up to which instant nothing can change any more, though writes are under way. */

/** The instants of what is being written: nothing at or after the oldest of them is settled. */
export function createOpenInstants(clock: () => number) {
  const all = new Set<{ readonly instant: number }>();
  const open = () => {
    const entry = { instant: clock() };
    all.add(entry);
    return { instant: entry.instant, close: () => void all.delete(entry) };
  };
  return {
    open,
    /** One that is fixed when it is first asked for. */
    later() {
      let opened: ReturnType<typeof open> | undefined;
      return {
        instant() {
          opened ??= open();
          return opened.instant;
        },
        settle: () => opened?.close(),
      };
    },
    settledAt(): number {
      let oldest = clock();
      for (const { instant } of all) oldest = Math.min(oldest, instant);
      return oldest - 1;
    },
  };
}

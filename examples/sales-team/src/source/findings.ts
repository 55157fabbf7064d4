/** What was not clean in the input, counted, and what was done about it. */

export interface Finding {
  readonly count: number;
  readonly what: string;
  readonly done: string;
}

export interface Findings {
  /** Counts one more case (or `count`) of the same thing. */
  note(what: string, done: string, count?: number): void;
  /** In the order in which each was first noted. */
  list(): readonly Finding[];
}

export function createFindings(): Findings {
  const found = new Map<string, Finding>();
  return {
    note(what, done, count = 1) {
      if (count === 0) return;
      const key = `${what}\n${done}`;
      found.set(key, { what, done, count: (found.get(key)?.count ?? 0) + count });
    },
    list: () => [...found.values()],
  };
}

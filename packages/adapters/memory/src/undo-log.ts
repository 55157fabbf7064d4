/** How to take back what a write or a transaction has changed so far, latest change first. */
export interface UndoLog {
  record(undo: () => void): void;
  /** A point to go back to. */
  mark(): number;
  backTo(mark: number): void;
}

export function createUndoLog(): UndoLog {
  const entries: (() => void)[] = [];
  return {
    record: (undo) => {
      entries.push(undo);
    },
    mark: () => entries.length,
    backTo(mark) {
      while (entries.length > mark) entries.pop()?.();
    },
  };
}

/** Runs `work`; when it throws, takes back what it recorded. */
export function allOrNothing<T>(undo: UndoLog, work: () => T): T {
  const mark = undo.mark();
  try {
    return work();
  } catch (error) {
    undo.backTo(mark);
    throw error;
  }
}

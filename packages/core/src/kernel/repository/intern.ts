/** One object for each shape of query, so that adapters compile a shape once and keep what they compiled beside it. */

/** The most recently used so many shapes are kept. */
const KEPT = 1_000;

export interface Interner {
  /** The first value that was equal to this one. Values are plain data. */
  intern<T extends object>(value: T): T;
}

export function createInterner(): Interner {
  const kept = new Map<string, object>();
  const interned = new WeakSet<object>();
  return {
    intern<T extends object>(value: T): T {
      if (interned.has(value)) return value;
      const key = JSON.stringify(value);
      const known = kept.get(key);
      if (known) {
        kept.delete(key);
        kept.set(key, known);
        return known as T;
      }
      kept.set(key, deepFreeze(value));
      interned.add(value);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
      return value;
    },
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}

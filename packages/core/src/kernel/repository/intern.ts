/** One object for each shape of query, so that adapters compile a shape once and keep what they compiled beside it. */

/** The most recently used so many shapes are kept, and what else was made of them. */
const KEPT = 1_000;

export interface Interner {
  /** The first value that was equal to this one. Values are plain data. */
  intern<T extends object>(value: T): T;
  /** What was first made under the key, frozen. The key names all that it is made of, and is no JSON. */
  keep<T extends object>(key: string, make: () => T): T;
}

export function createInterner(): Interner {
  const kept = new Map<string, object>();
  const interned = new WeakSet<object>();
  const keep = <T extends object>(key: string, make: () => T): T => {
    let value = kept.get(key);
    if (value) kept.delete(key);
    else {
      value = deepFreeze(make());
      interned.add(value);
    }
    kept.set(key, value);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
    return value as T;
  };
  return {
    keep,
    intern: (value) => (interned.has(value) ? value : keep(JSON.stringify(value), () => value)),
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}

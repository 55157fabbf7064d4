/** One object for each shape of query, so that adapters compile a shape once and keep what they compiled beside it. */

/** So many that were used last are kept, of shapes and of what was made of them, and at most twice as many. */
const KEPT = 1_000;

export interface Interner {
  /** The first value that was equal to this one. Values are plain data. */
  intern<T extends object>(value: T): T;
  /** What was first made under the key, frozen. The key names all that it is made of, and is no JSON. */
  keep<T extends object>(key: string, make: () => T): T;
}

export function createInterner(): Interner {
  let young = new Map<string, object>();
  let old = new Map<string, object>();
  const interned = new WeakSet<object>();
  const keep = <T extends object>(key: string, make: () => T): T => {
    const known = young.get(key);
    if (known) return known as T;
    let value = old.get(key);
    if (!value) {
      value = deepFreeze(make());
      interned.add(value);
    }
    if (young.size >= KEPT) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
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

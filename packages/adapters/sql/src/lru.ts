/** A map that keeps the entries used last. */
export interface Lru<V> {
  /** The value kept under `key`, or what `make` gives, which is kept from now on. */
  getOrMake(key: string, make: () => V): V;
}

export function createLru<V>(limit: number): Lru<V> {
  const entries = new Map<string, V>();
  return {
    getOrMake(key, make) {
      let value = entries.get(key);
      if (value === undefined) value = make();
      else entries.delete(key);
      entries.set(key, value);
      if (entries.size > limit) entries.delete(entries.keys().next().value as string);
      return value;
    },
  };
}

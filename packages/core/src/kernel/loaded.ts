/**
 * Code of what few applications do, in modules that are loaded when it is first asked for (docs/decisions/0034): a bundler that splits
 * leaves them out of what an application starts with. From then on it is called as if it had been there all along.
 */

/** Gives what `load` loads: at once where it is there already. What could not be loaded is asked for anew the next time. */
export function loadedOnce<T>(load: () => Promise<T>): () => T | Promise<T> {
  let known: { readonly value: T } | undefined;
  return () => {
    if (known) return known.value;
    return load().then((value) => {
      known = { value };
      return value;
    });
  };
}

/**
 * An asynchronous function whose code is loaded with its first call, such as a hook.
 *
 * @example
 * ```ts
 * import { loadedFunction } from "@relata/core/plugin";
 *
 * declare function load(): Promise<{ checkBadges(context: object, batch: readonly object[]): Promise<void> }>; // import("./check-badges.js")
 *
 * export const checkBadges = loadedFunction(async () => (await load()).checkBadges);
 * ```
 */
export function loadedFunction<A extends unknown[], R>(
  load: () => Promise<(...args: A) => Promise<R>>,
): (...args: A) => Promise<R> {
  const code = loadedOnce(load);
  return (...args) => {
    const loaded = code();
    return loaded instanceof Promise ? loaded.then((call) => call(...args)) : loaded(...args);
  };
}

/** Asynchronous functions, such as operations: all that there are by their names. Their code is loaded with the first call of one of them. */
export function loadedFunctions<C, F extends object>(
  names: { readonly [K in keyof F]: true },
  load: () => Promise<(context: C) => F>,
): (context: C) => F {
  const code = loadedOnce(load);
  return (context) => {
    let made: Functions | undefined;
    const make = (factory: (context: C) => F): Functions => {
      made ??= factory(context) as Functions;
      return made;
    };
    const functions = Object.keys(names).map((name) => {
      const call = (...args: unknown[]) => {
        if (made) return made[name]!(...args);
        const loaded = code();
        return loaded instanceof Promise
          ? loaded.then((factory) => make(factory)[name]!(...args))
          : make(loaded)[name]!(...args);
      };
      return [name, call] as const;
    });
    return Object.fromEntries(functions) as F;
  };
}

type Functions = Readonly<Record<string, (...args: unknown[]) => unknown>>;

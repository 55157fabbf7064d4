/** Objects whose members are made when they are first used: many are made in the course of one call, and few of their members are used. */

/** What stands behind such an object, with the members that have been made so far. */
export interface LazyState {
  readonly made: Map<string, unknown>;
}

export interface LazyObjects<S extends LazyState> {
  make(state: S): object;
  stateOf(made: object): S;
}

class WithState<S> {
  readonly #state: S;

  constructor(state: S) {
    this.#state = state;
  }

  static of<S>(made: WithState<S>): S {
    return made.#state;
  }
}

/** They have these members and no others, not even those that every object has. */
export function lazyObjects<S extends LazyState>(
  members: Iterable<readonly [string, (state: S) => unknown]>,
): LazyObjects<S> {
  const Made = class extends WithState<S> {};
  Object.setPrototypeOf(Made.prototype, null);
  Reflect.deleteProperty(Made.prototype, "constructor");
  for (const [name, make] of members) {
    const get = function (this: WithState<S>) {
      const state = WithState.of(this);
      return member(state, name, () => make(state));
    };
    Object.defineProperty(Made.prototype, name, { enumerable: true, get });
  }
  return { make: (state) => new Made(state), stateOf: (made) => WithState.of(made as WithState<S>) };
}

/** The member of this name, which `make` gives the first time. */
export function member<T>({ made }: LazyState, name: string, make: () => T): T {
  if (!made.has(name)) made.set(name, make());
  return made.get(name) as T;
}

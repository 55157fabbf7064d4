/** Several rules as one hook: an entity has one hook of each phase in a plugin. */

type Before<C, Change, Patch> = (
  context: C,
  batch: readonly Change[],
) => Promise<readonly (Patch | undefined)[] | undefined>;
type After<C, Change> = (context: C, batch: readonly Change[]) => Promise<void>;

/** Each sees what the ones before it have added. */
export function beforeInTurn<C, Change extends { readonly input: object }, Patch extends object>(
  ...hooks: readonly Before<C, Change, NoInfer<Patch>>[]
): Before<C, Change, Patch> {
  return async (context, batch) => {
    let changes = batch;
    let patches: readonly (Patch | undefined)[] = batch.map(() => undefined);
    for (const hook of hooks) {
      const added = (await hook(context, changes)) ?? [];
      patches = patches.map((patch, i) => (added[i] === undefined ? patch : ({ ...patch, ...added[i] } as Patch)));
      changes = batch.map((change, i) => ({ ...change, input: { ...change.input, ...patches[i] } }));
    }
    return patches;
  };
}

/** One after the other. */
export function afterInTurn<C, Change>(...hooks: readonly After<C, Change>[]): After<C, Change> {
  return async (context, batch) => {
    for (const hook of hooks) await hook(context, batch);
  };
}

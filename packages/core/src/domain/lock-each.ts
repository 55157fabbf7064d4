/** What the rules of the domain take in turn. */
import type { ContextBase } from "../kernel/plugin/handle.ts";

type Locking = Pick<ContextBase, "lock">;

/** So many names are arguments of one call: a stack has an end. */
const AT_ONCE = 10_000;

/** Rules about what belongs to these records: units that write it come one after another. */
export function lockEach(context: Locking, entityType: string, ids: readonly string[]): Promise<void> {
  return lockAll(
    context,
    ids.map((id) => `${entityType}:${id}`),
  );
}

/** No name is no error. */
export async function lockAll(context: Locking, names: readonly string[]): Promise<void> {
  for (let from = 0; from < names.length; from += AT_ONCE) await context.lock(...names.slice(from, from + AT_ONCE));
}

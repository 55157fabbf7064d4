/** What the rules of the domain take in turn. */
import type { ContextBase } from "../kernel/plugin/handle.ts";

/** Rules about what belongs to these records: units that write it come one after another. None is no error. */
export async function lockEach(
  context: Pick<ContextBase, "lock">,
  entityType: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length > 0) await context.lock(...ids.map((id) => `${entityType}:${id}`));
}

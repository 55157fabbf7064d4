/** Records of any entity, named by entity and id. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../kernel/entity/input-issues.ts";
import type { RecordReference } from "../kernel/plugin/timeline-part.ts";

const referenceSchema = z.strictObject({ entityType: z.string(), id: z.string() });
const listSchema = z.array(referenceSchema);

/** One record or several, in a list without repetitions. `entity` is the one that an error names. */
export function checkedReferences(
  entity: string,
  given: RecordReference | readonly RecordReference[],
): readonly RecordReference[] {
  const list = Array.isArray(given) ? given : [given];
  const parsed = listSchema.safeParse(list);
  if (!parsed.success) throw invalidInput(entity, inputIssues(parsed.error.issues, list));
  return [...new Map(parsed.data.map((record) => [`${record.entityType} ${record.id}`, record])).values()];
}

/** Exactly one record. `entity` is the one that an error names. */
export function checkedReference(entity: string, given: RecordReference): RecordReference {
  const parsed = referenceSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalidInput(entity, inputIssues(parsed.error.issues, given));
}

/** Ids by entity, in the order in which they are named. */
export function byEntity(records: readonly RecordReference[]): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { entityType, id } of records) {
    const known = ids.get(entityType);
    if (known) known.push(id);
    else ids.set(entityType, [id]);
  }
  return ids;
}

/** Makes a hierarchy, or makes it as it is defined. */
import * as z from "zod";
import { parsed } from "./asked-hierarchy.ts";
import type { HierarchiesContext, HierarchyRecord } from "./parts.ts";

export interface HierarchyDefinition {
  readonly key: string;
  readonly name: string;
  /** In a tree an account has at most one parent a day; in a graph it may have several. Unless given, as it is; "tree" for a new one. */
  readonly shape?: HierarchyRecord["shape"];
}

const definitionSchema = z.strictObject({
  key: z.string(),
  name: z.string(),
  shape: z.enum(["tree", "graph"]).optional(),
});

/**
 * One that is there and the same is left as it is, and one that is archived comes back.
 *
 * @throws `several_parents` where a graph that is to be a tree is none; `invalid_input`
 */
export async function defineHierarchy(
  context: HierarchiesContext,
  definition: HierarchyDefinition,
): Promise<HierarchyRecord> {
  const { shape, ...named } = parsed(definitionSchema, definition);
  const given = { ...named, ...(shape === undefined ? {} : { shape }) };
  return context.transaction(async (tx) => {
    const { record } = await tx.accountHierarchies.upsert(given, { by: "key" });
    return record.archivedAt === null ? record : tx.accountHierarchies.restore(record.id);
  });
}

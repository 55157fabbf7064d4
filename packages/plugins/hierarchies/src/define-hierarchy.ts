/** Makes a hierarchy, or makes it as it is defined. */
import type { HierarchiesContext, HierarchyRecord } from "./parts.ts";

export interface HierarchyDefinition {
  readonly key: string;
  readonly name: string;
  /** In a tree an account has at most one parent a day; in a graph it may have several. "tree" unless given. */
  readonly shape?: HierarchyRecord["shape"];
}

/** One that is there and the same is left as it is. @throws `several_parents` where a graph that is to be a tree is none */
export async function defineHierarchy(
  context: HierarchiesContext,
  { shape = "tree", ...definition }: HierarchyDefinition,
): Promise<HierarchyRecord> {
  return (await context.accountHierarchies.upsert({ ...definition, shape }, { by: "key" })).record;
}

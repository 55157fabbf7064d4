/** Account hierarchies: several named trees and graphs, dated edges, ownership and control. */
export type { DayEdge, HierarchyNode } from "./arrange.ts";
export type { HierarchyQuery } from "./asked-hierarchy.ts";
export { type Hierarchies, hierarchies } from "./hierarchies.ts";
export type { TreeQuery } from "./read-tree.ts";

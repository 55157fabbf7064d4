/** Account hierarchies: several named trees and graphs, dated edges, ownership and control. */
export type { DayEdge, HierarchyNode } from "./arrange.ts";
export type { HierarchyQuery } from "./asked-hierarchy.ts";
export type { HierarchyDefinition } from "./define-hierarchy.ts";
export { type Hierarchies, hierarchies } from "./hierarchies.ts";
export type {
  ImportChoice,
  ImportFinding,
  ImportOptions,
  ImportProblem,
  ImportReport,
  ImportRow,
} from "./import-report.ts";
export type { LineageQuery, Related } from "./lineage.ts";
export type { DetachOptions, MoveDays, MoveOptions, TakeOutOptions } from "./move-accounts.ts";
export type { Owned, Ownership } from "./ownership.ts";
export type { EdgeKind } from "./parts.ts";
export type { Placement } from "./place-accounts.ts";
export type { TreeQuery } from "./read-tree.ts";

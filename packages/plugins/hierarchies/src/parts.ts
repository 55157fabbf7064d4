/** What the plugin brings, apart from its rules: they take the context that follows from it. */
import type { ContextOf } from "@relata/core/plugin";
import { accountEdge } from "./account-edge.ts";
import { accountHierarchy } from "./account-hierarchy.ts";
import { accountMember } from "./account-member.ts";

export const parts = {
  entities: [accountHierarchy, accountEdge, accountMember],
  errors: {
    unknown_hierarchy:
      'There is no hierarchy "{hierarchy}": make it with hierarchies.define, or use one of those that there are: {known}.',
    tree_required:
      'Hierarchy "{hierarchy}" is a graph, in which {asked} is not one account: ask a tree, or for ancestors.',
    several_parents:
      "Account {id} would have two parents on {day} in a tree, {parentIds}: end the one first, or make the hierarchy a graph.",
    same_edge_twice: "Account {id} would stand below {parentId} twice on {day}: end the one first, or change it.",
    shares_above_whole:
      "Of account {id}, {total} % would be owned on {day}: the shares of one account are at most 100 %.",
    import_rejected:
      "Nothing was imported. Findings that are to be rejected: {count}. The first of them: {first}. See details.findings.",
  },
} as const;

export type HierarchiesContext = ContextOf<typeof parts>;

/** A record of the repository of this name. */
export type RecordIn<P extends "accounts" | "accountEdges" | "accountHierarchies"> = Awaited<
  ReturnType<HierarchiesContext[P]["update"]>
>;
export type EdgeRecord = RecordIn<"accountEdges">;
export type HierarchyRecord = RecordIn<"accountHierarchies">;
export type EdgeKind = EdgeRecord["kind"];

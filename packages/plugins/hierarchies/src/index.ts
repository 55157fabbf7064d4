/** Account hierarchies: several named trees and graphs, dated edges, ownership and control. */
export type { DayEdge, HierarchyNode } from "./arrange.ts";
export type { HierarchyQuery } from "./asked-hierarchy.ts";
export type { HierarchyDefinition } from "./define-hierarchy.ts";
export type { AccountTeam, GivenAt, TeamMember } from "./group/account-team.ts";
export type { GroupContact, GroupContactsPage, GroupContactsQuery } from "./group/group-contacts.ts";
export type { Whitespace, WhitespaceProduct, WhitespaceQuery } from "./group/whitespace.ts";
export type { GroupServices } from "./group-services.ts";
export { type Hierarchies, hierarchies } from "./hierarchies.ts";
export type {
  ImportChoice,
  ImportChoices,
  ImportFinding,
  ImportOptions,
  ImportProblem,
  ImportReport,
  ImportRow,
} from "./import/import-report.ts";
export type { LineageQuery, Related } from "./lineage.ts";
export type { DetachOptions, MoveDays, MoveOptions, TakeOutOptions } from "./move-accounts.ts";
export type { Owned, Ownership } from "./ownership.ts";
export type { EdgeKind } from "./parts.ts";
export type { Placement } from "./place-accounts.ts";
export type { TreeQuery } from "./read-tree.ts";
export type { FiguresQuery } from "./roll-up/ask-figures.ts";
export type { Figures, FigureValue, LatestMeasure, RollUpMeasure, RollUpMeasures } from "./roll-up/measures.ts";
export { latest } from "./roll-up/measures.ts";
export type { NodeRollUp, RollUp, RollUpAllQuery, RollUpQuery } from "./roll-up/roll-up.ts";
export type { DrawPageQuery, DrawQuery } from "./view/draw.ts";
export type { PageWords } from "./view/tree-page.ts";

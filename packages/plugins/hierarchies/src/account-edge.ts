/** That one account stands below another in a hierarchy, from one day to another. */
import { date, decimal, defineEntity, oneOf, reference } from "@relata/core/plugin";

export const kinds = ["subsidiary", "branch", "joint_venture", "franchise"] as const;

export const accountEdge = defineEntity("accountEdge", {
  plural: "accountEdges",
  fields: {
    hierarchyId: reference("accountHierarchy", { inverse: "edges", onDelete: "cascade" }).written("once"),
    childId: reference("account", { inverse: "parentEdges", onDelete: "cascade" }).written("once"),
    /** An account that has children, on whatever day, is not deleted: `takeOut` gives them to somebody else. */
    parentId: reference("account", { inverse: "childEdges" }),
    /** A branch is no company of its own: it counts as its parent, at 100 %. */
    kind: oneOf(...kinds).default("subsidiary"),
    /** Per cent of the child that the parent owns itself, exact; null: not known. */
    share: decimal({ scale: 12, min: 0, max: 100 }).optional(),
    /** The first day; null: since ever. */
    validFrom: date().optional(),
    /** The last day; null: it goes on. */
    validUntil: date().optional(),
  },
  indexes: [
    ["hierarchyId", "childId"],
    ["hierarchyId", "parentId"],
  ],
  mergeKeys: [["hierarchyId", "childId", "parentId", "kind", "share", "validFrom", "validUntil"]],
});

/** A way in which accounts stand above and below each other: legal ownership, sales coverage, billing. */
import { defineEntity, oneOf, text } from "@relata/core/plugin";

export const accountHierarchy = defineEntity("accountHierarchy", {
  plural: "accountHierarchies",
  fields: {
    /** What it is asked for by. "default" is the tree of `account.parentId`, which needs no record. */
    key: text({ minLength: 1, maxLength: 100 }).unique(),
    name: text({ fold: true, minLength: 1, maxLength: 200 }),
    /** In a tree an account has at most one parent a day; in a graph it may have several. */
    shape: oneOf("tree", "graph").default("tree"),
  },
});

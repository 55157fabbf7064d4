/** One attribute of a profile, so that a database can filter by it. It follows the profile. */
import { defineEntity, reference, text } from "@relata/core/plugin";
import { MOST_ORDERED } from "./ordered-text.ts";

export const partyAttribute = defineEntity("partyAttribute", {
  plural: "partyAttributes",
  written: "operations",
  fields: {
    profileId: reference("partyProfile", { inverse: "values", onDelete: "cascade", onMerge: "drop" }).written("once"),
    key: text({ minLength: 1, maxLength: 100 }).written("once"),
    /** A text whose order is that of the values. */
    ordered: text({ maxLength: MOST_ORDERED + 1 }),
  },
  unique: [["profileId", "key"]],
  indexes: [["key", "ordered", "profileId"]],
});

/** A user's share of an opportunity, written by `opportunities.setSplits`. Revenue splits share it out; overlay splits credit who helped, on top. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { decimal, money, oneOf, reference } from "../../kernel/entity/fields.ts";

export const opportunitySplit = defineEntity("opportunitySplit", {
  plural: "opportunitySplits",
  written: "operations",
  fields: {
    opportunityId: reference("opportunity", { inverse: "splits", onDelete: "cascade", onMerge: "drop" }),
    userId: reference("user", { inverse: "splits" }),
    kind: oneOf("revenue", "overlay"),
    /** Of the opportunity's amount, in per cent. */
    percent: decimal({ scale: 4, min: 0, max: 1000 }),
    /** Exact: revenue splits add up to the opportunity's amount. Null while that has none. */
    amount: money().optional(),
  },
  unique: [["opportunityId", "kind", "userId"]],
});

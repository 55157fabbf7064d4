/** An internet domain of an account: whoever writes from it belongs there. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { boolean, reference, text } from "../../kernel/entity/fields.ts";

export const accountDomain = defineEntity("accountDomain", {
  plural: "accountDomains",
  fields: {
    accountId: reference("account", { inverse: "domains", onDelete: "cascade" }).written("once"),
    /** As written. The primary one is the account's own `domain`. */
    domain: text({ fold: true, minLength: 1, maxLength: 253 }).indexed(),
    /** What it is compared by: see `normalDomain`. */
    normalized: text({ maxLength: 253 }).assigned().indexed().written("derived"),
    isPrimary: boolean().default(false),
  },
  searchFor: ["accountId"],
  unique: [["accountId", "normalized"]],
});

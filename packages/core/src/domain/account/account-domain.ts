/** An internet domain of an account: whoever writes from it belongs there. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { reference, text } from "../../kernel/entity/fields.ts";

export const accountDomain = defineEntity("accountDomain", {
  plural: "accountDomains",
  fields: {
    accountId: reference("account", { inverse: "domains", onDelete: "cascade" }).written("once"),
    /** As written. The main one is the account's own `domain`. */
    domain: text({ fold: true, minLength: 1, maxLength: 253 }).indexed(),
  },
  unique: [["accountId", "domain"]],
});

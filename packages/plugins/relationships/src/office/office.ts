/** A role at one organisation as a thing of its own: it is there when nobody holds it. */
import { boolean, date, defineEntity, reference, text } from "@relata/core/plugin";

export const office = defineEntity("office", {
  plural: "offices",
  fields: {
    accountId: reference("account", { inverse: "offices", onDelete: "cascade" }).written("once"),
    title: text({ fold: true, minLength: 1, maxLength: 500 }).indexed(),
    /** The type of the relationships by which it is held, from who holds it to the account; `office_holder` unless given. */
    typeId: reference("relationshipType", { inverse: "offices" }).optional(),
    /** At most one holds it on a day. */
    isSingleHolder: boolean().default(true),
    /** From when to when there is the office: nobody holds it on other days. */
    validFrom: date().optional(),
    validUntil: date().optional(),
  },
  unique: [["accountId", "title"]],
});

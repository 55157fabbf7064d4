/** An organisation that business is done with. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { integer, money, reference, text } from "../../kernel/entity/fields.ts";

export const account = defineEntity("account", {
  plural: "accounts",
  fields: {
    name: text({ fold: true, minLength: 1 }).indexed(),
    /** The main internet domain, as written ("example.com"). */
    domain: text({ fold: true, maxLength: 253 }).optional().indexed(),
    industry: text({ fold: true }).optional().indexed(),
    country: text({ fold: true }).optional().indexed(),
    employees: integer({ min: 0 }).optional(),
    annualRevenue: money().optional(),
    phone: text({ maxLength: 100 }).optional(),
    ownerId: reference("user", { inverse: "accounts", onDelete: "detach" }).optional(),
    teamId: reference("team", { inverse: "accounts", onDelete: "detach" }).optional(),
    /** The organisation that this one belongs to. */
    parentId: reference("account", { inverse: "children", tree: true }).optional(),
  },
});

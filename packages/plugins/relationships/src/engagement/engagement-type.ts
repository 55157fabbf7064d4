/** A kind of engagement. Each of its roles is a relationship type, "<key>.<role>", from who takes part to the engagement. */
import { defineEntity, json, text } from "@relata/core/plugin";
import { engagementRolesSchema } from "./engagement-roles.ts";

export const engagementType = defineEntity("engagementType", {
  plural: "engagementTypes",
  fields: {
    key: text({ minLength: 1, maxLength: 100 }).unique().written("once"),
    name: text({ fold: true, minLength: 1, maxLength: 200 }),
    roles: json(() => engagementRolesSchema()),
  },
});

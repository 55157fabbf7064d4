/** A group of users. Its id is the application's own. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { reference, text } from "../../kernel/entity/fields.ts";

export const team = defineEntity("team", {
  plural: "teams",
  ids: "app",
  fields: {
    name: text({ fold: true, minLength: 1 }).indexed(),
    managerId: reference("user", { inverse: "managedTeams", onDelete: "detach" }).optional(),
  },
});

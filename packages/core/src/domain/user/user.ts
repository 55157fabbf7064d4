/** The people who own records. Their ids are the application's own. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { boolean, reference, text } from "../../kernel/entity/fields.ts";

export const user = defineEntity("user", {
  plural: "users",
  ids: "app",
  fields: {
    name: text({ fold: true, minLength: 1 }).indexed(),
    email: text({ fold: true }).optional().indexed(),
    /** An IANA name ("Asia/Taipei"); the tenant's, unless given. */
    timeZone: text({ maxLength: 100 }).optional(),
    /** The sales hierarchy: reports, forecasts and win rates roll up along it. */
    managerId: reference("user", { inverse: "reports", onDelete: "detach", tree: true }).optional(),
    teamId: reference("team", { inverse: "members", onDelete: "detach" }).optional(),
    /** Whoever has left stays, so that what they did keeps its name. */
    active: boolean().default(true),
  },
});

/** An organisation that business is done with, or a household. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { integer, money, oneOf, reference, text } from "../../kernel/entity/fields.ts";
import { defineStageEntry, lifecycleFields } from "../pipeline/pipeline-fields.ts";

export const account = defineEntity("account", {
  plural: "accounts",
  fields: {
    name: text({ fold: true, minLength: 1 }).indexed(),
    kind: oneOf("organization", "household").default("organization"),
    /** The primary one of its `domains`, as written ("example.com"). */
    domain: text({ fold: true, maxLength: 253 }).optional().indexed(),
    industry: text({ fold: true }).optional().indexed(),
    country: text({ fold: true }).optional().indexed(),
    employees: integer({ min: 0 }).optional(),
    annualRevenue: money().optional(),
    /** The primary one of its `phoneNumbers`, as written. */
    phone: text({ maxLength: 100 }).optional(),
    description: text({ maxLength: 100_000 }).optional(),
    source: text().optional(),
    ownerId: reference("user", { inverse: "accounts", onDelete: "detach" }).optional(),
    teamId: reference("team", { inverse: "accounts", onDelete: "detach" }).optional(),
    queueId: reference("queue", { inverse: "accounts", onDelete: "detach" }).optional(),
    /** The organisation that this one belongs to. */
    parentId: reference("account", { inverse: "children", tree: "paths" }).optional(),
    ...lifecycleFields("accounts"),
  },
});

export const accountStageEntry = defineStageEntry("accountStageEntry", {
  plural: "accountStageEntries",
  of: "account",
});

/** A person. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { oneOf, reference, text } from "../../kernel/entity/fields.ts";
import { defineStageEntry, lifecycleFields } from "../pipeline/pipeline-fields.ts";

export const contact = defineEntity("contact", {
  plural: "contacts",
  fields: {
    givenName: text({ fold: true }).optional().indexed(),
    middleName: text({ fold: true }).optional(),
    familyName: text({ fold: true }).optional().indexed(),
    /** The second family name where people have two (Spanish: the mother's). */
    secondFamilyName: text({ fold: true }).optional(),
    /** "Dr.", "Prof.", "คุณ": before the name, or behind it where the order puts the family name first. */
    honorific: text({ maxLength: 100 }).optional(),
    /** "Jr.", "PhD" */
    suffix: text({ maxLength: 100 }).optional(),
    /** In which order the name is written; by the script of the name, unless given. */
    nameOrder: oneOf("given_first", "family_first").optional(),
    /** How the name is read, where writing does not tell (Japanese): names are sorted by it. */
    givenNameReading: text({ fold: true }).optional(),
    familyNameReading: text({ fold: true }).optional(),
    /** The name in the order of its culture. */
    fullName: text({ fold: true }).optional().indexed().written("operations"),
    jobTitle: text().optional(),
    /** The primary one of its `emailAddresses`, as written. */
    email: text({ fold: true, maxLength: 320 }).optional().indexed(),
    /** The primary one of its `phoneNumbers`, as written. */
    phone: text({ maxLength: 100 }).optional(),
    /** An IETF language tag ("pt-BR"). */
    preferredLanguage: text({ maxLength: 35 }).optional(),
    /** The channel by which the person wants to be reached. */
    preferredChannel: text({ maxLength: 100 }).optional(),
    /** "1980", "1980-05" or "1980-05-17": as much of it as is known. */
    birthDate: text({ maxLength: 10 }).optional().indexed(),
    /** In the same way. */
    deathDate: text({ maxLength: 10 }).optional(),
    description: text({ maxLength: 100_000 }).optional(),
    source: text().optional(),
    /** The account of the primary one of its affiliations as an employee; a contact needs none. */
    accountId: reference("account", { inverse: "contacts" }).optional(),
    ownerId: reference("user", { inverse: "contacts", onDelete: "detach" }).optional(),
    teamId: reference("team", { inverse: "contacts", onDelete: "detach" }).optional(),
    queueId: reference("queue", { inverse: "contacts", onDelete: "detach" }).optional(),
    ...lifecycleFields("contacts"),
  },
});

export const contactStageEntry = defineStageEntry("contactStageEntry", {
  plural: "contactStageEntries",
  of: "contact",
});

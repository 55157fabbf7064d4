/** What one can do with the contacts of an opportunity. The rules about the primary one stand in `primary-contact.ts`. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import type { Where } from "../../kernel/repository/where.ts";
import { isUuid } from "../../kernel/value/id.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";

type OpportunityRecord = RecordOf<DomainModel, "opportunity">;
export type OpportunityContactRecord = RecordOf<DomainModel, "opportunityContact">;

export interface NewContactRole {
  readonly contactId: string;
  /** "decision_maker", "influencer", …; "contact" unless given. */
  readonly role?: string;
  /** Makes it the primary contact, whoever was it. The first contact of an opportunity is in any case. */
  readonly primary?: boolean;
}

export interface ContactRoleOperations {
  /**
   * Gives a contact a role in an opportunity; one that it has already is left as it is. A contact may have several roles.
   *
   * @throws `invalid_input`, `not_found`; `reference_not_found` and `reference_archived` for the contact.
   */
  addContact(id: string, contact: NewContactRole): Promise<OpportunityContactRecord>;
  /**
   * Takes all roles of a contact. Where it was the primary one, the contact with the earliest role becomes it, or nobody with the last.
   * A contact without a role is no error. @throws `invalid_input`, `not_found` for the opportunity.
   */
  removeContact(id: string, contactId: string): Promise<void>;
  /** The same as an update of `contactId`: who has no role yet gets the role "contact". @throws as `update`. */
  setPrimaryContact(id: string, contactId: string): Promise<OpportunityRecord>;
}

const contactId = z.string().check((check) => {
  if (!isUuid(check.value))
    check.issues.push({
      code: "custom",
      input: check.value,
      message: "is not a UUID in lower case",
      params: { code: "invalid_id" },
    });
});
const contactSchema = z.strictObject({ contactId });
const roleSchema = contactSchema.extend({ role: z.string().optional(), primary: z.boolean().optional() });

export function contactRoleOperations(context: DomainContext): ContactRoleOperations {
  return {
    addContact: async (opportunityId, given) => {
      const { primary = false, role = "contact", ...contact } = checked(roleSchema, given);
      return context.transaction(async (tx) => {
        await tx.lock(`opportunity:${opportunityId}`);
        await tx.opportunities.get(opportunityId);
        const roles = await rolesOf(tx, { opportunityId, ...contact });
        const existing = roles.find((known) => known.role === role.normalize("NFC"));
        const record = existing
          ? await tx.opportunityContacts.restore(existing.id)
          : await tx.opportunityContacts.create({ opportunityId, ...contact, role });
        if (primary) await tx.opportunities.update(opportunityId, contact);
        return record;
      });
    },
    removeContact: async (opportunityId, given) => {
      const contact = checked(contactSchema, { contactId: given });
      await context.transaction(async (tx) => {
        await tx.lock(`opportunity:${opportunityId}`);
        await tx.opportunities.get(opportunityId);
        const roles = await rolesOf(tx, { opportunityId, ...contact });
        await tx.opportunityContacts.deleteMany(roles.map(({ id }) => id));
      });
    },
    setPrimaryContact: async (opportunityId, given) =>
      context.opportunities.update(opportunityId, checked(contactSchema, { contactId: given })),
  };
}

function checked<T>(schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidInput("opportunityContact", inputIssues(parsed.error.issues, input));
}

/** The earliest first, the archived ones too. */
function rolesOf(
  context: DomainContext,
  where: Where<DomainModel, "opportunityContact">,
): Promise<readonly OpportunityContactRecord[]> {
  return Array.fromAsync(
    context.opportunityContacts.iterate({ where, orderBy: [{ createdAt: "asc" }], archived: "include" }),
  );
}

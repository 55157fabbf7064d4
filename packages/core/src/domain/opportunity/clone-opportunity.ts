/** Makes a new opportunity like one that there is. */
import * as z from "zod";
import { CrmError } from "../../errors.ts";
import type { Fields } from "../../kernel/entity/field.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { InputOf, RecordOf } from "../../kernel/entity/model.ts";
import { collect } from "../collect.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { opportunity } from "./opportunity.ts";
import { amountFollows } from "./opportunity-amounts.ts";
import { opportunityCompetitor } from "./opportunity-competitor.ts";
import { opportunityContact } from "./opportunity-contact.ts";
import { opportunityMember } from "./opportunity-member.ts";
import { opportunityProduct } from "./opportunity-product.ts";
import { opportunitySplit } from "./opportunity-split.ts";
import { amountsOf } from "./opportunity-splits.ts";

type OpportunityRecord = RecordOf<DomainModel, "opportunity">;
type NewOpportunity = InputOf<DomainModel, "opportunity", "create">;

/** What `create` takes. Beside the fields that are known here, those of extensions: they are checked with the write. */
export type CloneChanges = Partial<NewOpportunity> & { readonly [field: string]: unknown };

export interface CloneOperations {
  /**
   * A new open opportunity at the first stage of the same pipeline, with the fields that anyone may write, those of plugins too, and
   * with the contact roles, members, splits, competitors and products: all of it, or nothing. `changes` are what `create` takes, and
   * are preferred. Not copied: stage, probability, close dates, lost reason, activities, and contacts and members who are archived.
   *
   * @throws `not_found`, and what `create` throws: `reference_archived` for an account or an owner who is archived, unless `changes` name another.
   */
  clone(id: string, changes?: CloneChanges): Promise<OpportunityRecord>;
}

/** They begin anew with each opportunity. */
const OWN = ["stageId", "probability", "expectedCloseDate"];

export function cloneOperations(context: DomainContext): CloneOperations {
  return {
    clone: async (id, changes = {}) => {
      const given = checked(changes);
      return context.transaction((tx) => cloneIn(tx, id, given));
    },
  };
}

async function cloneIn(tx: DomainContext, id: string, given: Partial<NewOpportunity>): Promise<OpportunityRecord> {
  const source = await tx.opportunities.get(id);
  const copy = copyOf(opportunity.fields, without(source, OWN), (json) => tx.opportunities.fromJson(json, "create"));
  const { contactId = await liveContact(tx, source.contactId), ...changes } = given;
  const { contactId: _, amount, ...fields } = copy;
  const standing = amountFollows(source) ? {} : { amount };
  // Whoever is the primary contact comes with the roles.
  const made = await tx.opportunities.create({ ...fields, ...standing, ...changes } as NewOpportunity);
  await copyContacts(tx, { from: id, to: made.id, first: contactId });
  await copyLists(tx, { from: id, to: made });
  if (contactId !== null) await tx.opportunities.update(made.id, { contactId });
  return tx.opportunities.get(made.id);
}

async function liveContact(tx: DomainContext, id: string | null): Promise<string | null> {
  const contact = id === null ? undefined : await tx.contacts.find({ where: { id }, select: [] });
  return contact?.id ?? null;
}

/** Those of the contact `first` come first, so that it becomes the primary one. */
async function copyContacts(
  tx: DomainContext,
  { from, to, first }: { readonly from: string; readonly to: string; readonly first: string | null },
): Promise<void> {
  const where = { opportunityId: from, contact: { archivedAt: null } };
  const roles = await collect(tx.opportunityContacts.iterate({ where, orderBy: [{ createdAt: "asc" }] }));
  const inOrder = [
    ...roles.filter(({ contactId }) => contactId === first),
    ...roles.filter(({ contactId }) => contactId !== first),
  ];
  await tx.opportunityContacts.createMany(
    inOrder.map((role) => ({
      ...copyOf(opportunityContact.fields, role, (json) => tx.opportunityContacts.fromJson(json, "create")),
      opportunityId: to,
    })),
  );
}

async function copyLists(
  tx: DomainContext,
  { from, to }: { readonly from: string; readonly to: OpportunityRecord },
): Promise<void> {
  const where = { opportunityId: from };
  const opportunityId = to.id;
  const members = await collect(tx.opportunityMembers.iterate({ where: { ...where, user: { archivedAt: null } } }));
  await tx.opportunityMembers.createMany(
    members.map((member) => ({
      ...copyOf(opportunityMember.fields, member, (json) => tx.opportunityMembers.fromJson(json, "create")),
      opportunityId,
    })),
  );
  const splits = await collect(tx.opportunitySplits.iterate({ where }));
  const amounts = {
    revenue: amountsOf(
      to.amount,
      "revenue",
      splits.filter(({ kind }) => kind === "revenue"),
    ),
    overlay: amountsOf(
      to.amount,
      "overlay",
      splits.filter(({ kind }) => kind === "overlay"),
    ),
  };
  await tx.opportunitySplits.createMany(
    splits.map((split) => ({
      ...copyOf(opportunitySplit.fields, split, (json) => tx.opportunitySplits.fromJson(json, "create")),
      opportunityId,
      amount: amounts[split.kind].get(split.userId)!,
    })),
  );
  const competitors = await collect(tx.opportunityCompetitors.iterate({ where, include: { account: true } }));
  await tx.opportunityCompetitors.createMany(
    competitors.map(({ account, ...competitor }) => ({
      ...copyOf(opportunityCompetitor.fields, competitor, (json) => tx.opportunityCompetitors.fromJson(json, "create")),
      opportunityId,
      accountId: account?.archivedAt === null ? account.id : null,
    })),
  );
  const products = await collect(tx.opportunityProducts.iterate({ where }));
  await tx.opportunityProducts.createMany(
    products.map((product) => ({
      ...copyOf(opportunityProduct.fields, product, (json) => tx.opportunityProducts.fromJson(json, "create")),
      opportunityId,
    })),
  );
}

/** What of a record anyone may write: `accept` refuses the fields that only the kernel or other plugins write, and those are left out. */
function copyOf<T>(own: Fields, record: object, accept: (json: unknown) => T): T {
  const derived = Object.keys(own).filter((name) => own[name]!.writer === "operations");
  let values = without(record, ["id", ...derived]);
  for (;;) {
    try {
      return accept(values);
    } catch (error) {
      const issues = CrmError.is(error, "invalid_input") ? (error.details.issues ?? []) : [];
      const readOnly = issues.filter(({ code }) => code === "read_only_field").map(({ field }) => field);
      if (readOnly.length === 0) throw error;
      values = without(values, readOnly);
    }
  }
}

function without(record: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

/** The rest is checked by `create`. An operation may write more than who calls it. */
function checked(changes: unknown): Partial<NewOpportunity> {
  const parsed = z.record(z.string(), z.unknown()).safeParse(changes);
  if (!parsed.success) throw invalidInput("opportunity", inputIssues(parsed.error.issues, changes));
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  const issues = given.flatMap(([field]) =>
    (opportunity.fields as Fields)[field]?.writer === "operations"
      ? [{ field, code: "read_only_field", message: "is written by the operations of opportunity only" }]
      : [],
  );
  if (issues.length > 0) throw invalidInput("opportunity", issues);
  return Object.fromEntries(given);
}

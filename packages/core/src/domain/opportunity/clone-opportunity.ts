/** Makes a new opportunity like one that there is. */
import * as z from "zod";
import type { Fields } from "../../kernel/entity/field.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { EntityName, InputOf, RecordOf } from "../../kernel/entity/model.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { opportunity } from "./opportunity.ts";
import { amountFollows } from "./opportunity-amounts.ts";
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
const OWN = ["stageId", "probability", "expectedCloseDate"] as const;

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
  const copy = without(copyOf(tx, "opportunity", source), OWN);
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
  const roles = await Array.fromAsync(tx.opportunityContacts.iterate({ where, orderBy: [{ createdAt: "asc" }] }));
  const inOrder = [
    ...roles.filter(({ contactId }) => contactId === first),
    ...roles.filter(({ contactId }) => contactId !== first),
  ];
  await tx.opportunityContacts.createMany(
    inOrder.map((role) => ({
      ...copyOf(tx, "opportunityContact", role),
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
  const members = await Array.fromAsync(
    tx.opportunityMembers.iterate({ where: { ...where, user: { archivedAt: null } } }),
  );
  await tx.opportunityMembers.createMany(
    members.map((member) => ({
      ...copyOf(tx, "opportunityMember", member),
      opportunityId,
    })),
  );
  const splits = await Array.fromAsync(tx.opportunitySplits.iterate({ where }));
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
      ...copyOf(tx, "opportunitySplit", split),
      opportunityId,
      amount: amounts[split.kind].get(split.userId)!,
    })),
  );
  const competitors = await Array.fromAsync(tx.opportunityCompetitors.iterate({ where, include: { account: true } }));
  await tx.opportunityCompetitors.createMany(
    competitors.map(({ account, ...competitor }) => ({
      ...copyOf(tx, "opportunityCompetitor", competitor),
      opportunityId,
      accountId: account?.archivedAt === null ? account.id : null,
    })),
  );
  const products = await Array.fromAsync(tx.opportunityProducts.iterate({ where }));
  await tx.opportunityProducts.createMany(
    products.map((product) => ({
      ...copyOf(tx, "opportunityProduct", product),
      opportunityId,
    })),
  );
}

/** What of a record anyone may write, in columns of plugins and of the application too. */
function copyOf<E extends EntityName<DomainModel>>(
  tx: DomainContext,
  entity: E,
  record: RecordOf<DomainModel, E>,
): InputOf<DomainModel, E, "insert"> {
  const { fields } = tx.entities().find(({ name }) => name === entity)!;
  const copied = fields.filter(({ name, written }) => name !== "id" && (written === "anyone" || written === "once"));
  const values = record as Readonly<Record<string, unknown>>;
  return Object.fromEntries(copied.map(({ name }) => [name, values[name]])) as InputOf<DomainModel, E, "insert">;
}

function without<T extends object, const N extends string>(record: T, names: readonly N[]): Omit<T, N> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name as N))) as Omit<T, N>;
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

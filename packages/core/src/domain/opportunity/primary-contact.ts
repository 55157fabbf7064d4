/**
 * The primary contact of an opportunity is its own `contactId`, so that there is never more than one. These rules see to it that there
 * is one as soon as anybody has a role, and that it has a role itself, whichever way roles come and go. An archived role is none.
 */
import type { PatchInput, RecordOf } from "../../kernel/entity/model.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { lockEach } from "../lock-each.ts";

type OpportunityRecord = RecordOf<DomainModel, "opportunity">;
type Role = RecordOf<DomainModel, "opportunityContact">;
/** With whether its contact may become the primary one: nothing new refers to a contact that is archived. */
interface KnownRole extends Role {
  readonly contact: { readonly archivedAt: Date | null } | null;
}

export interface Change<R> {
  readonly before?: R;
  readonly after?: R;
}

export interface ProposedChange {
  readonly input: PatchInput<DomainModel, "opportunity"> & { readonly id: string };
  readonly before?: OpportunityRecord;
}

/** While there are roles, a primary contact that is cleared gives way to the earliest other one; where there is none, it stays. */
export async function replaceCleared(
  context: DomainContext,
  batch: readonly ProposedChange[],
): Promise<readonly (PatchInput<DomainModel, "opportunity"> | undefined)[]> {
  const contactChanges = batch.filter(({ input, before }) => before && input.contactId !== undefined);
  await lockEach(
    context,
    "opportunity",
    contactChanges.map(({ input }) => input.id),
  );
  const cleared = batch.filter(({ input, before }) => input.contactId === null && before?.contactId);
  const roles = await rolesByOpportunity(
    context,
    cleared.map(({ input }) => input.id),
  );
  return batch.map(({ input, before }) => {
    const own = input.contactId === null ? (roles.get(input.id) ?? []) : [];
    const other = own.find((role) => mayLead(role) && role.contactId !== before?.contactId);
    const next = other ?? own.find((role) => role.contactId === before?.contactId);
    return next && { contactId: next.contactId };
  });
}

/** Who becomes the primary contact has a role: the one it has, or "contact". */
export async function givePrimaryRoles(
  context: DomainContext,
  batch: readonly Change<OpportunityRecord>[],
): Promise<void> {
  const chosen = batch.flatMap(({ before, after }) =>
    after && after.contactId !== null && after.contactId !== before?.contactId
      ? [{ opportunityId: after.id, contactId: after.contactId }]
      : [],
  );
  if (chosen.length === 0) return;
  const where = {
    opportunityId: { in: chosen.map(({ opportunityId }) => opportunityId) },
    contactId: { in: [...new Set(chosen.map(({ contactId }) => contactId))] },
  };
  const roles = await Array.fromAsync(context.opportunityContacts.iterate({ where, archived: "include" }));
  const live = new Set(roles.filter(({ archivedAt }) => archivedAt === null).map(keyOf));
  const lacking = chosen.filter((role) => !live.has(keyOf(role)));
  const archived = new Map(roles.map((role) => [keyOf(role), role.id]));
  for (const role of lacking) {
    const id = archived.get(keyOf(role));
    if (id !== undefined) await context.opportunityContacts.restore(id);
  }
  await context.opportunityContacts.createMany(lacking.filter((role) => !archived.has(keyOf(role))));
}

/**
 * After roles have changed: the first contact with a role becomes the primary one. When the primary one has lost its last role, the
 * contact with the earliest role takes its place, or the one to whom the role was handed over, or nobody where no roles are left.
 */
export async function keepPrimaryContacts(context: DomainContext, batch: readonly Change<Role>[]): Promise<void> {
  const left = new Map<string, string | undefined>();
  for (const { before, after } of batch) {
    const live = after?.archivedAt === null ? after : undefined;
    const heir = live?.opportunityId === before?.opportunityId ? live?.contactId : undefined;
    if (before && heir !== before.contactId) left.set(keyOf(before), heir);
  }
  const ids = [
    ...new Set(batch.flatMap((change) => [change.before, change.after].flatMap((role) => role?.opportunityId ?? []))),
  ];
  await lockEach(context, "opportunity", ids);
  const opportunities = await Array.fromAsync(
    context.opportunities.iterate({ where: { id: { in: ids } }, select: ["contactId"], archived: "include" }),
  );
  const roles = await rolesByOpportunity(context, ids);
  const changed: { id: string; contactId: string | null }[] = [];
  const lacking: { opportunityId: string; contactId: string }[] = [];
  for (const { id, contactId } of opportunities) {
    const own = roles.get(id) ?? [];
    const earliest = own.find(mayLead);
    if (contactId === null) {
      if (earliest) changed.push({ id, contactId: earliest.contactId });
      continue;
    }
    if (own.some((role) => role.contactId === contactId)) continue;
    const primary = { opportunityId: id, contactId };
    const heir = left.get(keyOf(primary)) ?? earliest?.contactId ?? null;
    if (left.has(keyOf(primary))) changed.push({ id, contactId: heir });
    else lacking.push(primary);
  }
  await context.opportunityContacts.createMany(lacking);
  await context.opportunities.updateMany(changed);
}

/**
 * Contacts that are deleted hand over what they were the primary contact of, so that opportunities outlive people. One whose only
 * contact goes is left without roles first: while it has any, it cannot be without a primary one.
 */
export async function handOverOpportunities(
  context: DomainContext,
  batch: readonly { readonly before: { readonly id: string } }[],
): Promise<void> {
  const leaving = new Set(batch.map(({ before }) => before.id));
  const opportunities = await Array.fromAsync(
    context.opportunities.iterate({ where: { contactId: { in: [...leaving] } }, select: [], archived: "include" }),
  );
  const ids = opportunities.map(({ id }) => id);
  await lockEach(context, "opportunity", ids);
  const roles = await rolesByOpportunity(context, ids);
  const heirs: { id: string; contactId: string }[] = [];
  const last: string[] = [];
  for (const [id, own] of roles) {
    const heir = own.find((role) => mayLead(role) && !leaving.has(role.contactId));
    if (heir) heirs.push({ id, contactId: heir.contactId });
    else last.push(...own.filter((role) => leaving.has(role.contactId)).map((role) => role.id));
  }
  await context.opportunityContacts.deleteMany(last);
  await context.opportunities.updateMany(heirs);
}

/** Contacts who are no longer archived become the primary one of what had nobody else, once they are back. */
export async function leadAgain(
  context: DomainContext,
  batch: readonly Change<RecordOf<DomainModel, "contact">>[],
): Promise<void> {
  const back = batch.flatMap(({ before, after }) =>
    before?.archivedAt && after?.archivedAt === null ? [after.id] : [],
  );
  if (back.length === 0) return;
  const where = { contactId: { in: back }, opportunity: { contactId: null } };
  const roles = await Array.fromAsync(context.opportunityContacts.iterate({ where, orderBy: [{ createdAt: "asc" }] }));
  const first = new Map([...roles].reverse().map(({ opportunityId, contactId }) => [opportunityId, contactId]));
  await lockEach(context, "opportunity", [...first.keys()]);
  const lacking = await Array.fromAsync(
    context.opportunities.iterate({ where: { id: { in: [...first.keys()] }, contactId: null }, select: [] }),
  );
  await context.opportunities.updateMany(lacking.map(({ id }) => ({ id, contactId: first.get(id)! })));
}

function mayLead({ contact }: KnownRole): boolean {
  return contact?.archivedAt === null;
}

/** The roles that are not archived, the earliest first; of opportunities that have any. */
async function rolesByOpportunity(
  context: DomainContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly KnownRole[]>> {
  const found = new Map<string, KnownRole[]>();
  if (ids.length === 0) return found;
  const query = {
    where: { opportunityId: { in: ids } },
    orderBy: [{ createdAt: "asc" }],
    include: { contact: true },
  } as const;
  for await (const role of context.opportunityContacts.iterate(query))
    found.set(role.opportunityId, [...(found.get(role.opportunityId) ?? []), role]);
  return found;
}

function keyOf({ opportunityId, contactId }: { readonly opportunityId: string; readonly contactId: string }): string {
  return `${opportunityId} ${contactId}`;
}

/** Whether somebody may use a benefit on a day, and why. */
import { membersThrough } from "../inheritance/members-through.ts";
import { membershipsOfParties } from "../inheritance/memberships-of.ts";
import type { WithoutReason } from "../inheritance/seats.ts";
import type { BenefitRecord, MembershipsContext } from "../parts.ts";
import { type Balance, readBalance } from "./read-balance.ts";

/** A contact, an account, or one of their memberships; with a membership, the contact is who uses it. */
export type BenefitMember =
  | { readonly contactId: string; readonly accountId?: undefined; readonly membershipId?: undefined }
  | { readonly accountId: string; readonly contactId?: undefined; readonly membershipId?: undefined }
  | { readonly membershipId: string; readonly contactId?: string; readonly accountId?: undefined };

/**
 * `not_a_member`: no membership, of its own or through another one. `status_does_not_count`: there is one, and its status does not count.
 * `no_seat`, `deceased`: there is one through another member, see `membersThrough`. `not_in_level`: the level does not have the benefit.
 * `person_required`: each person has a quota, and it was not said which. `quota_used_up`: less is left than was asked for.
 */
export type MayReason =
  | "entitled"
  | "not_a_member"
  | "status_does_not_count"
  | Exclude<WithoutReason, "membership_does_not_count">
  | "not_in_level"
  | "person_required"
  | "quota_used_up";

export interface MayUse {
  readonly allowed: boolean;
  readonly reason: MayReason;
  /** By which it may, or may not; null for somebody without any. */
  readonly membershipId: string | null;
  readonly benefitId: string | null;
  readonly status: string | null;
  /** Null where there is nothing to use. */
  readonly balance: Balance | null;
  /** Whose use it is; null: the account's. */
  readonly contactId: string | null;
}

/** A membership that somebody has a part in on a day. */
export interface Holding {
  readonly membershipId: string;
  readonly programId: string;
  readonly status: string;
  readonly reason: Exclude<MayReason, "entitled"> | null;
  readonly contactId: string | null;
}

/** The first of the memberships by which it may; else the first one's reason. */
export async function mayUse(
  context: MembershipsContext,
  {
    holdings,
    benefits,
    day,
    quantity,
  }: {
    readonly holdings: readonly Holding[];
    /** Those of the key, one for each program. */
    readonly benefits: readonly BenefitRecord[];
    readonly day: string;
    readonly quantity: number;
  },
): Promise<MayUse> {
  let refused: MayUse | undefined;
  for (const holding of holdings) {
    const benefit = benefits.find(({ programId }) => programId === holding.programId);
    if (benefit === undefined) continue;
    const found = await mayByOne(context, { holding, benefit, day, quantity });
    if (found.allowed) return found;
    refused ??= found;
  }
  return refused ?? { allowed: false, ...none, reason: holdings.length > 0 ? "not_in_level" : "not_a_member" };
}

const none = { membershipId: null, benefitId: null, status: null, balance: null, contactId: null };

async function mayByOne(
  context: MembershipsContext,
  {
    holding,
    benefit,
    day,
    quantity,
  }: {
    readonly holding: Holding;
    readonly benefit: BenefitRecord;
    readonly day: string;
    readonly quantity: number;
  },
): Promise<MayUse> {
  const { membershipId, status, contactId } = holding;
  const known = { membershipId, benefitId: benefit.id, status, balance: null, contactId };
  if (holding.reason !== null) return { allowed: false, ...known, reason: holding.reason };
  const balance = await readBalance(context, { membershipId, benefit, contactId, day });
  if (balance === undefined) return { allowed: false, ...known, reason: "not_in_level" };
  if (benefit.quotaOf === "person" && contactId === null)
    return { allowed: false, ...known, reason: "person_required" };
  const enough = balance.usable === null || balance.usable >= quantity;
  return { allowed: enough, ...known, balance, reason: enough ? "entitled" : "quota_used_up" };
}

/** The memberships that somebody has a part in, the best one first: see `membershipsOf`. */
export async function holdingsOf(
  context: MembershipsContext,
  member: BenefitMember,
  day: string,
): Promise<readonly Holding[]> {
  if (member.membershipId !== undefined) return holdingOf(context, member, day);
  const { contactId, accountId } = member;
  const parties = contactId === undefined ? { accountIds: [accountId!] } : { contactIds: [contactId] };
  const all = (await membershipsOfParties(context, parties, { day })).get((contactId ?? accountId)!) ?? [];
  return all.map(({ membershipId, programId, status, counts, reason }) => ({
    ...{ membershipId, programId, status, contactId: contactId ?? null },
    reason: counts ? null : reasonOf(reason),
  }));
}

async function holdingOf(
  context: MembershipsContext,
  { membershipId, contactId }: { readonly membershipId: string; readonly contactId?: string },
  day: string,
): Promise<readonly Holding[]> {
  const membership = await context.memberships.get(membershipId);
  const through = (await membersThrough(context, [membershipId], day)).get(membershipId)!;
  if (through.status === null) return [];
  const shared = { membershipId, programId: membership.programId, status: through.status };
  if (contactId === undefined || contactId === membership.contactId)
    return [{ ...shared, contactId: membership.contactId, reason: through.counts ? null : "status_does_not_count" }];
  if (through.members.some((each) => each.contactId === contactId)) return [{ ...shared, contactId, reason: null }];
  const without = through.without.find((each) => each.contactId === contactId);
  return without ? [{ ...shared, contactId, reason: reasonOf(without.reason) }] : [];
}

function reasonOf(reason: WithoutReason | null): Exclude<MayReason, "entitled"> {
  return reason === null || reason === "membership_does_not_count" ? "status_does_not_count" : reason;
}

/** Using benefits and giving them back. */
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, parsed } from "../asked.ts";
import { lockMemberships } from "../chain/lock-memberships.ts";
import type { BenefitRecord, BenefitUseRecord, MembershipsContext } from "../parts.ts";
import { type BenefitMember, holdingsOf, mayUse } from "./may-use.ts";

export interface UseOptions {
  /** The day, "YYYY-MM-DD"; today for the organisation, unless given. */
  readonly on?: string;
  /** 1 unless given. */
  readonly quantity?: number;
}

export interface UseRecording extends UseOptions {
  /** The caller's own name for this use: however often it is reported, it is recorded once. */
  readonly key?: string;
  readonly note?: string;
}

const most = 1_000_000_000;
const optionsSchema = z.strictObject({
  on: daySchema.optional(),
  quantity: z.number().int().min(1).max(most).optional(),
  key: z.string().min(1).max(200).optional(),
  note: z.string().max(2_000).optional(),
});

const memberSchema = z.strictObject({
  membershipId: z.string().optional(),
  contactId: z.string().optional(),
  accountId: z.string().optional(),
});

/** A contact, an account, a membership, or a contact by a membership. */
function requireMember({ membershipId, contactId, accountId }: z.output<typeof memberSchema>): void {
  const other = membershipId ?? contactId;
  if ((accountId === undefined) !== (other === undefined)) return;
  const message = "or contactId, or accountId alone, is required: a member is a contact, an account, or a membership";
  throw invalidInput("membershipBenefitUse", [{ field: "membershipId", code: "missing_field", message }]);
}

/** A member and options that are what they should be. @throws `invalid_input` */
export async function askedUse(
  context: MembershipsContext,
  member: BenefitMember,
  options: UseRecording,
): Promise<UseRecording & { readonly member: BenefitMember; readonly day: string; readonly quantity: number }> {
  requireMember(parsed("membershipBenefitUse", memberSchema, member));
  parsed("membershipBenefitUse", optionsSchema, options);
  const { on, quantity = 1, ...more } = options;
  return { ...more, member, quantity, day: on ?? (await context.settings.today()) };
}

/** Those of the key, one for each program that has it. @throws `unknown_benefit` */
export async function benefitsOf(context: MembershipsContext, key: string): Promise<readonly BenefitRecord[]> {
  const benefits = await Array.fromAsync(context.membershipBenefits.iterate({ where: { key } }));
  if (benefits.length > 0) return benefits;
  const { items } = await context.membershipBenefits.list({ limit: 50, select: ["key"] });
  const known = [...new Set(items.map((each) => each.key))].join(", ");
  throw context.error("unknown_benefit", { benefit: key, known: known === "" ? "none yet" : known });
}

/** Reads what it decides by under the lock of each membership that it may use. */
export async function useBenefit(
  context: MembershipsContext,
  member: BenefitMember,
  use: { readonly key: string; readonly recording: UseRecording },
): Promise<BenefitUseRecord> {
  const { day, quantity, key, note } = await askedUse(context, member, use.recording);
  const benefits = await benefitsOf(context, use.key);
  const lockable = (await holdingsOf(context, member, day)).map(({ membershipId }) => membershipId);
  return context.transaction(async (tx) => {
    await lockMemberships(tx, lockable, ...(key === undefined ? [] : [`membershipBenefitUse:${key}`]));
    const recorded = key === undefined ? undefined : await tx.membershipBenefitUses.find({ where: { key } });
    if (recorded) return sameUse(tx, recorded, { member, benefits, quantity, on: use.recording.on });
    const holdings = (await holdingsOf(tx, member, day)).filter(({ membershipId }) => lockable.includes(membershipId));
    const { allowed, reason, balance, membershipId, benefitId, contactId } = await mayUse(tx, {
      ...{ holdings, benefits, day, quantity },
    });
    if (!allowed) {
      const left = balance?.usable ?? 0;
      throw tx.error("benefit_refused", {
        ...{ entity: "membershipBenefitUse", benefit: use.key, quantity, day, reason, left, membershipId },
      });
    }
    return tx.membershipBenefitUses.create({
      ...{ membershipId: membershipId!, benefitId: benefitId!, contactId, usedOn: day, quantity },
      ...{ ...(key === undefined ? {} : { key }), ...(note === undefined ? {} : { note }) },
    });
  });
}

interface Reported {
  readonly member: BenefitMember;
  readonly benefits: readonly BenefitRecord[];
  readonly quantity: number;
  readonly on: string | undefined;
}

/** The use that was recorded, where it is what is reported again; what is not said is not compared. */
async function sameUse(
  context: MembershipsContext,
  recorded: BenefitUseRecord,
  { member, benefits, quantity, on = recorded.usedOn }: Reported,
): Promise<BenefitUseRecord> {
  const { accountId } = await context.memberships.get(recorded.membershipId);
  const known = { membershipId: recorded.membershipId, contactId: recorded.contactId, accountId };
  const fields: readonly (readonly [field: string, was: unknown, given: unknown])[] = [
    ["membershipId", known.membershipId, member.membershipId ?? known.membershipId],
    ["contactId", known.contactId, member.contactId ?? known.contactId],
    ["accountId", known.accountId, member.accountId ?? known.accountId],
    ["benefitId", recorded.benefitId, benefits.find(({ id }) => id === recorded.benefitId)?.id ?? benefits[0]!.id],
    ["usedOn", recorded.usedOn, on],
    ["quantity", recorded.quantity, quantity],
  ];
  for (const [field, was, given] of fields)
    if (was !== given)
      throw context.error("use_differs", {
        ...{ entity: "membershipBenefitUse", id: recorded.id, key: recorded.key, field, recorded: was, given },
      });
  return recorded;
}

const backSchema = z.strictObject({ quantity: z.number().int().min(1).max(most).optional() });

/** All that is left of a use, unless it is said how much. */
export async function giveBack(
  context: MembershipsContext,
  useId: string,
  options: { readonly quantity?: number },
): Promise<BenefitUseRecord> {
  const { quantity } = parsed("membershipBenefitUse", backSchema, options);
  const { membershipId } = await context.membershipBenefitUses.get(useId);
  return context.transaction(async (tx) => {
    await lockMemberships(tx, [membershipId]);
    const use = await tx.membershipBenefitUses.get(useId);
    const left = use.quantity - use.givenBack;
    const given = quantity ?? left;
    if (given > left || left === 0)
      throw tx.error("gives_back_too_much", {
        ...{ entity: "membershipBenefitUse", field: "quantity", id: useId, left, given: Math.max(given, 1) },
      });
    return tx.membershipBenefitUses.update(useId, { givenBack: use.givenBack + given });
  });
}

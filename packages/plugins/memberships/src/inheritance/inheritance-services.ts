/** The questions about membership through others, as `crm.memberships` has them. */
import { compareText } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, parsed } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { type InheritedMember, inheritedMembers } from "./inherited-members.ts";
import { type MembersThrough, membersThrough } from "./members-through.ts";
import { membershipsOfParties, type PartyMembership } from "./memberships-of.ts";
import { type SeatChanges, seatChangesBetween } from "./seat-changes.ts";

/** A contact or an account. */
export type OneParty =
  | { readonly contactId: string; readonly accountId?: undefined }
  | { readonly accountId: string; readonly contactId?: undefined };

export type PartyQuery = OneParty & {
  /** The day, "YYYY-MM-DD"; today for the organisation, unless given. */
  readonly on?: string;
  readonly programId?: string;
};

export interface DayQuery {
  /** The day, "YYYY-MM-DD"; today for the organisation, unless given. */
  readonly on?: string;
}

const partySchema = z
  .strictObject({
    contactId: z.string().optional(),
    accountId: z.string().optional(),
    on: daySchema.optional(),
    programId: z.string().optional(),
    levelId: z.string().optional(),
  })
  .refine(({ contactId, accountId }) => (contactId === undefined) !== (accountId === undefined), {
    path: ["contactId"],
    message: "or accountId is required, and not both: who is meant is a contact or an account",
  });
const dayQuerySchema = z.strictObject({ on: daySchema.optional() });
const spanSchema = z.strictObject({ from: daySchema, to: daySchema.optional() });
const programsSchema = z.strictObject({
  on: daySchema.optional(),
  programIds: z.array(z.string()).max(1_000).optional(),
});

/** All throw `invalid_input`. By a handle of the past they answer with what was known then. */
export function inheritanceServices(context: MembershipsContext) {
  const today = () => context.settings.today();
  return {
    /**
     * Who has the membership through its member, and who has a tie to the member and does not: because all seats are taken by those who have
     * been there for longer, because the member's own status does not count, or because of death. @throws `not_found`
     */
    async membersThrough(membershipId: string, query: DayQuery = {}): Promise<MembersThrough> {
      const { on } = parsed("membership", dayQuerySchema, query);
      return through(context, membershipId, on ?? (await today()));
    },

    /** Who has gained and who has lost a seat from one day to another one (today, unless given), and why. @throws `not_found` */
    async seatChanges(
      membershipId: string,
      query: { readonly from: string; readonly to?: string },
    ): Promise<SeatChanges> {
      const { from, to = await today() } = parsed("membership", spanSchema, query);
      const [earlier, later] = [await through(context, membershipId, from), await through(context, membershipId, to)];
      return seatChangesBetween(earlier, later);
    },

    /**
     * The memberships that a contact or an account has on the day: its own first, then, of a contact, those through others; also those that do
     * not count, with the reason.
     */
    async membershipsOf(query: PartyQuery): Promise<readonly PartyMembership[]> {
      const { contactId, accountId, on, programId } = parsed("membership", partySchema, query);
      const asked = { day: on ?? (await today()), programId };
      return (
        (await membershipsOfParties(context, partiesOf({ contactId, accountId }), asked)).get(
          (contactId ?? accountId)!,
        ) ?? []
      );
    },

    /** Whether a contact or an account is a member on the day, of its own or through another one. */
    async isMember(query: PartyQuery & { readonly levelId?: string }): Promise<boolean> {
      const { contactId, accountId, on, programId, levelId } = parsed("membership", partySchema, query);
      const asked = { day: on ?? (await today()), programId };
      const all =
        (await membershipsOfParties(context, partiesOf({ contactId, accountId }), asked)).get(
          (contactId ?? accountId)!,
        ) ?? [];
      return all.some((each) => each.counts && (levelId === undefined || each.levelId === levelId));
    },

    /**
     * Everybody who has a seat on the day, by program, membership and contact: in these programs, or in all. What there is for counts: a person
     * may have several seats, and a membership of its own beside them.
     */
    async inheritedMembers(
      query: DayQuery & { readonly programIds?: readonly string[] } = {},
    ): Promise<readonly InheritedMember[]> {
      const { on, programIds } = parsed("membership", programsSchema, query);
      const all: InheritedMember[] = [];
      for await (const each of inheritedMembers(context, { day: on ?? (await today()), programIds })) all.push(each);
      return all.sort(
        (a, b) =>
          compareText(a.programId, b.programId) ||
          compareText(a.membershipId, b.membershipId) ||
          compareText(a.contactId, b.contactId),
      );
    },
  };
}

async function through(context: MembershipsContext, membershipId: string, day: string): Promise<MembersThrough> {
  await context.memberships.get(membershipId);
  return (await membersThrough(context, [membershipId], day)).get(membershipId)!;
}

function partiesOf({
  contactId,
  accountId,
}: {
  readonly contactId?: string | undefined;
  readonly accountId?: string | undefined;
}) {
  return contactId === undefined ? { accountIds: [accountId!] } : { contactIds: [contactId] };
}

/** The questions about membership through others, as `crm.memberships` has them. */
import { compareText } from "@relata/core/plugin";
import * as z from "zod";
import { type DayQuery, dayQuerySchema, daySchema, parsed, requireParty } from "../asked.ts";
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

const partySchema = z.strictObject({
  contactId: z.string().optional(),
  accountId: z.string().optional(),
  on: daySchema.optional(),
  programId: z.string().optional(),
});
const levelSchema = partySchema.extend({ levelId: z.string().optional() });
const spanSchema = z.strictObject({ from: daySchema, to: daySchema.optional() });
const programsSchema = z.strictObject({
  on: daySchema.optional(),
  programIds: z.array(z.string()).max(1_000).optional(),
});

/** All throw `invalid_input`. By a handle of the past they answer with what was known then. */
export function inheritanceServices(context: MembershipsContext) {
  const today = () => context.settings.today();
  const ofParty = async ({ contactId, accountId, on, programId }: z.output<typeof partySchema>) => {
    requireParty({ contactId, accountId });
    const parties = contactId === undefined ? { accountIds: [accountId!] } : { contactIds: [contactId] };
    const asked = { day: on ?? (await today()), programId };
    return (await membershipsOfParties(context, parties, asked)).get((contactId ?? accountId)!) ?? [];
  };
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
      return ofParty(parsed("membership", partySchema, query));
    },

    /** Whether a contact or an account is a member on the day, of its own or through another one. */
    async isMember(query: PartyQuery & { readonly levelId?: string }): Promise<boolean> {
      const { levelId, ...party } = parsed("membership", levelSchema, query);
      const all = await ofParty(party);
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
      const all = await Array.fromAsync(inheritedMembers(context, { day: on ?? (await today()), programIds }));
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

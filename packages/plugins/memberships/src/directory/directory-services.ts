/** Directory, membership numbers and cards, as `crm.memberships` has them. */
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, parsed, requireParty } from "../asked.ts";
import type { OneParty, PartyQuery } from "../inheritance/inheritance-services.ts";
import { membershipsOfParties } from "../inheritance/memberships-of.ts";
import type { ListingRecord, MembershipRecord, MembershipsContext } from "../parts.ts";
import { numberAll } from "./assign-numbers.ts";
import { type Audience, audiences, type ListedField, listedFields } from "./audience.ts";
import { type CardQuery, cards, type MembershipCard } from "./card.ts";
import { type CardPageOptions, cardPage, englishCardWords } from "./card-page.ts";
import { type DirectoryPage, type DirectoryQuery, directory } from "./directory.ts";

export type Listing = { readonly [field in ListedField]?: Audience };

const listingSchema = z.partialRecord(z.enum(listedFields), z.enum(audiences));
const listedSchema = z.strictObject({
  programId: idSchema,
  contactId: idSchema.optional(),
  accountId: idSchema.optional(),
});
const cardSchema = z.strictObject({ contactId: z.string().optional(), on: daySchema.optional() });
const pageSchema = z.strictObject({
  on: daySchema.optional(),
  language: z.string().optional(),
  words: z.partialRecord(z.enum(Object.keys(englishCardWords)), z.string()).optional(),
  formatDay: z.custom((value) => typeof value === "function", { message: "must be a function" }).optional(),
});
const audienceSchema = z.object({ programId: z.string(), on: daySchema.optional() });

/** All throw `invalid_input`. */
export function directoryServices(context: MembershipsContext) {
  return {
    /**
     * The members on a day, with what each lets the audience see, page by page. An internal program has none for the public.
     *
     * @throws `invalid_input`; `not_found` for the program; `invalid_cursor`
     * @example
     * ```ts run with memberships
     * await crm.memberships.setListing({ programId: program.id, contactId: anna.id }, { name: "public", level: "members" });
     * const { items } = await crm.memberships.directory({ programId: program.id, audience: "public" });
     * console.log(items[0]?.name, items[0]?.level); // Anna Silva, undefined
     * ```
     */
    directory: (query: DirectoryQuery): Promise<DirectoryPage> => directory(context, query),

    /**
     * Sets what a contact or an account lets be seen in the program's directory; what is not given stays, at first with staff alone. One write.
     *
     * @throws `invalid_input`, `reference_not_found`
     */
    async setListing(party: OneParty & { readonly programId: string }, listing: Listing): Promise<ListingRecord> {
      const shown = parsed("membershipListing", listingSchema, listing);
      const { programId, ...listed } = parsed("membershipListing", listedSchema, party);
      const { contactId, accountId } = requireParty(listed, "membershipListing");
      const { record } = contactId
        ? await context.membershipListings.upsert(
            { programId, contactId, ...shown },
            { by: ["programId", "contactId"] },
          )
        : await context.membershipListings.upsert(
            { programId, accountId, ...shown },
            { by: ["programId", "accountId"] },
          );
      return record;
    },

    /** What a contact or an account may see of the others: as a member of the program, or as anybody. @throws `invalid_input` */
    async audienceOf(query: PartyQuery & { readonly programId: string }): Promise<"members" | "public"> {
      const { programId, on } = parsed("membership", audienceSchema, query);
      const { contactId, accountId } = requireParty(query);
      const parties = contactId ? { contactIds: [contactId] } : { accountIds: [accountId!] };
      const asked = { programId, day: on ?? (await context.settings.today()) };
      const all = (await membershipsOfParties(context, parties, asked)).get((contactId ?? accountId)!) ?? [];
      return all.some(({ counts }) => counts) ? "members" : "public";
    },

    /** Gives a member a number by hand, or none (null). @throws `invalid_input`, `not_found`; `not_unique` for one that another member of the program has */
    async setNumber(membershipId: string, number: string | null): Promise<MembershipRecord> {
      parsed("membership", z.strictObject({ number: z.string().min(1).max(100).nullable() }), { number });
      return context.memberships.update(membershipId, { number });
    },

    /**
     * Gives numbers to those who were members before the program had a format, in the order in which they joined. How many there were.
     *
     * @throws `not_found`
     */
    numberMembers: (programId: string): Promise<number> => numberAll(context, programId),

    /** What stands on a member's card. @throws `invalid_input`, `not_found`; `no_card` for a membership that does not count on the day, and for somebody without a seat */
    async card(
      membershipId: string,
      query: { readonly contactId?: string; readonly on?: string } = {},
    ): Promise<MembershipCard> {
      const { contactId, on } = parsed("membership", cardSchema, query);
      const asked = { membershipId, ...(contactId === undefined ? {} : { contactId }) };
      return (await cards(context, [asked], on === undefined ? {} : { on }))[0]!;
    },

    /** Cards of the size of a bank card, as a page of HTML to print: 1 to 1,000. @throws as `card` */
    async cardPage(
      members: readonly CardQuery[],
      query: CardPageOptions & { readonly on?: string } = {},
    ): Promise<string> {
      parsed("membership", pageSchema, query);
      const { on, ...options } = query;
      return cardPage(await cards(context, members, on === undefined ? {} : { on }), options);
    },
  };
}

interface ProposedListing {
  readonly input: { readonly contactId?: string | null; readonly accountId?: string | null };
  readonly before?: unknown;
}

/** Before listings are written, whoever writes them. @throws `invalid_input` for one of nobody, or of two */
export async function proposeListings(_context: MembershipsContext, batch: readonly ProposedListing[]): Promise<void> {
  for (const { input, before } of batch)
    if (before === undefined && Boolean(input.contactId) === Boolean(input.accountId))
      throw invalidInput("membershipListing", [
        {
          ...{ field: "contactId", code: "missing_field" },
          message: "or accountId is required, and not both: whose listing it is",
        },
      ]);
}

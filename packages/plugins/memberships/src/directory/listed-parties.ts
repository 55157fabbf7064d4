/** The contacts and accounts of a page of a directory, with what may be told of them. */
import { contactDisplay } from "@relata/core";
import type { ListingRecord, MembershipsContext } from "../parts.ts";
import { type Audience, type ListedField, shownTo } from "./audience.ts";
import type { AccountWhere, ContactWhere } from "./member-condition.ts";

export interface ListedAddress {
  readonly street: string | null;
  readonly city: string | null;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly country: string | null;
}

/** All that there is; what the audience may see of it is decided later. */
export interface ListedParty {
  readonly id: string;
  /** What it is ordered by, before the id. */
  readonly keys: readonly (string | null)[];
  readonly listing: ListingRecord | undefined;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly address: ListedAddress | null;
  readonly jobTitle: string | null;
  readonly organization: string | null;
  readonly website: string | null;
  readonly industry: string | null;
}

/** Where a page ended. */
export type Place = Pick<ListedParty, "id" | "keys">;

export interface PartiesQuery {
  readonly programId: string;
  readonly audience: Audience;
  /** Each is a part of something that the audience sees. */
  readonly words: readonly string[];
  /** Whether a level was asked for: then it must be one that the audience sees. */
  readonly isByLevel: boolean;
  readonly limit: number;
}

const has = (word: string) => ({ contains: word, fold: true });

/** By family name and given name: those of a condition after a place. */
export async function listedContacts(
  context: MembershipsContext,
  condition: ContactWhere,
  { programId, audience, words, isByLevel, limit, after }: PartiesQuery & { readonly after: Place | undefined },
): Promise<readonly ListedParty[]> {
  const sees = (field: ListedField): ContactWhere =>
    audience === "staff" ? {} : { membershipListings: { some: { programId, [field]: { in: shownTo(audience) } } } };
  const within = (word: string): ContactWhere => ({
    or: [
      { fullName: has(word) },
      { and: [{ email: has(word) }, sees("email")] },
      { and: [{ jobTitle: { contains: word } }, sees("jobTitle")] },
      { and: [{ account: { name: has(word) } }, sees("organization")] },
      { and: [{ postalAddresses: { some: { isPrimary: true, city: has(word) } } }, sees("address")] },
    ],
  });
  const ofLevel = isByLevel ? [sees("level")] : [];
  // A contact without a name is displayed by an address or a number, which not everybody may see.
  const named: ContactWhere[] = audience === "staff" ? [] : [{ fullName: { ne: null } }];
  const query = {
    where: { and: [condition, sees("name"), ...ofLevel, ...named, ...words.map(within)] },
    orderBy: [{ familyName: "asc" as const }, { givenName: "asc" as const }],
  };
  const [familyName, givenName] = after?.keys ?? [];
  const place = after && (await context.contacts.cursorAfter({ id: after.id, familyName, givenName } as never, query));
  const { items } = await context.contacts.list({
    ...{ ...query, include: { account: true }, limit, after: place },
  });
  const more = await moreOf(context, { contactId: { in: items.map(({ id }) => id) } }, programId);
  return items.map((contact) => ({
    ...{ id: contact.id, keys: [contact.familyName, contact.givenName], ...more(contact.id) },
    ...{ name: contactDisplay(contact), email: contact.email, phone: contact.phone, jobTitle: contact.jobTitle },
    ...{ organization: contact.account?.name ?? null, website: null, industry: null },
  }));
}

/** By name: those of a condition after a place. */
export async function listedAccounts(
  context: MembershipsContext,
  condition: AccountWhere,
  { programId, audience, words, isByLevel, limit, after }: PartiesQuery & { readonly after: Place | undefined },
): Promise<readonly ListedParty[]> {
  const sees = (field: ListedField): AccountWhere =>
    audience === "staff" ? {} : { membershipListings: { some: { programId, [field]: { in: shownTo(audience) } } } };
  const within = (word: string): AccountWhere => ({
    or: [
      { name: has(word) },
      { and: [{ domain: has(word) }, sees("website")] },
      { and: [{ industry: has(word) }, sees("industry")] },
      { and: [{ postalAddresses: { some: { isPrimary: true, city: has(word) } } }, sees("address")] },
    ],
  });
  const ofLevel = isByLevel ? [sees("level")] : [];
  const query = {
    where: { and: [condition, sees("name"), ...ofLevel, ...words.map(within)] },
    orderBy: [{ name: "asc" as const }],
  };
  const place = after && (await context.accounts.cursorAfter({ id: after.id, name: after.keys[0] } as never, query));
  const { items } = await context.accounts.list({
    ...{ ...query, limit, after: place },
  });
  const more = await moreOf(context, { accountId: { in: items.map(({ id }) => id) } }, programId);
  return items.map((account) => ({
    ...{ id: account.id, keys: [account.name], ...more(account.id), name: account.name, email: null },
    ...{
      phone: account.phone,
      jobTitle: null,
      organization: null,
      website: account.domain,
      industry: account.industry,
    },
  }));
}

type OfParties = { readonly contactId: { readonly in: string[] } } | { readonly accountId: { readonly in: string[] } };

/** By party: what it lets be seen, and its primary address. */
async function moreOf(context: MembershipsContext, parties: OfParties, programId: string) {
  const listings = new Map<string, ListingRecord>();
  for await (const listing of context.membershipListings.iterate({ where: { ...parties, programId } }))
    listings.set((listing.contactId ?? listing.accountId)!, listing);
  const addresses = new Map<string, ListedAddress>();
  const primary = context.postalAddresses.iterate({ where: { ...parties, isPrimary: true } });
  for await (const { contactId, accountId, street, city, region, postalCode, country } of primary)
    addresses.set((contactId ?? accountId)!, { street, city, region, postalCode, country });
  return (id: string) => ({ listing: listings.get(id), address: addresses.get(id) ?? null });
}

/** The contacts and accounts of a page of a directory, with what may be told of them. */
import { contactDisplay } from "@relata/core";
import type { ListingRecord, MembershipsContext } from "../parts.ts";
import { type Audience, type ListedField, shownTo } from "./audience.ts";
import type { AccountWhere, ContactWhere, MemberConditions } from "./member-condition.ts";

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

export interface PartiesQuery {
  readonly programId: string;
  readonly audience: Audience;
  readonly conditions: MemberConditions;
  /** Each is a part of something that the audience sees. */
  readonly words: readonly string[];
  readonly limit: number;
  readonly after: string | undefined;
}

export interface PartiesPage {
  readonly parties: readonly ListedParty[];
  readonly next: string | undefined;
}

const has = (word: string) => ({ contains: word, fold: true });

/** By family name and given name. */
export async function listedContacts(context: MembershipsContext, query: PartiesQuery): Promise<PartiesPage> {
  const { programId, audience, conditions, words, limit, after } = query;
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
  // A contact without a name is displayed by an address or a number, which not everybody may see.
  const named: ContactWhere[] = audience === "staff" ? [] : [{ fullName: { ne: null } }];
  const page = await context.contacts.list({
    where: { and: [conditions.contacts, sees("name"), ...named, ...words.map(within)] },
    orderBy: [{ familyName: "asc" }, { givenName: "asc" }],
    include: {
      membershipListings: { where: { programId }, limit: 1 },
      postalAddresses: { where: { isPrimary: true }, limit: 1 },
      account: true,
    },
    ...{ limit, after },
  });
  const parties = page.items.map(
    (contact): ListedParty => ({
      ...{ id: contact.id, listing: contact.membershipListings[0], name: contactDisplay(contact) },
      ...{ email: contact.email, phone: contact.phone, address: contact.postalAddresses[0] ?? null },
      ...{ jobTitle: contact.jobTitle, organization: contact.account?.name ?? null, website: null, industry: null },
    }),
  );
  return { parties, next: page.next };
}

/** By name. */
export async function listedAccounts(context: MembershipsContext, query: PartiesQuery): Promise<PartiesPage> {
  const { programId, audience, conditions, words, limit, after } = query;
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
  const page = await context.accounts.list({
    where: { and: [conditions.accounts, sees("name"), ...words.map(within)] },
    orderBy: [{ name: "asc" }],
    include: {
      membershipListings: { where: { programId }, limit: 1 },
      postalAddresses: { where: { isPrimary: true }, limit: 1 },
    },
    ...{ limit, after },
  });
  const parties = page.items.map(
    (account): ListedParty => ({
      ...{ id: account.id, listing: account.membershipListings[0], name: account.name, email: null },
      ...{ phone: account.phone, address: account.postalAddresses[0] ?? null, jobTitle: null, organization: null },
      ...{ website: account.domain, industry: account.industry },
    }),
  );
  return { parties, next: page.next };
}

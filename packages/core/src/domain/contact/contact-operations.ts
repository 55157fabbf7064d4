/** The operations that only contacts have. */
import type { Page } from "../../kernel/repository/repository.ts";
import type { DomainContext } from "../domain-model.ts";
import { type AffiliatedQuery, contactsOfAccount } from "./affiliations.ts";
import { type BirthdayQuery, birthdaysIn } from "./birthdays.ts";
import { type ContactRecord, contactsByEmail, contactsByPhone, type LookUpOptions } from "./find-parties.ts";
import { listContactsByName, type NameQuery } from "./list-by-name.ts";
import {
  liftRestrictions,
  type Permission,
  type PermissionQuery,
  permissionsOf,
  type RestrictionRecord,
  restrictContact,
} from "./may-contact.ts";

export interface OwnContactOperations {
  /** Those that have this e-mail address, however it is written, by id; at most 1,000. @throws `invalid_input` for what is none. */
  byEmail(address: string, options?: LookUpOptions): Promise<readonly ContactRecord[]>;
  /** Those that have this phone number, by id; at most 1,000. @throws `invalid_input` for what is none. */
  byPhone(number: string, options?: LookUpOptions): Promise<readonly ContactRecord[]>;
  /** Those that have an affiliation with the account on a day. */
  ofAccount(accountId: string, query?: AffiliatedQuery): Promise<Page<ContactRecord>>;
  /** Those whose birthday is in some days. */
  birthdays(query: BirthdayQuery): Promise<Page<ContactRecord>>;
  /** In the alphabetical order of the reader's locale. Reads the names of all that match for each page. */
  listByName(query: NameQuery): Promise<Page<ContactRecord>>;
  /** Whether the contact may be approached by the channel on a day, and if not, why. @throws `not_found` */
  mayContact(id: string, query: PermissionQuery): Promise<Permission>;
  /** The same of many, in their order: with three queries for each thousand. */
  mayContact(ids: readonly string[], query: PermissionQuery): Promise<readonly Permission[]>;
  /**
   * Records that the contact must not be approached by the channel ("all", unless given) since a day (today for the organisation, unless given).
   *
   * @throws `not_found`
   */
  doNotContact(
    id: string,
    restriction?: { readonly channel?: string; readonly since?: string; readonly source?: string },
  ): Promise<RestrictionRecord>;
  /** Lifts the restriction of the channel, or all of them. @throws `not_found` */
  mayContactAgain(id: string, restriction?: { readonly channel?: string }): Promise<void>;
}

export function contactOperationsIn(context: DomainContext): OwnContactOperations {
  return {
    byEmail: (address, options) => contactsByEmail(context, address, options),
    byPhone: (number, options) => contactsByPhone(context, number, options),
    ofAccount: (accountId, query) => contactsOfAccount(context, accountId, query),
    birthdays: (query) => birthdaysIn(context, query),
    listByName: (query) => listContactsByName(context, query),
    mayContact: mayContactIn(context),
    doNotContact: (id, restriction) => restrictContact(context, id, restriction),
    mayContactAgain: (id, restriction) => liftRestrictions(context, id, restriction),
  };
}

function mayContactIn(context: DomainContext): OwnContactOperations["mayContact"] {
  async function mayContact(id: string, query: PermissionQuery): Promise<Permission>;
  async function mayContact(ids: readonly string[], query: PermissionQuery): Promise<readonly Permission[]>;
  async function mayContact(given: string | readonly string[], query: PermissionQuery) {
    if (typeof given !== "string") return permissionsOf(context, given, query);
    return (await permissionsOf(context, [given], query))[0]!;
  }
  return mayContact;
}

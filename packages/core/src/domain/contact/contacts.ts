/** What one can do with contacts. */
import type { Page } from "../../kernel/repository/repository.ts";
import type { Where } from "../../kernel/repository/where.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { type MoveValues, pipelined } from "../pipeline/pipelined.ts";
import type { PipelinedOperations } from "../pipeline/pipelined-operations.ts";
import { standardLifecycle } from "../pipeline/standard-lifecycle.ts";
import { type AffiliatedQuery, contactsOfAccount } from "./affiliations.ts";
import { type BirthdayQuery, birthdaysIn } from "./birthdays.ts";
import { contact, contactStageEntry } from "./contact.ts";
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

/** A contact has a lifecycle as soon as it is put into one. */
export const pipelinedContact = pipelined(contact, { stays: contactStageEntry, standard: standardLifecycle });

export interface ContactOperations
  extends PipelinedOperations<ContactRecord, MoveValues<(typeof contact)["fields"]>, Where<DomainModel, "contact">> {
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

export function contactOperations(context: DomainContext): ContactOperations {
  return {
    ...pipelinedContact.operations(context),
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

function mayContactIn(context: DomainContext): ContactOperations["mayContact"] {
  async function mayContact(id: string, query: PermissionQuery): Promise<Permission>;
  async function mayContact(ids: readonly string[], query: PermissionQuery): Promise<readonly Permission[]>;
  async function mayContact(given: string | readonly string[], query: PermissionQuery) {
    if (typeof given !== "string") return permissionsOf(context, given, query);
    return (await permissionsOf(context, [given], query))[0]!;
  }
  return mayContact;
}

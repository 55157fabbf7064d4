/** What one can do with accounts. */

import { loadedFunction } from "../../kernel/loaded.ts";
import type { Page } from "../../kernel/repository/repository.ts";
import type { Where } from "../../kernel/repository/where.ts";
import type { AffiliatedQuery } from "../contact/affiliations.ts";
import type { AccountRecord, LookUpOptions } from "../contact/find-parties.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";

import { type MoveValues, pipelined } from "../pipeline/pipelined.ts";
import type { PipelinedOperations } from "../pipeline/pipelined-operations.ts";
import { standardLifecycle } from "../pipeline/standard-lifecycle.ts";
import { account, accountStageEntry } from "./account.ts";

/** An account has a lifecycle as soon as it is put into one. */
export const pipelinedAccount = pipelined(account, { stays: accountStageEntry, standard: standardLifecycle });

export interface AccountOperations
  extends PipelinedOperations<AccountRecord, MoveValues<(typeof account)["fields"]>, Where<DomainModel, "account">> {
  /**
   * Those that have this domain, or that of this e-mail address, by id; at most 1,000. A domain below one of theirs is another one.
   *
   * @throws `invalid_input` for what is none.
   */
  byDomain(domain: string, options?: LookUpOptions): Promise<readonly AccountRecord[]>;
  /** Those that the contact has an affiliation with on a day. */
  ofContact(contactId: string, query?: AffiliatedQuery): Promise<Page<AccountRecord>>;
}

const accountsByDomain = loadedFunction(async () => (await import("../operation-rules.ts")).accountsByDomain);
const accountsOfContact = loadedFunction(async () => (await import("../operation-rules.ts")).accountsOfContact);

export function accountOperations(context: DomainContext): AccountOperations {
  return {
    ...pipelinedAccount.operations(context),
    byDomain: (domain, options) => accountsByDomain(context, domain, options),
    ofContact: (contactId, query) => accountsOfContact(context, contactId, query),
  };
}

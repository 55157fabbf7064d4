/** The hooks of the domain. Their code is loaded with the first write that one of them is for (docs/decisions/0034). */
import { loadedFunction } from "../kernel/loaded.ts";
import type { DomainContext } from "./domain-model.ts";
import { type Changed, changes, type Proposed } from "./hook-batch.ts";

/** Nothing is loaded for an account without domain and phone number: it has no rows that follow. */
export function checkAccounts(context: DomainContext, batch: readonly Proposed<"account">[]): Promise<void> {
  const concerned = batch.some((proposed) => FOLLOWED.some((field) => changes(proposed, field)));
  return concerned ? checkChangedAccounts(context, batch) : NOTHING;
}

export function accountsFollowed(context: DomainContext, batch: readonly Changed<"account">[]): Promise<void> {
  const concerned = batch.some(
    ({ before, after }) => after && FOLLOWED.some((field) => after[field] !== (before?.[field] ?? null)),
  );
  return concerned ? changedAccountsFollowed(context, batch) : NOTHING;
}

type Rules = typeof import("./hook-rules.ts");

function rule<A extends unknown[], R>(
  choose: (rules: Rules) => (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  return loadedFunction(async () => choose(await import("./hook-rules.ts")));
}

const FOLLOWED = ["domain", "phone"] as const;
const NOTHING = Promise.resolve();

const checkChangedAccounts = rule(({ checkAccounts }) => checkAccounts);
const changedAccountsFollowed = rule(({ accountsFollowed }) => accountsFollowed);

export const keepOptOutsOfAccount = rule(({ keepOptOuts }) => keepOptOuts("accountId"));
export const keepOptOutsOfContact = rule(({ keepOptOuts }) => keepOptOuts("contactId"));
export const normaliseTags = rule(({ normaliseTags }) => normaliseTags);
export const checkViews = rule(({ checkViews }) => checkViews);
export const checkAccountDomains = rule(({ checkAccountDomains }) => checkAccountDomains);
export const settleAccountDomains = rule(({ settleAccountDomains }) => settleAccountDomains);
export const checkContacts = rule(({ checkContacts }) => checkContacts);
export const contactsFollowed = rule(({ contactsFollowed }) => contactsFollowed);
export const handOverOpportunities = rule(({ handOverOpportunities }) => handOverOpportunities);
export const leadAgain = rule(({ leadAgain }) => leadAgain);
export const checkAffiliations = rule(({ checkAffiliations }) => checkAffiliations);
export const settleAffiliations = rule(({ settleAffiliations }) => settleAffiliations);
export const checkEmailAddresses = rule(({ checkEmailAddresses }) => checkEmailAddresses);
export const settleEmailAddresses = rule(({ settleEmailAddresses }) => settleEmailAddresses);
export const checkPhoneNumbers = rule(({ checkPhoneNumbers }) => checkPhoneNumbers);
export const settlePhoneNumbers = rule(({ settlePhoneNumbers }) => settlePhoneNumbers);
export const checkPostalAddresses = rule(({ checkPostalAddresses }) => checkPostalAddresses);
export const settlePostalAddresses = rule(({ settlePostalAddresses }) => settlePostalAddresses);
export const deriveAmounts = rule(({ deriveAmounts }) => deriveAmounts);
export const shareOutAgain = rule(({ shareOutAgain }) => shareOutAgain);
export const replaceCleared = rule(({ replaceCleared }) => replaceCleared);
export const givePrimaryRoles = rule(({ givePrimaryRoles }) => givePrimaryRoles);
export const keepPrimaryContacts = rule(({ keepPrimaryContacts }) => keepPrimaryContacts);
export const priceProducts = rule(({ priceProducts }) => priceProducts);
export const keepActivityRules = rule(({ keepActivityRules }) => keepActivityRules);
export const takeAlong = rule(({ takeAlong }) => takeAlong);
export const placeInTimeline = rule(({ placeInTimeline }) => placeInTimeline);
export const requireOneParty = rule(({ requireOneParty }) => requireOneParty);
export const checkRates = rule(({ checkRates }) => checkRates);

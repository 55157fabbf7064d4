/** The names and greetings of households on a day. */
import { compareText } from "@relata/core/plugin";
import { validOn } from "../inheritance/candidates.ts";
import { isDeceased } from "../inheritance/seats.ts";
import type { MembershipsContext } from "../parts.ts";
import { greet } from "./greet.ts";
import type { GreetingRules } from "./greeting-rules.ts";

export interface HouseholdGreeting {
  readonly accountId: string;
  /** By the rule; the account's own where it has nobody to be named after. */
  readonly name: string;
  readonly formal: string;
  readonly informal: string;
  /** Its members on the day, in the order in which they are told, also those who are told nowhere; without the dead. */
  readonly contactIds: readonly string[];
}

const NAMES = [
  ...(["givenName", "middleName", "familyName", "secondFamilyName", "honorific", "suffix", "nameOrder"] as const),
  ...(["preferredLanguage", "deathDate"] as const),
] as const;

type Person = Pick<Awaited<ReturnType<MembershipsContext["contacts"]["update"]>>, (typeof NAMES)[number] | "id">;

interface Place {
  readonly person: Person;
  readonly householdOrder: number | null;
  readonly validFrom: string | null;
  readonly createdAt: Date;
  readonly id: string;
  readonly notInName: boolean;
  readonly notInFormalGreeting: boolean;
  readonly notInInformalGreeting: boolean;
}

/** In the order of the ids given. Three queries for each five hundred. */
export async function greetingsOf(
  context: MembershipsContext,
  accountIds: readonly string[],
  { day, rules }: { readonly day: string; readonly rules: GreetingRules },
): Promise<readonly HouseholdGreeting[]> {
  const found: HouseholdGreeting[] = [];
  for (let at = 0; at < accountIds.length; at += 500) {
    const ids = accountIds.slice(at, at + 500);
    const places = await placesOf(context, ids, day);
    const where = { id: { in: [...ids] } };
    const own = new Map<string, { name: string; formalGreeting: string | null; informalGreeting: string | null }>();
    const select = ["name", "formalGreeting", "informalGreeting"] as const;
    for await (const account of context.accounts.iterate({ where, select, archived: "include" }))
      own.set(account.id, account);
    for (const accountId of ids) {
      const account = own.get(accountId) ?? (await context.accounts.get(accountId));
      const members = (places.get(accountId) ?? []).toSorted(byPlace);
      const told = (isLeftOut: (place: Place) => boolean, pattern: string) =>
        greet(
          members.filter((place) => !isLeftOut(place)).map(({ person }) => person),
          pattern,
          rules,
        );
      found.push({
        accountId,
        name: told(({ notInName }) => notInName, rules.name) ?? account.name,
        formal: account.formalGreeting ?? told((place) => place.notInFormalGreeting, rules.formal) ?? account.name,
        informal:
          account.informalGreeting ?? told((place) => place.notInInformalGreeting, rules.informal) ?? account.name,
        contactIds: members.map(({ person }) => person.id),
      });
    }
  }
  return found;
}

async function placesOf(context: MembershipsContext, accountIds: readonly string[], day: string) {
  const places = new Map<string, Map<string, Place>>();
  const where = { accountId: { in: [...accountIds] }, kind: "household" as const, ...validOn(day) };
  const affiliations = await Array.fromAsync(context.affiliations.iterate({ where }));
  const persons = new Map<string, Person>();
  const ids = [...new Set(affiliations.map(({ contactId }) => contactId))];
  for (let at = 0; at < ids.length; at += 1_000) {
    const among = { id: { in: ids.slice(at, at + 1_000) } };
    for await (const person of context.contacts.iterate({ where: among, select: NAMES }))
      persons.set(person.id, person);
  }
  for (const { contactId, accountId, ...place } of affiliations) {
    const person = persons.get(contactId);
    if (person === undefined || isDeceased(person.deathDate, day)) continue;
    const household = places.get(accountId) ?? new Map<string, Place>();
    places.set(accountId, household);
    const other = household.get(contactId);
    if (other === undefined || byPlace({ ...place, person }, other) < 0) household.set(contactId, { ...place, person });
  }
  return new Map([...places].map(([accountId, household]) => [accountId, [...household.values()]]));
}

function byPlace(a: Place, b: Place): number {
  const last = Number.MAX_SAFE_INTEGER;
  return (
    (a.householdOrder ?? last) - (b.householdOrder ?? last) ||
    compareText(a.validFrom ?? "", b.validFrom ?? "") ||
    a.createdAt.getTime() - b.createdAt.getTime() ||
    compareText(a.id, b.id)
  );
}

/** Who may be a member of a program on a day, as conditions on contacts and accounts. */
import { countingWhere, onDay, type SpanWhere } from "../count/rule-conditions.ts";
import { validOn } from "../inheritance/candidates.ts";
import { inheritanceOf } from "../inheritance/inheritance-rule.ts";
import type { LevelRecord, MembershipsContext } from "../parts.ts";
import { readRules } from "../status/read-rules.ts";

export type ContactWhere = NonNullable<NonNullable<Parameters<MembershipsContext["contacts"]["list"]>[0]>["where"]>;
export type AccountWhere = NonNullable<NonNullable<Parameters<MembershipsContext["accounts"]["list"]>[0]>["where"]>;

/** Each is a condition of its own, so that a database goes through its members in the order of a list; somebody may fulfil several. */
export interface MemberConditions {
  /** Those with a membership that counts, and those with a tie to one: whether there is a seat for these is still to be asked. */
  readonly contacts: readonly ContactWhere[];
  /** Those with a membership that counts. */
  readonly accounts: readonly AccountWhere[];
}

export async function memberConditions(
  context: MembershipsContext,
  {
    programId,
    day,
    levelId,
  }: { readonly programId: string; readonly day: string; readonly levelId?: string | undefined },
): Promise<MemberConditions> {
  const rules = (await readRules(context, [programId])).of(programId);
  const counting = { and: [onDay(day), countingWhere(rules, day)] };
  const standing = (levelIds?: readonly string[]) => ({
    some: { programId, spans: { some: levelIds ? { and: [counting, { levelId: { in: [...levelIds] } }] } : counting } },
  });
  const own = standing(levelId === undefined ? undefined : [levelId]);
  const levels: LevelRecord[] = [];
  for await (const level of context.membershipLevels.iterate({ where: { programId }, archived: "include" }))
    if (level.maxInherited !== 0 && (levelId === undefined || level.id === levelId)) levels.push(level);
  const contacts: ContactWhere[] = [{ memberships: own }];
  const affiliated = levels.filter((level) => (inheritanceOf(level).affiliations ?? []).length > 0);
  if (affiliated.length > 0) {
    const kinds = affiliated.flatMap((level) => (inheritanceOf(level).affiliations ?? []).map(({ kind }) => kind));
    const account = { memberships: standing(affiliated.map(({ id }) => id)) };
    contacts.push({ affiliations: { some: { ...validOn(day), kind: { in: [...new Set(kinds)] }, account } } });
  }
  const related = levels.filter((level) => (inheritanceOf(level).relationships ?? []).length > 0);
  if (context.relationships && related.length > 0)
    contacts.push({ id: { in: await relatedContacts(context, { levels: related, day, counting }) } });
  return { contacts, accounts: [{ memberships: own }] };
}

interface Related {
  readonly levels: readonly LevelRecord[];
  readonly day: string;
  readonly counting: SpanWhere;
}

/** Those with a tie of the plugin `relationships` to a membership that counts. */
async function relatedContacts(context: MembershipsContext, { levels, day, counting }: Related): Promise<string[]> {
  const types = levels.flatMap((level) => inheritanceOf(level).relationships ?? []);
  const found = new Set<string>();
  const add = async (fromContactIds: string[], fromAccountIds: string[]) => {
    if (fromContactIds.length + fromAccountIds.length === 0) return;
    const query = { on: day, types: [...new Set(types)], fromContactIds, fromAccountIds };
    for (const { contactId } of await context.relationships!.tiesOn(query)) found.add(contactId);
  };
  let [contactIds, accountIds]: [string[], string[]] = [[], []];
  const memberships = context.memberships.iterate({
    where: { spans: { some: { and: [counting, { levelId: { in: levels.map(({ id }) => id) } }] } } },
    select: ["contactId", "accountId"],
  });
  for await (const { contactId, accountId } of memberships) {
    if (contactId) contactIds.push(contactId);
    if (accountId) accountIds.push(accountId);
    if (contactIds.length + accountIds.length < 500) continue;
    await add(contactIds, accountIds);
    [contactIds, accountIds] = [[], []];
  }
  await add(contactIds, accountIds);
  return [...found];
}

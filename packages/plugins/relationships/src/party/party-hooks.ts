/** Profiles have the attributes of their kind, whoever writes the one or the other. */
import { type InputIssue, invalidInput } from "@relata/core/plugin";
import type { PartyKindRecord, PartyProfileRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf } from "../things.ts";
import { type AttributeCheck, attributeCheck } from "../type/attributes.ts";
import { writeValues } from "./follow-profiles.ts";

interface Proposed<R> {
  readonly input: Partial<R> & { readonly id: string };
  readonly before?: R;
}

/** The `before` hook of profiles. @throws `invalid_input`, naming each attribute that its kind does not have, or that is of another type, or lacks */
export async function proposeProfiles(
  context: RelationshipsContext,
  batch: readonly Proposed<PartyProfileRecord>[],
): Promise<void> {
  const drafts = batch.map(({ input, before }) => ({ ...before, ...input }));
  const checks = new Map<string, AttributeCheck>();
  const ids = [...new Set(drafts.flatMap(({ kindId }) => kindId ?? []))];
  if (ids.length > 0) await context.lockShared(...ids.map(kindLock));
  for (const part of chunksOf(ids))
    for (const kind of await context.partyKinds.known({ id: { in: part } }))
      checks.set(kind.id, attributeCheck(kind.attributes));
  const isNew = batch.length > 1 && batch.every(({ before }) => !before);
  const issues = drafts.flatMap(({ kindId, attributes = {} }, index): readonly InputIssue[] => {
    // A kind that is not there is told by core.
    const found = checks.get(kindId ?? "")?.(attributes) ?? [];
    return found.map((issue) => (isNew ? { ...issue, index } : issue));
  });
  if (issues.length > 0) throw invalidInput("partyProfile", issues);
}

/** The `before` hook of kinds: nobody describes an account by one that is about to change. */
export async function proposeKinds(
  context: RelationshipsContext,
  batch: readonly Proposed<PartyKindRecord>[],
): Promise<void> {
  const locks = batch.flatMap(({ before }) => (before ? [kindLock(before.id)] : []));
  if (locks.length > 0) await context.lock(...locks);
}

interface Changed {
  readonly before?: PartyKindRecord;
  readonly after?: PartyKindRecord;
}

/** The `after` hook of kinds. @throws `party_kind_in_use` where an account is described otherwise */
export async function checkKinds(context: RelationshipsContext, batch: readonly Changed[]): Promise<void> {
  for (const { before, after } of batch) {
    if (!before || !after || JSON.stringify(before.attributes) === JSON.stringify(after.attributes)) continue;
    let [count, accountId, problem] = [0, "", ""];
    const issuesOf = attributeCheck(after.attributes);
    const profiles: PartyProfileRecord[] = [];
    const query = { where: { kindId: after.id }, archived: "include" } as const;
    for await (const profile of context.partyProfiles.iterate(query)) {
      profiles.push(profile);
      const [issue] = issuesOf(profile.attributes);
      if (!issue) continue;
      if (count++ === 0) [accountId, problem] = [profile.accountId, `${issue.field} ${issue.message}`];
    }
    if (count === 0) {
      // The order of a value is that of its type.
      if (hasOtherTypes(before, after)) await writeValues(context, profiles, () => after);
      continue;
    }
    const facts = { entity: "partyKind", field: "attributes", id: after.id, kind: after.key };
    throw context.error("party_kind_in_use", { ...facts, count, accountId, problem });
  }
}

function hasOtherTypes(before: PartyKindRecord, after: PartyKindRecord): boolean {
  const types = new Map(before.attributes.map(({ key, kind }) => [key, kind]));
  return after.attributes.some(({ key, kind }) => types.has(key) && types.get(key) !== kind);
}

const kindLock = (id: string) => `partyKind:${id}`;

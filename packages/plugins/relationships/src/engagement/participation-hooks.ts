/** What is checked of relationships by which one takes part in an engagement, whoever writes them. */
import { type InputIssue, invalidInput } from "@relata/core/plugin";
import { engagementLock } from "../edge/edge-locks.ts";
import { includes } from "../interval/day-interval.ts";
import { daysText, missingDays, outsideIssues } from "../interval/days-within.ts";
import type { EngagementRecord, EngagementTypeRecord, RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf } from "../things.ts";
import { partsOfKey } from "./engagement-roles.ts";

interface Proposed {
  readonly input: Partial<RelationshipRecord> & { readonly id: string };
  readonly before?: RelationshipRecord;
}

type Patch = ReturnType<typeof missingDays>;

/**
 * The `before` hook. Taking part without a first or a last day has those of the engagement, where that has any.
 *
 * @throws `invalid_input` for a role of another kind of engagement, and for days on which the engagement does not go on
 */
export async function proposeParticipations(
  context: RelationshipsContext,
  batch: readonly Proposed[],
): Promise<readonly Patch[] | undefined> {
  const drafts = batch.map(({ input, before }) => ({ ...before, ...input }));
  const roles = await readRoles(context, drafts);
  if (roles.engagements.size === 0) return undefined;
  const isNew = batch.length > 1 && batch.every(({ before }) => !before);
  const issues: InputIssue[] = [];
  const patches = drafts.map((draft, index): Patch => {
    const { before } = batch[index]!;
    const engagement = roles.engagements.get(draft.toId ?? "");
    const kind = roles.kindOf(draft.typeId);
    if (!engagement || draft.toType !== "engagement" || !kind) return undefined;
    const place = isNew ? { index } : {};
    if (!before && kind.id !== engagement.typeId) {
      const message = `is a role of "${kind.key}", and this engagement is of another kind`;
      issues.push({ field: "type", code: "not_allowed", message, ...place });
    }
    if (before && before.validFrom === draft.validFrom && before.validUntil === draft.validUntil) return undefined;
    issues.push(...outsideIssues("the engagement", engagement, draft).map((issue) => ({ ...issue, ...place })));
    return missingDays(engagement, draft);
  });
  if (issues.length > 0) throw invalidInput("relationship", issues);
  return patches;
}

interface Changed {
  readonly before?: RelationshipRecord;
  readonly after?: RelationshipRecord;
}

/** The `after` hook: also for those that come back, or are moved by a merge. @throws `engagement_not_there` */
export async function checkParticipations(context: RelationshipsContext, batch: readonly Changed[]): Promise<void> {
  const changed = batch.flatMap(({ before, after }) => {
    if (after?.toType !== "engagement" || after.archivedAt !== null) return [];
    // What comes back from a deletion says the same as before.
    const isSame = before?.archivedAt === null && before.toId === after.toId && before.typeId === after.typeId;
    return isSame && includes(before, after) && !includes(after, before) ? [] : [after];
  });
  const { engagements, kindOf } = await readRoles(context, changed);
  for (const edge of changed) {
    const engagement = engagements.get(edge.toId);
    if (engagement && kindOf(edge.typeId)) refuseOutside(context, engagement, edge);
  }
}

/** @throws `engagement_not_there` */
export function refuseOutside(
  context: RelationshipsContext,
  engagement: EngagementRecord,
  edge: RelationshipRecord,
): void {
  if (includes(engagement, edge)) return;
  const { id, name } = engagement;
  throw context.error("engagement_not_there", {
    ...{ entity: "engagement", id, name, field: "validUntil", days: daysText(engagement), relationshipId: edge.id },
  });
}

interface Roles {
  readonly engagements: ReadonlyMap<string, EngagementRecord>;
  /** The kind of engagement that has this relationship type as a role. */
  kindOf(typeId: string | undefined): EngagementTypeRecord | undefined;
}

/** What edges to engagements are decided by; nothing is read for others. Whoever changes an engagement waits until it is written. */
async function readRoles(
  context: RelationshipsContext,
  edges: readonly { readonly toType?: string; readonly toId?: string; readonly typeId?: string }[],
): Promise<Roles> {
  const leading = edges.filter(({ toType }) => toType === "engagement");
  const ids = [...new Set(leading.flatMap(({ toId }) => toId ?? []))];
  const engagements = new Map<string, EngagementRecord>();
  if (ids.length > 0) await context.lockShared(...ids.map(engagementLock));
  for (const part of chunksOf(ids))
    for await (const each of context.engagements.iterate({ where: { id: { in: part } }, archived: "include" }))
      engagements.set(each.id, each);
  if (engagements.size === 0) return { engagements, kindOf: () => undefined };
  const typeIds = [...new Set(leading.flatMap(({ typeId }) => typeId ?? []))];
  const types = [];
  for (const part of chunksOf(typeIds)) types.push(...(await context.relationshipTypes.known({ id: { in: part } })));
  const kinds = await kindsOf(
    context,
    types.map(({ key }) => key),
  );
  const byType = new Map(types.map(({ id, key }) => [id, kinds.get(key)]));
  return { engagements, kindOf: (typeId) => byType.get(typeId ?? "") };
}

/** The kinds of engagement that have these relationship types as roles, by their keys. */
export async function kindsOf(
  context: RelationshipsContext,
  typeKeys: readonly string[],
): Promise<ReadonlyMap<string, EngagementTypeRecord>> {
  const parts = typeKeys.map((key) => ({ key, ...partsOfKey(key) }));
  const kinds = new Map<string, EngagementTypeRecord>();
  for (const part of chunksOf([...new Set(parts.flatMap(({ kind }) => kind ?? []))])) {
    const found = context.engagementTypes.iterate({ where: { key: { in: part } }, archived: "include" });
    for await (const each of found) kinds.set(each.key, each);
  }
  return new Map(
    parts.flatMap(({ key, kind = "", role }) => {
      const found = kinds.get(kind);
      return found?.roles.some((each) => each.key === role) ? [[key, found]] : [];
    }),
  );
}

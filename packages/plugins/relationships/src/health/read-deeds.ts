/** What two did together: activities that are done, with both of them. */
import type { RecordReference } from "@relata/core/plugin";
import type { RelationshipsContext } from "../parts.ts";
import { chunksOf, thingKey } from "../things.ts";

type ActivityRecord = Awaited<ReturnType<RelationshipsContext["activities"]["get"]>>;
export type SharedActivity = Pick<ActivityRecord, "id" | (typeof FIELDS)[number]>;

interface Span {
  readonly from: Date;
  /** Before this instant. */
  readonly until: Date;
  /** @throws `health_too_wide` */
  readonly spend: (activities: number) => void;
}

const FIELDS = ["kind", "subject", "timelineAt", "done", "ownerId", "accountId", "contactId", "opportunityId"] as const;
/** By entity: the field of activities and that of participants by which a record takes part; of all, links tell too. */
const PLACES: { readonly [entityType: string]: { readonly own: string; readonly taking?: string } } = {
  contact: { own: "contactId", taking: "contactId" },
  account: { own: "accountId", taking: "accountId" },
  user: { own: "ownerId", taking: "userId" },
  opportunity: { own: "opportunityId" },
};

/**
 * By pair, in their order. A record is in an activity as its contact, account, opportunity or owner, as a participant, or by a link. At most three queries
 * for each entity and every thousand of the records, and three for every thousand activities. The one of each pair that is a person is asked for: it is in fewer.
 */
export async function readDeeds(
  context: RelationshipsContext,
  pairs: readonly (readonly [RecordReference, RecordReference])[],
  span: Span,
): Promise<readonly (readonly SharedActivity[])[]> {
  const oriented = pairs.map(([a, b]) => (rankOf(b) < rankOf(a) ? ([b, a] as const) : ([a, b] as const)));
  const ids = new Set<string>();
  for (const [entityType, things] of Map.groupBy(
    oriented.map(([first]) => first),
    (thing) => thing.entityType,
  ))
    for (const part of chunksOf([...new Set(things.map(({ id }) => id))]))
      for (const id of await activitiesOf(context, { entityType, ids: part, span })) ids.add(id);
  const activities = await readActivities(context, [...ids], span);
  const byThing = new Map<string, SharedActivity[]>();
  for (const { activity, things } of activities)
    for (const thing of things) {
      const known = byThing.get(thing);
      if (known) known.push(activity);
      else byThing.set(thing, [activity]);
    }
  return oriented.map(([first, second]) => {
    const others = new Set(byThing.get(thingKey(second)));
    return (byThing.get(thingKey(first)) ?? []).filter((activity) => others.has(activity));
  });
}

function rankOf({ entityType }: RecordReference): number {
  return { contact: 0, user: 1, account: 3 }[entityType] ?? 2;
}

async function activitiesOf(
  context: RelationshipsContext,
  { entityType, ids, span }: { readonly entityType: string; readonly ids: readonly string[]; readonly span: Span },
): Promise<readonly string[]> {
  const found: string[] = [];
  const add = (id: string) => {
    span.spend(1);
    found.push(id);
  };
  const when = { timelineAt: { gte: span.from, lt: span.until } };
  const { own, taking } = PLACES[entityType] ?? {};
  if (own !== undefined) {
    const where = { ...when, done: true, [own]: { in: ids } };
    for await (const { id } of context.activities.iterate({ where, select: ["id"] })) add(id);
  }
  if (taking !== undefined) {
    const where = { ...when, [taking]: { in: ids } };
    for await (const { activityId } of context.activityParticipants.iterate({ where, select: ["activityId"] }))
      add(activityId);
  }
  const where = { ...when, entityType, recordId: { in: ids } };
  for await (const { activityId } of context.activityLinks.iterate({ where, select: ["activityId"] })) add(activityId);
  return found;
}

/** Those that are done, the latest first, each with all who are in it. */
async function readActivities(context: RelationshipsContext, ids: readonly string[], { from, until }: Span) {
  const found = new Map<string, { readonly activity: SharedActivity; readonly things: Set<string> }>();
  for (const part of chunksOf(ids)) {
    const where = { id: { in: part }, done: true, timelineAt: { gte: from, lt: until } };
    for await (const activity of context.activities.iterate({ where, select: FIELDS }))
      found.set(activity.id, { activity, things: new Set(ownThings(activity)) });
    const select = ["activityId", "contactId", "accountId", "userId"] as const;
    for await (const each of context.activityParticipants.iterate({ where: { activityId: { in: part } }, select }))
      for (const key of takingThings(each)) found.get(each.activityId)?.things.add(key);
    const linked = { where: { activityId: { in: part } }, select: ["activityId", "entityType", "recordId"] } as const;
    for await (const { activityId, entityType, recordId: id } of context.activityLinks.iterate(linked))
      found.get(activityId)?.things.add(thingKey({ entityType, id }));
  }
  return [...found.values()].toSorted(
    ({ activity: a }, { activity: b }) => b.timelineAt.getTime() - a.timelineAt.getTime() || (a.id < b.id ? -1 : 1),
  );
}

function ownThings({ contactId, accountId, ownerId, opportunityId }: SharedActivity): readonly string[] {
  return keysOf({ contact: contactId, account: accountId, user: ownerId, opportunity: opportunityId });
}

function takingThings(each: {
  readonly contactId: string | null;
  readonly accountId: string | null;
  readonly userId: string | null;
}): readonly string[] {
  return keysOf({ contact: each.contactId, account: each.accountId, user: each.userId });
}

function keysOf(ids: { readonly [entityType: string]: string | null }): readonly string[] {
  return Object.entries(ids).flatMap(([entityType, id]) => (id === null ? [] : [thingKey({ entityType, id })]));
}

/** When a recurring activity is done, the next one is there: in the same unit, once. */
import { seriesOf } from "./expand-recurrence.ts";
import { type OwnersClock, ownersClocks } from "./owners-clock.ts";
import type { ActivityRecord, CalendarContext, NewActivity } from "./parts.ts";
import { wallMs, wallOf } from "./wall-time.ts";

interface Change {
  readonly before?: ActivityRecord;
  readonly after?: ActivityRecord;
}
type Next = NewActivity & { readonly occurrenceKey: string };

export interface FollowOptions {
  /** `skip`: the next occurrence is later than now. `keep`: it is the one after the occurrence that was done, even where that is past. */
  readonly missed: "skip" | "keep";
}

/** The `after` hook of activities: a bounded number of queries and lists of statements, however many are done. */
export async function followSeries(
  context: CalendarContext,
  batch: readonly Change[],
  { missed }: FollowOptions,
): Promise<void> {
  const done = batch.flatMap(({ before, after }) =>
    after?.done && !before?.done && after.recurrence && after.occurrence ? [after] : [],
  );
  if (done.length === 0) return;
  const clockOf = await ownersClocks(
    context,
    done.map(({ ownerId }) => ownerId),
  );
  const gone = await goneReferences(context, done);
  const notBefore = missed === "skip" ? context.now() : undefined;
  const following = done.flatMap((activity) => {
    const next = nextOf(activity, clockOf(activity.ownerId), notBefore);
    return next ? [{ activity, next: { ...next, ...gone.get(activity.id) } }] : [];
  });
  const known = await knownKeys(
    context,
    following.map(({ next }) => next.occurrenceKey),
  );
  const missing = following.filter(({ next }) => !known.has(next.occurrenceKey));
  const created = await context.activities.createMany(missing.map(({ next }) => next as never));
  await takeAlong(context, new Map(missing.map(({ activity }, i) => [activity.id, created[i]!.id])));
}

/** The activity as it was, at the time of the next occurrence; what is before or after its start stays so much before or after. */
function nextOf(activity: ActivityRecord, { clock }: OwnersClock, notBefore: Date | undefined): Next | undefined {
  const { id, recurrence, occurrence, seriesStart, occurrenceKey, startAt, endAt, dueAt, remindAt } = activity;
  const wall = seriesOf(recurrence!, seriesStart!, clock).next(occurrence!, notBefore);
  if (wall === undefined) return undefined;
  const base = wallMs(clock.wallAt((startAt ?? dueAt)!));
  const shifted = (instant: Date | null) =>
    instant && clock.instantAt(wallOf(wallMs(wall) + wallMs(clock.wallAt(instant)) - base));
  const root = occurrenceKey?.split(" ")[0] ?? id;
  const { kind, subject, body, channel, direction, location, ownerId, queueId } = activity;
  const { accountId, contactId, opportunityId, durationMinutes } = activity;
  return {
    ...{ kind, subject, body, channel, direction, location, ownerId, queueId, accountId, contactId, opportunityId },
    ...{ startAt: shifted(startAt), endAt: shifted(endAt), dueAt: shifted(dueAt), remindAt: shifted(remindAt) },
    ...(startAt && endAt ? {} : { durationMinutes }),
    done: false,
    recurrence,
    ...{ seriesId: root, seriesStart, occurrence: wall, occurrenceKey: `${root} ${wall}` },
  } as Next;
}

const TARGETS = {
  ownerId: "users",
  queueId: "queues",
  accountId: "accounts",
  contactId: "contacts",
  opportunityId: "opportunities",
} as const;

/** By activity: the references, as null, that a new record may not have, because what they refer to is archived or deleted. */
async function goneReferences(context: CalendarContext, done: readonly ActivityRecord[]) {
  const gone = new Map<string, Record<string, null>>(done.map(({ id }) => [id, {}]));
  for (const [field, plural] of Object.entries(TARGETS) as [
    keyof typeof TARGETS,
    (typeof TARGETS)[keyof typeof TARGETS],
  ][]) {
    const ids = [...new Set(done.flatMap((activity) => activity[field] ?? []))];
    const live = await liveIds(context[plural] as CalendarContext["accounts"], ids);
    for (const activity of done)
      if (activity[field] && !live.has(activity[field])) gone.get(activity.id)![field] = null;
  }
  const roots = done.map((activity) => activity.occurrenceKey?.split(" ")[0] ?? activity.id);
  const live = await liveIds(context.activities as never, [...new Set(roots)]);
  done.forEach(({ id }, i) => {
    if (!live.has(roots[i]!)) gone.get(id)!.seriesId = null;
  });
  return gone;
}

async function liveIds(repository: CalendarContext["accounts"], ids: readonly string[]): Promise<ReadonlySet<string>> {
  const live = new Set<string>();
  if (ids.length === 0) return live;
  for await (const { id } of repository.iterate({ where: { id: { in: ids } }, select: ["id"] })) live.add(id);
  return live;
}

async function knownKeys(context: CalendarContext, keys: readonly string[]): Promise<ReadonlySet<string | null>> {
  const known = new Set<string | null>();
  if (keys.length === 0) return known;
  const found = context.activities.iterate({
    where: { occurrenceKey: { in: keys } },
    select: ["occurrenceKey"],
    archived: "include",
  });
  for await (const { occurrenceKey } of found) known.add(occurrenceKey);
  return known;
}

/** Who takes part, without their answers, and what it is tied to. `following` leads from an activity to the next one. */
async function takeAlong(context: CalendarContext, following: ReadonlyMap<string, string>): Promise<void> {
  if (following.size === 0) return;
  const where = { activityId: { in: [...following.keys()] } };
  const participants = await Array.fromAsync(context.activityParticipants.iterate({ where }));
  const live = {
    contactId: await liveIds(
      context.contacts as never,
      participants.flatMap(({ contactId }) => contactId ?? []),
    ),
    accountId: await liveIds(
      context.accounts,
      participants.flatMap(({ accountId }) => accountId ?? []),
    ),
    userId: await liveIds(
      context.users as never,
      participants.flatMap(({ userId }) => userId ?? []),
    ),
  };
  const stays = ({ contactId, accountId, userId }: (typeof participants)[number]) =>
    (!contactId || live.contactId.has(contactId)) &&
    (!accountId || live.accountId.has(accountId)) &&
    (!userId || live.userId.has(userId));
  await context.activityParticipants.createMany(
    participants.filter(stays).map(({ activityId, contactId, accountId, userId, address, role }) => ({
      ...{ activityId: following.get(activityId)!, contactId, accountId, userId, address, role },
    })),
  );
  const links: { readonly id: string; readonly record: { readonly entityType: string; readonly id: string } }[] = [];
  for await (const { activityId, entityType, recordId } of context.activityLinks.iterate({ where }))
    links.push({ id: following.get(activityId)!, record: { entityType, id: recordId } });
  if (links.length > 0) await context.activities.linkMany(links);
}

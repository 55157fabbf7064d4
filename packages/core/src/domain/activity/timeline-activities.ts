/** The activities of timelines: found by their references, their links, and who takes part in them. */
import type { RecordOf } from "../../kernel/entity/model.ts";
import { type TimelineItem, type TimelineRequest, timelineWhere } from "../../kernel/plugin/timeline-part.ts";
import type { Page } from "../../kernel/repository/repository.ts";
import type { Where } from "../../kernel/repository/where.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";

export type TimelineActivity = RecordOf<DomainModel, "activity">;

/** Activities that refer to one of the records, are linked to it, or that it takes part in or owns: each once. */
export async function activityEntries(
  context: DomainContext,
  request: TimelineRequest,
): Promise<readonly TimelineItem[]> {
  const { account, contact, opportunity, user, activity } = request.records;
  const found = new Map<string, TimelineActivity>();
  const referring: readonly Where<DomainModel, "activity">[] = [
    ...(account ? [{ accountId: among(account) }] : []),
    ...(contact ? [{ contactId: among(contact) }] : []),
    ...(opportunity ? [{ opportunityId: among(opportunity) }] : []),
    ...(user ? [{ ownerId: among(user) }] : []),
    ...(activity ? [{ id: among(activity) }] : []),
  ];
  const placed = timelineWhere(request, "timelineAt");
  for (const where of referring) {
    const { items } = await context.activities.list({
      where: { ...where, ...placed },
      orderBy: [{ timelineAt: "desc" }],
      archived: "include",
      limit: request.limit,
    });
    for (const each of items) found.set(each.id, each);
  }
  for (const each of await throughLinks(context, request)) found.set(each.id, each);
  for (const each of await throughParticipants(context, request)) found.set(each.id, each);
  return [...found.values()].map((data) => ({
    at: data.timelineAt,
    id: data.id,
    by: data.createdBy,
    record: { entityType: "activity", id: data.id },
    data,
  }));
}

async function throughLinks(context: DomainContext, request: TimelineRequest): Promise<readonly TimelineActivity[]> {
  const found: TimelineActivity[] = [];
  for (const [entityType, ids] of Object.entries(request.records)) {
    const links = await eachOnce(request, (page) =>
      context.activityLinks.list({
        where: { entityType, recordId: among(ids), ...byActivity(page) },
        orderBy: [{ timelineAt: "desc" }, { activityId: "desc" }],
        include: { activity: true },
        archived: "include",
        limit: page.limit,
      }),
    );
    found.push(...links);
  }
  return found;
}

async function throughParticipants(
  context: DomainContext,
  request: TimelineRequest,
): Promise<readonly TimelineActivity[]> {
  const { account, contact, user } = request.records;
  const parties: readonly Where<DomainModel, "activityParticipant">[] = [
    ...(account ? [{ accountId: among(account) }] : []),
    ...(contact ? [{ contactId: among(contact) }] : []),
    ...(user ? [{ userId: among(user) }] : []),
  ];
  const found: TimelineActivity[] = [];
  for (const party of parties) {
    const participants = await eachOnce(request, (page) =>
      context.activityParticipants.list({
        where: { ...party, ...byActivity(page) },
        orderBy: [{ timelineAt: "desc" }, { activityId: "desc" }],
        include: { activity: true },
        archived: "include",
        limit: page.limit,
      }),
    );
    found.push(...participants);
  }
  return found;
}

/**
 * A full page of different activities. One that is tied to several of the records fills several rows: then what follows it is read
 * too, because whatever is missing from a page would never be found.
 */
async function eachOnce(
  request: TimelineRequest,
  read: (page: TimelineRequest) => Promise<Page<{ readonly activity: TimelineActivity | null }>>,
): Promise<readonly TimelineActivity[]> {
  const found = new Map<string, TimelineActivity>();
  let page = request;
  for (;;) {
    const { items, next } = await read(page);
    for (const { activity } of items) if (activity) found.set(activity.id, activity);
    const last = items.at(-1)?.activity;
    if (next === undefined || !last || found.size >= request.limit) return [...found.values()];
    page = { ...request, before: { at: last.timelineAt, id: last.id } };
  }
}

/** As `timelineWhere`, where the id that orders one instant is the activity's. */
function byActivity({ from, before }: TimelineRequest) {
  const later = from ? [{ timelineAt: { gte: from } }] : [];
  if (!before) return { and: later };
  if (before.id === undefined) return { and: [...later, { timelineAt: { lt: before.at } }] };
  const ofTheInstant = { timelineAt: before.at, activity: { id: { lt: before.id } } };
  return {
    and: [...later, { timelineAt: { lte: before.at } }, { or: [{ timelineAt: { lt: before.at } }, ofTheInstant] }],
  };
}

/** An equality is walked along an index; a list is not. */
export function among(ids: readonly string[]): string | { readonly in: readonly string[] } {
  return ids.length === 1 ? ids[0]! : { in: ids };
}

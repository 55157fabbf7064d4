/** What the domain itself adds to timelines: activities, moves from stage to stage, and changes of fields. */
import { CrmError } from "../../errors.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import { type TimelineItem, type TimelineRequest, timelineWhere } from "../../kernel/plugin/timeline-part.ts";
import type { ChangedVersion, Page, VersionsQuery } from "../../kernel/repository/repository.ts";
import type { Where } from "../../kernel/repository/where.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";

export type TimelineActivity = RecordOf<DomainModel, "activity">;
type Stage = RecordOf<DomainModel, "stage">;

/** A record has entered a stage. */
export interface StageMove {
  readonly stage: Stage;
  /** Where it was before; null where the record begins in the pipeline. */
  readonly from: Stage | null;
  /** Null while it is there. */
  readonly leftAt: Date | null;
  readonly durationMs: number | null;
}

/** What a write has made of a record: who and when are the entry's. */
export type RecordChange = Pick<ChangedVersion, "kind" | "version" | "changes">;

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

/** A stay in a stage, of whatever entity goes through pipelines. */
interface Stay {
  readonly id: string;
  readonly recordId: string;
  readonly stage: Stage;
  readonly enteredAt: Date;
  readonly enteredBy: string | null;
  readonly leftAt: Date | null;
  readonly durationMs: number | null;
}

/** Of every entity whose stays in stages are kept: those that plugins and the application declare included. */
export async function stageMoves(context: DomainContext, request: TimelineRequest): Promise<readonly TimelineItem[]> {
  const moves: TimelineItem[] = [];
  for (const { name, fields } of context.entities()) {
    const entityType = fields.find((field) => field.name === "recordId")?.to;
    const ids = entityType === undefined ? undefined : request.records[entityType];
    if (entityType === undefined || !ids || !fields.some(({ to }) => to === "stage")) continue;
    const entered = await staysOf(context, name, {
      where: { recordId: among(ids), ...timelineWhere(request, "enteredAt") },
      limit: request.limit,
    });
    const left = await stagesLeft(context, name, entered);
    moves.push(
      ...entered.map(({ id, enteredAt, enteredBy, recordId, stage, leftAt, durationMs }) => ({
        at: enteredAt,
        id,
        by: enteredBy,
        record: { entityType, id: recordId },
        data: { stage, from: left.get(id) ?? null, leftAt, durationMs },
      })),
    );
  }
  return moves;
}

async function staysOf(
  context: DomainContext,
  stageEntry: string,
  { where, limit }: { readonly where: object; readonly limit: number },
): Promise<readonly Stay[]> {
  const { items } = await context.repository(stageEntry).list({
    where,
    orderBy: [{ enteredAt: "desc" }],
    include: { stage: true },
    archived: "include",
    limit,
  });
  return items as readonly unknown[] as readonly Stay[];
}

/** By stay: the stage that the record left at the instant of entering it. */
async function stagesLeft(
  context: DomainContext,
  stageEntry: string,
  entered: readonly Stay[],
): Promise<ReadonlyMap<string, Stage>> {
  if (entered.length === 0) return new Map();
  const instants = new Map(entered.map(({ enteredAt }) => [enteredAt.getTime(), enteredAt]));
  const recordIds = [...new Set(entered.map(({ recordId }) => recordId))];
  const left = await staysOf(context, stageEntry, {
    where: { recordId: { in: recordIds }, leftAt: { in: [...instants.values()] } },
    limit: 1_000,
  });
  return new Map(
    entered.flatMap((stay): [string, Stage][] => {
      // The latest of those that ended when this one began; ids are in the order of time.
      const before = left.find(
        ({ id, recordId, leftAt }) =>
          recordId === stay.recordId && id < stay.id && leftAt?.getTime() === stay.enteredAt.getTime(),
      );
      return before ? [[stay.id, before.stage]] : [];
    }),
  );
}

export async function fieldChanges(context: DomainContext, request: TimelineRequest): Promise<readonly TimelineItem[]> {
  const { records, before, from, limit } = request;
  const position = before && { before: { at: before.at, ...versionIn(before.id) } };
  const items: TimelineItem[] = [];
  for (const [entityType, ids] of Object.entries(records)) {
    const versions = await versionsOf(context, entityType, { ids, limit, ...(from ? { from } : {}), ...position });
    items.push(
      ...versions.map(({ id, at, by, kind, version, changes }) => ({
        at,
        id: `${id} ${String(version).padStart(10, "0")}`,
        by,
        record: { entityType, id },
        data: { kind, version, changes },
      })),
    );
  }
  return items;
}

/** None of an entity that keeps no history. */
async function versionsOf(context: DomainContext, entityType: string, query: VersionsQuery) {
  try {
    return await context.repository(entityType).versions(query);
  } catch (error) {
    if (CrmError.is(error, "no_history")) return [];
    throw error;
  }
}

function versionIn(id: string | undefined): { readonly id?: string; readonly version?: number } {
  if (id === undefined) return {};
  const space = id.lastIndexOf(" ");
  return { id: id.slice(0, space), version: Number(id.slice(space + 1)) };
}

/** An equality is walked along an index; a list is not. */
function among(ids: readonly string[]): string | { readonly in: readonly string[] } {
  return ids.length === 1 ? ids[0]! : { in: ids };
}

/** What hangs below an account: its contacts, those who work for it now included, and its opportunities. */
export async function belowAccount(context: DomainContext, accountId: string) {
  const today = context.now().toISOString().slice(0, 10);
  const working = { accountId, or: [{ validUntil: null }, { validUntil: { gte: today } }] };
  const contacts = { or: [{ accountId }, { affiliations: { some: working } }] };
  return [
    ...(await references("contact", context.contacts.iterate({ where: contacts, ...EVERY }))),
    ...(await references("opportunity", context.opportunities.iterate({ where: { accountId }, ...EVERY }))),
  ];
}

/** What hangs below a contact: the opportunities in which it has a role, or is the primary contact. */
export async function belowContact(context: DomainContext, contactId: string) {
  const where = { or: [{ contactId }, { contactRoles: { some: { contactId } } }] };
  return references("opportunity", context.opportunities.iterate({ where, ...EVERY }));
}

const EVERY = { select: ["id"], archived: "include" } as const;

async function references(entityType: string, records: AsyncIterable<{ readonly id: string }>) {
  const found: { readonly entityType: string; readonly id: string }[] = [];
  for await (const { id } of records) found.push({ entityType, id });
  return found;
}

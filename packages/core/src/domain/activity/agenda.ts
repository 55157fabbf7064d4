/** What is overdue, what is for today, and what comes next, for each owner, by the days of the owner's own time zone. */
import * as z from "zod";
import { CrmError } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import { addDays, isDate } from "../../kernel/value/calendar.ts";
import { isTimeZone, type TimeZone, timeZoneOf } from "../../kernel/value/time-zone.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { currentSettings } from "../settings/tenant-settings.ts";

type ActivityRecord = RecordOf<DomainModel, "activity">;

export interface AgendaQuery {
  /** 1 to 1,000 users. */
  readonly ownerIds: readonly string[];
  /** The day that is meant, for everyone; each owner's own today, unless given. */
  readonly on?: string;
  /** How many days after it are upcoming, 0 to 366; 7 unless given. */
  readonly days?: number;
}

/** Activities that are not done, the earliest first, by the instant they are due at, or else start at. */
export interface Agenda {
  readonly ownerId: string;
  /** The owner's, else the tenant's: where the days begin and end. */
  readonly timeZone: string;
  readonly day: string;
  /** Before the day began. */
  readonly overdue: readonly ActivityRecord[];
  readonly today: readonly ActivityRecord[];
  readonly upcoming: readonly ActivityRecord[];
}

const querySchema = z.strictObject({
  ownerIds: z.array(z.string()).min(1).max(1_000),
  on: z.string().refine(isDate, "is not a day that exists, as YYYY-MM-DD").optional(),
  days: z.int().min(0).max(366).optional(),
});

/** In the order of the ids. Three queries, and one more for each 1,000 activities. @throws `not_found` for an owner who is no user. */
export async function agendaOf(context: DomainContext, query: AgendaQuery): Promise<readonly Agenda[]> {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) throw invalidInput("agenda", inputIssues(parsed.error.issues, query));
  const { ownerIds, on, days = 7 } = parsed.data;
  const frames = await framesOf(context, { ownerIds, on, days });
  const sections = new Map(ownerIds.map((id) => [id, emptySections()]));
  const latest = Math.max(...[...frames.values()].map(({ until }) => until));
  for (const activity of await openActivities(context, ownerIds, new Date(latest))) {
    const frame = frames.get(activity.ownerId!)!;
    const at = momentOf(activity);
    if (at < frame.until) sections.get(activity.ownerId!)![sectionOf(frame, at)].push(activity);
  }
  return ownerIds.map((ownerId) => {
    const { timeZone, day } = frames.get(ownerId)!;
    return { ownerId, timeZone, day, ...sections.get(ownerId)! };
  });
}

/** An owner's day, and the milliseconds at which it begins, ends, and what is upcoming ends. */
interface Frame {
  readonly timeZone: string;
  readonly day: string;
  readonly from: number;
  readonly tomorrow: number;
  readonly until: number;
}

async function framesOf(
  context: DomainContext,
  {
    ownerIds,
    on,
    days,
  }: { readonly ownerIds: readonly string[]; readonly on: string | undefined; readonly days: number },
): Promise<ReadonlyMap<string, Frame>> {
  const [settings, users] = [
    await currentSettings(context),
    await context.users.list({
      where: { id: { in: ownerIds } },
      select: ["timeZone"],
      archived: "include",
      limit: 1_000,
    }),
  ];
  const zones = new Map<string, TimeZone>();
  const own = new Map(users.items.map(({ id, timeZone }) => [id, timeZone]));
  return new Map(
    ownerIds.map((id): [string, Frame] => {
      const given = own.get(id);
      if (given === undefined) throw noUser(id);
      const timeZone = given !== null && isTimeZone(given) ? given : settings.timeZone;
      const zone = zones.get(timeZone) ?? timeZoneOf(timeZone);
      zones.set(timeZone, zone);
      const day = on ?? zone.dayOf(context.now().getTime());
      const [from, tomorrow, until] = [0, 1, days + 1].map((later) => zone.startOf(addDays(day, later)));
      return [id, { timeZone, day, from: from!, tomorrow: tomorrow!, until: until! }];
    }),
  );
}

async function openActivities(
  context: DomainContext,
  ownerIds: readonly string[],
  until: Date,
): Promise<readonly ActivityRecord[]> {
  const found: ActivityRecord[] = [];
  const moments = [{ dueAt: { lt: until } }, { dueAt: null, startAt: { lt: until } }];
  for await (const activity of context.activities.iterate({
    where: { ownerId: { in: ownerIds }, done: false, or: moments },
    orderBy: [{ dueAt: "asc" }],
  }))
    found.push(activity);
  return found.sort((one, other) => momentOf(one) - momentOf(other));
}

function momentOf({ dueAt, startAt }: ActivityRecord): number {
  return (dueAt ?? startAt)!.getTime();
}

function sectionOf({ from, tomorrow }: Frame, at: number): "overdue" | "today" | "upcoming" {
  if (at < from) return "overdue";
  return at < tomorrow ? "today" : "upcoming";
}

function emptySections(): Record<"overdue" | "today" | "upcoming", ActivityRecord[]> {
  return { overdue: [], today: [], upcoming: [] };
}

function noUser(id: string): CrmError {
  return new CrmError("not_found", `There is no user "${id.slice(0, 100)}".`, { details: { entity: "user", id } });
}

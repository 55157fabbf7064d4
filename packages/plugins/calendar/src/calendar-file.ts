/** A calendar file of activities (RFC 5545): meetings and calls as events, tasks as to-dos. */
import { inputIssues, invalidInput } from "@relata/core/plugin";
import ICAL from "ical.js";
import { tzlib_get_ical_block } from "timezones-ical-library";
import * as z from "zod";
import { componentsOf, type Exported } from "./calendar-component.ts";
import { foldLines } from "./fold-lines.ts";
import { ownersClocks } from "./owners-clock.ts";
import type { CalendarContext } from "./parts.ts";

type ActivityWhere = NonNullable<NonNullable<Parameters<CalendarContext["activities"]["list"]>[0]>["where"]>;

export interface CalendarFileQuery {
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
  /** Only this owner's. */
  readonly ownerId?: string;
  /** Only these activities. */
  readonly where?: ActivityWhere;
  /** What calendars show as the file's name. */
  readonly name?: string;
}

const querySchema = z.strictObject({
  from: z.date(),
  to: z.date(),
  ownerId: z.string().optional(),
  where: z.unknown().optional(),
  name: z.string().min(1).optional(),
});

/** No file has more activities; ask for less time, or for fewer owners. */
const MOST_ACTIVITIES = 10_000;

/**
 * Those that take place, or are due, between the two instants, and recurring ones that have begun by then. In the order of their ids, so
 * that the same activities make the same file. A bounded number of queries for each 1,000.
 */
export async function calendarFile(context: CalendarContext, query: CalendarFileQuery): Promise<string> {
  const { name, ...range } = checked(query);
  const activities = await activitiesIn(context, range);
  const clockOf = await ownersClocks(
    context,
    activities.map(({ ownerId }) => ownerId),
  );
  const components = activities.map((activity) => componentsOf(activity, clockOf(activity.ownerId)));
  const file = new ICAL.Component("vcalendar");
  file.addPropertyWithValue("version", "2.0");
  file.addPropertyWithValue("prodid", "-//Relata//Calendar//EN");
  file.addPropertyWithValue("calscale", "GREGORIAN");
  file.addPropertyWithValue("method", "PUBLISH");
  if (name !== undefined) file.addPropertyWithValue("x-wr-calname", name);
  const zones = new Set(components.flatMap(({ timeZone }) => timeZone ?? []));
  for (const timeZone of [...zones].sort()) file.addSubcomponent(timeZoneOf(timeZone));
  for (const component of components.flatMap(({ parts }) => parts)) file.addSubcomponent(component);
  return foldLines(`${file.toString()}\r\n`);
}

function checked(query: CalendarFileQuery): CalendarFileQuery {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) throw invalidInput("calendar", inputIssues(parsed.error.issues, query));
  if (query.from < query.to) return query;
  throw invalidInput("calendar", [{ field: "to", code: "out_of_range", message: "must be later than from" }]);
}

async function activitiesIn(
  context: CalendarContext,
  { from, to, ownerId, where = {} }: Omit<CalendarFileQuery, "name">,
): Promise<readonly Exported[]> {
  const found: Exported[] = [];
  const within = { gte: from, lt: to };
  const begun = { done: false, not: { recurrence: null } };
  const inRange: ActivityWhere = {
    kind: { in: ["task", "call", "meeting"] },
    ...(ownerId === undefined ? {} : { ownerId }),
    or: [
      { startAt: within },
      { dueAt: within },
      { startAt: { lt: to }, endAt: { gt: from } },
      { ...begun, startAt: { lt: to } },
      { ...begun, startAt: null, dueAt: { lt: to } },
    ],
  };
  const activities = context.activities.iterate({
    where: { and: [inRange, where] },
    include: { owner: true, participants: { include: { contact: true, account: true, user: true } } },
  });
  for await (const activity of activities) {
    found.push(activity);
    if (found.length > MOST_ACTIVITIES)
      throw invalidInput("calendar", [
        { field: "to", code: "out_of_range", message: `leads to more than ${MOST_ACTIVITIES} activities in one file` },
      ]);
  }
  return found;
}

/** By the official data, so that a calendar that does not know the name knows when its clocks change. */
function timeZoneOf(timeZone: string): ICAL.Component {
  const [block] = tzlib_get_ical_block(timeZone) as readonly string[];
  return new ICAL.Component(ICAL.parse(block!) as never);
}

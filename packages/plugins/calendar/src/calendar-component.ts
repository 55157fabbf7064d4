/** One activity as an event or a to-do of a calendar file. */
import ICAL from "ical.js";
import { addAttendees, type Participant } from "./attendees.ts";
import { seriesOf } from "./expand-recurrence.ts";
import type { OwnersClock } from "./owners-clock.ts";
import { type Limit, parseRecurrence } from "./parse-recurrence.ts";
import type { ActivityRecord, RecordIn } from "./parts.ts";

export type Exported = ActivityRecord & {
  readonly owner: RecordIn<"users"> | null;
  readonly participants: readonly Participant[];
};

export interface ExportedComponents {
  /** The activity; of a series, also the one occurrence that is held at another time than the rule says. */
  readonly parts: readonly ICAL.Component[];
  /** The time zone that its times are given in; undefined for UTC. */
  readonly timeZone: string | undefined;
}

export function componentsOf(activity: Exported, owner: OwnersClock): ExportedComponents {
  const { recurrence, occurrence, seriesStart, startAt, dueAt, done } = activity;
  if (!recurrence || !occurrence || !seriesStart || done) return { parts: [single(activity)], timeZone: undefined };
  const { timeZone, clock } = owner;
  const at = (startAt ?? dueAt)!;
  const scheduled = clock.instantAt(occurrence);
  const by = scheduled.getTime() - at.getTime();
  const onTime = by === 0 ? activity : movedBy(activity, by);
  const master = componentOf(onTime, (name, instant) => local(name, instant, owner));
  addRule(master, { recurrence, occurrence, seriesStart }, owner);
  if (by === 0) return { parts: [master], timeZone };
  const moved = componentOf(activity, (name, instant) => local(name, instant, owner));
  moved.addProperty(local("recurrence-id", scheduled, owner));
  return { parts: [master, moved], timeZone };
}

function single(activity: Exported): ICAL.Component {
  return componentOf(activity, utc);
}

function movedBy(activity: Exported, ms: number): Exported {
  const moved = (instant: Date | null) => instant && new Date(instant.getTime() + ms);
  const { startAt, endAt, dueAt, remindAt } = activity;
  return { ...activity, startAt: moved(startAt), endAt: moved(endAt), dueAt: moved(dueAt), remindAt: moved(remindAt) };
}

type Dated = (name: string, instant: Date) => ICAL.Property;

function componentOf(activity: Exported, dated: Dated): ICAL.Component {
  const { kind, startAt } = activity;
  const isEvent = kind !== "task" && startAt !== null;
  const component = new ICAL.Component(isEvent ? "vevent" : "vtodo");
  const add = (name: string, value: string | number | null) => {
    if (value !== null && value !== "") component.addPropertyWithValue(name, value);
  };
  add("uid", activity.id);
  for (const [name, instant] of [
    ["dtstamp", activity.updatedAt],
    ["created", activity.createdAt],
    ["last-modified", activity.updatedAt],
  ] as const)
    component.addProperty(utc(name, instant));
  add("sequence", activity.version - 1);
  add("summary", activity.subject);
  add("description", activity.body);
  add("location", activity.location);
  add("categories", kind.toUpperCase());
  if (isEvent) addEventTimes(component, activity, dated);
  else addTaskTimes(component, activity, dated);
  addAttendees(component, activity.participants, activity.owner);
  if (activity.remindAt && !activity.done) component.addSubcomponent(alarmOf(activity, isEvent));
  return component;
}

function addEventTimes(component: ICAL.Component, activity: Exported, dated: Dated): void {
  const { startAt, endAt, durationMinutes } = activity;
  component.addProperty(dated("dtstart", startAt!));
  if (endAt) component.addProperty(dated("dtend", endAt));
  else if (durationMinutes) component.addPropertyWithValue("duration", ICAL.Duration.fromSeconds(durationMinutes * 60));
  component.addPropertyWithValue("status", "CONFIRMED");
}

/** Due has to be later than the start, where both are given; a to-do that recurs has to have a start. */
function addTaskTimes(component: ICAL.Component, activity: Exported, dated: Dated): void {
  const { startAt, dueAt, done, doneAt, recurrence, occurrence } = activity;
  const start = startAt ?? (recurrence && occurrence && !done ? dueAt : null);
  if (start) component.addProperty(dated("dtstart", start));
  if (dueAt && (!start || dueAt > start)) component.addProperty(dated("due", dueAt));
  component.addPropertyWithValue("status", done ? "COMPLETED" : "NEEDS-ACTION");
  if (done && doneAt) component.addProperty(utc("completed", doneAt));
}

/** So much before the start, or, of a to-do that has none, before it is due. */
function alarmOf({ subject, remindAt, startAt, dueAt }: Exported, isEvent: boolean): ICAL.Component {
  const alarm = new ICAL.Component("valarm");
  alarm.addPropertyWithValue("action", "DISPLAY");
  alarm.addPropertyWithValue("description", subject);
  const trigger = new ICAL.Property("trigger");
  const base = startAt ?? dueAt;
  if (base) {
    trigger.setValue(ICAL.Duration.fromSeconds(Math.round((remindAt!.getTime() - base.getTime()) / 1_000)));
    if (!isEvent && !startAt) trigger.setParameter("related", "END");
  } else {
    trigger.setParameter("value", "DATE-TIME");
    trigger.setValue(timeOf(remindAt!.toISOString().slice(0, 19), ICAL.Timezone.utcTimezone));
  }
  alarm.addProperty(trigger);
  return alarm;
}

interface Rule {
  readonly recurrence: string;
  readonly occurrence: string;
  readonly seriesStart: string;
}

/** The rule from this occurrence on: of a COUNT, what is left of it. */
function addRule(component: ICAL.Component, { recurrence, occurrence, seriesStart }: Rule, owner: OwnersClock): void {
  const { rule, count, until, excluded } = parseRecurrence(recurrence);
  const before = count === undefined ? 0 : seriesOf(recurrence, seriesStart, owner.clock).indexOf(occurrence);
  const remaining = rule.replace(/COUNT=\d+/, `COUNT=${(count ?? 0) - before}`);
  const end = until ? `;UNTIL=${stamp(instantOf(until, occurrence, owner))}` : "";
  component.addPropertyWithValue("rrule", ICAL.Recur.fromString(remaining + end));
  const ahead = excluded
    .map((limit) => instantOf(limit, occurrence, owner))
    .filter((instant) => instant > owner.clock.instantAt(occurrence));
  for (const instant of ahead) component.addProperty(local("exdate", instant, owner));
}

/** A day means the time of the occurrences on it. */
function instantOf(limit: Limit, occurrence: string, { clock }: OwnersClock): Date {
  switch (limit.kind) {
    case "day":
      return clock.instantAt(`${limit.day}${occurrence.slice(10)}`);
    case "wall":
      return clock.instantAt(limit.wall);
    case "instant":
      return limit.at;
  }
}

function stamp(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}

function utc(name: string, instant: Date): ICAL.Property {
  const property = new ICAL.Property(name);
  property.setValue(timeOf(instant.toISOString().slice(0, 19), ICAL.Timezone.utcTimezone));
  return property;
}

function local(name: string, instant: Date, { timeZone, clock }: OwnersClock): ICAL.Property {
  const property = new ICAL.Property(name);
  property.setParameter("tzid", timeZone);
  property.setValue(timeOf(clock.wallAt(instant), ICAL.Timezone.localTimezone));
  return property;
}

function timeOf(wall: string, zone: ICAL.Timezone): ICAL.Time {
  const time = ICAL.Time.fromDateTimeString(wall);
  time.zone = zone;
  return time;
}

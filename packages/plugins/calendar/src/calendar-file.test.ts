import { createCrm } from "@relata/core";
import { memory } from "@relata/memory";
import ical, { type VEvent } from "node-ical";
import { describe, expect, it } from "vitest";
import { calendar } from "./calendar.ts";

const at = (time: string) => new Date(`2026-${time}Z`);
const june = { from: at("06-01T00:00:00"), to: at("07-01T00:00:00") };

async function opened() {
  const crm = await createCrm({
    storage: memory(),
    plugins: [calendar()],
    clock: () => at("06-01T06:00:00").getTime(),
  });
  await crm.users.create({ id: "ann", name: "Ann", email: "ann@relata.test", timeZone: "Europe/Berlin" });
  return crm;
}

/** The lines of the file, unfolded, without the activity's id and what every file has. */
function linesOf(file: string, id: string): readonly string[] {
  return file.replaceAll("\r\n ", "").replaceAll(id, "<id>").trimEnd().split("\r\n").slice(5, -1);
}

describe("a calendar file", () => {
  it("has a meeting as an event: who, when, where, and an alarm", async () => {
    const crm = await opened();
    const contact = await crm.contacts.create({ givenName: "José", familyName: "Núñez", email: "jose@x.test" });
    const { id } = await crm.activities.create({
      kind: "meeting",
      subject: "Kick-off; plan, budget",
      body: "First line\nSecond \\ line",
      location: "Room 1",
      startAt: at("06-02T07:00:00"),
      endAt: at("06-02T08:30:00"),
      remindAt: at("06-02T06:45:00"),
      ownerId: "ann",
    });
    await crm.activities.addParticipants(id, [
      { contactId: contact.id, response: "accepted" },
      { address: "guest@x.test", role: "cc" },
      { address: "+49 30 1234" },
    ]);
    expect(linesOf(await crm.calendar.ics({ ...june, name: "Sales" }), id)).toEqual([
      "X-WR-CALNAME:Sales",
      "BEGIN:VEVENT",
      "UID:<id>",
      "DTSTAMP:20260601T060000Z",
      "CREATED:20260601T060000Z",
      "LAST-MODIFIED:20260601T060000Z",
      "SEQUENCE:0",
      "SUMMARY:Kick-off\\; plan\\, budget",
      "DESCRIPTION:First line\\nSecond \\\\ line",
      "LOCATION:Room 1",
      "CATEGORIES:MEETING",
      "DTSTART:20260602T070000Z",
      "DTEND:20260602T083000Z",
      "STATUS:CONFIRMED",
      "ORGANIZER;CN=Ann:mailto:ann@relata.test",
      "ATTENDEE;CN=José Núñez;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:jose@x.test",
      "ATTENDEE;ROLE=NON-PARTICIPANT;PARTSTAT=NEEDS-ACTION:mailto:guest@x.test",
      "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION:tel:+49301234",
      "BEGIN:VALARM",
      "ACTION:DISPLAY",
      "DESCRIPTION:Kick-off\\; plan\\, budget",
      "TRIGGER:-PT15M",
      "END:VALARM",
      "END:VEVENT",
    ]);
  });

  it("has tasks as to-dos: by when they are due, and when they were done", async () => {
    const crm = await opened();
    const { id } = await crm.activities.create({
      kind: "task",
      subject: "Offer",
      dueAt: at("06-02T15:00:00"),
      remindAt: at("06-02T14:00:00"),
    });
    const body = (lines: readonly string[]) =>
      lines.filter((line) => /^(DUE|STATUS|COMPLETED|TRIGGER|BEGIN|SEQ)/.test(line));
    expect(body(linesOf(await crm.calendar.ics(june), id))).toEqual([
      "BEGIN:VTODO",
      "SEQUENCE:0",
      "DUE:20260602T150000Z",
      "STATUS:NEEDS-ACTION",
      "BEGIN:VALARM",
      "TRIGGER;RELATED=END:-PT1H",
    ]);
    await crm.activities.complete(id, { doneAt: at("06-01T05:00:00") });
    expect(body(linesOf(await crm.calendar.ics(june), id))).toEqual([
      "BEGIN:VTODO",
      "SEQUENCE:1",
      "DUE:20260602T150000Z",
      "STATUS:COMPLETED",
      "COMPLETED:20260601T050000Z",
    ]);
  });

  it("has the rule of a recurring one on its owner's clock, with the time zone that it needs", async () => {
    const crm = await opened();
    const { id } = await crm.activities.create({
      kind: "call",
      subject: "Weekly",
      startAt: at("03-02T08:00:00"),
      durationMinutes: 30,
      recurrence: "FREQ=WEEKLY;BYDAY=MO;UNTIL=20260629\nEXDATE:20260615,20260622T080000Z",
      ownerId: "ann",
    });
    const lines = linesOf(await crm.calendar.ics(june), id);
    expect(lines.slice(0, 3)).toEqual(["BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "X-LIC-LOCATION:Europe/Berlin"]);
    expect(lines.filter((line) => /^(DTSTART;|DURATION|RRULE:FREQ=WEEK|EXDATE|RECUR)/.test(line))).toEqual([
      "DTSTART;TZID=Europe/Berlin:20260302T090000",
      "DURATION:PT30M",
      "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260629T070000Z",
      "EXDATE;TZID=Europe/Berlin:20260615T090000",
      "EXDATE;TZID=Europe/Berlin:20260622T100000",
    ]);
  });

  it("counts what is left, and tells which occurrence is held at another time", async () => {
    const crm = await opened();
    const { id: first } = await crm.activities.create({
      kind: "meeting",
      subject: "Daily",
      startAt: at("06-01T07:00:00"),
      endAt: at("06-01T07:15:00"),
      recurrence: "FREQ=DAILY;COUNT=5",
      ownerId: "ann",
    });
    await crm.activities.complete(first);
    const next = await crm.activities.find({ where: { done: false } });
    await crm.activities.update(next!.id, { startAt: at("06-02T12:00:00"), endAt: at("06-02T12:15:00") });
    const lines = linesOf(await crm.calendar.ics(june), next!.id);
    expect(lines.filter((line) => /^(UID|DTSTART[;:]20|DTSTART;T|DTEND|RRULE:FREQ=D|RECUR)/.test(line))).toEqual([
      `UID:${first}`,
      "DTSTART:20260601T070000Z",
      "DTEND:20260601T071500Z",
      "UID:<id>",
      "DTSTART;TZID=Europe/Berlin:20260602T090000",
      "DTEND;TZID=Europe/Berlin:20260602T091500",
      "RRULE:FREQ=DAILY;COUNT=4",
      "UID:<id>",
      "DTSTART;TZID=Europe/Berlin:20260602T140000",
      "DTEND;TZID=Europe/Berlin:20260602T141500",
      "RECURRENCE-ID;TZID=Europe/Berlin:20260602T090000",
    ]);
  });

  it("folds long lines at 75 octets, and is read by others as it was written", async () => {
    const crm = await opened();
    const subject = `Übergabe, ${"日本語テキスト; ".repeat(20)}end`;
    const { id } = await crm.activities.create({
      kind: "meeting",
      subject,
      startAt: at("03-28T08:00:00"),
      recurrence: "FREQ=DAILY;COUNT=200",
      ownerId: "ann",
    });
    const file = await crm.calendar.ics(june);
    for (const line of file.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(file.split("\r\n").join("")).not.toContain("\n");
    const parsed = Object.values(ical.sync.parseICS(file)).find((part) => part?.type === "VEVENT") as VEvent;
    expect([parsed.uid, parsed.summary]).toEqual([id, subject]);
    const days = parsed.rrule!.between(at("03-28T00:00:00"), at("03-31T00:00:00"), true);
    expect(days.map((day) => new Date(day.valueOf()).toISOString())).toEqual([
      "2026-03-28T08:00:00.000Z",
      "2026-03-29T07:00:00.000Z",
      "2026-03-30T07:00:00.000Z",
    ]);
  });

  it("has what takes place or is due between two instants, of one owner, and what is asked for", async () => {
    const crm = await opened();
    const account = await crm.accounts.create({ name: "Acme" });
    await crm.activities.createMany([
      { kind: "meeting", subject: "in", startAt: at("06-01T00:00:00") },
      { kind: "meeting", subject: "ends within", startAt: at("05-31T23:00:00"), endAt: at("06-01T00:01:00") },
      { kind: "meeting", subject: "ended before", startAt: at("05-31T23:00:00"), endAt: at("06-01T00:00:00") },
      { kind: "meeting", subject: "after", startAt: at("07-01T00:00:00") },
      { kind: "task", subject: "due", dueAt: at("06-30T23:59:59"), ownerId: "ann", accountId: account.id },
      { kind: "call", subject: "to be made", dueAt: at("06-10T00:00:00"), ownerId: "ann" },
      { kind: "task", subject: "some day" },
      { kind: "note", subject: "note", startAt: at("06-02T00:00:00") },
    ]);
    const subjects = async (query: object = {}) =>
      [...(await crm.calendar.ics({ ...june, ...query })).matchAll(/SUMMARY:(.*)\r/g)].map(([, subject]) => subject);
    expect(await subjects()).toEqual(["in", "ends within", "due", "to be made"]);
    expect(await subjects({ ownerId: "ann" })).toEqual(["due", "to be made"]);
    expect(await subjects({ where: { accountId: account.id } })).toEqual(["due"]);
    expect(await subjects({ where: { or: [{ kind: "meeting" }, { kind: "note" }] } })).toEqual(["in", "ends within"]);
  });

  it("is empty for another tenant, and the same for the same activities", async () => {
    const crm = await opened();
    await crm.activities.create({ kind: "task", subject: "x", dueAt: at("06-02T00:00:00") });
    expect(await crm.as({ tenantId: "other" }).calendar.ics(june)).toBe(
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Relata//Calendar//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n",
    );
    expect(await crm.calendar.ics(june)).toBe(await crm.calendar.ics(june));
  });

  it("is refused for odd questions", async () => {
    const crm = await opened();
    await expect(crm.calendar.ics({ from: "x", ownerId: 1, more: 1 } as never)).rejects.toMatchObject({
      code: "invalid_input",
      details: { issues: [{ field: "from" }, { field: "to" }, { field: "ownerId" }, { field: "more" }] },
    });
    await expect(crm.calendar.ics({ from: june.to, to: june.from })).rejects.toMatchObject({
      details: { field: "to" },
    });
    await expect(crm.calendar.ics({ ...june, where: { nope: 1 } as never })).rejects.toMatchObject({
      code: "invalid_query",
    });
  });
});

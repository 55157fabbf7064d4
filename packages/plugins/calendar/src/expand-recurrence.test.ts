import { describe, expect, it } from "vitest";
import { expandRecurrence, problemOf, seriesOf } from "./expand-recurrence.ts";
import { wallClockOf } from "./wall-time.ts";

const berlin = "Europe/Berlin";
const clock = wallClockOf(berlin);

/** "03-28 08:00": month, day and time in UTC. */
function expanded(
  recurrence: string,
  startAt: string,
  { days = 10, timeZone = berlin }: { readonly days?: number; readonly timeZone?: string } = {},
): readonly string[] {
  const from = new Date(startAt);
  const to = new Date(from.getTime() + days * 86_400_000);
  return expandRecurrence({ recurrence, startAt: from, timeZone, from, to }).map((at) =>
    at.toISOString().slice(5, 16).replace("T", " "),
  );
}

describe("a daily rule", () => {
  it("keeps its time when clocks go forward, and when they go back", () => {
    expect(expanded("FREQ=DAILY", "2026-03-27T08:00:00Z", { days: 3 })).toEqual([
      "03-27 08:00",
      "03-28 08:00",
      "03-29 07:00",
      "03-30 07:00",
    ]);
    expect(expanded("FREQ=DAILY", "2026-10-24T07:00:00Z", { days: 2 })).toEqual(["10-24 07:00", "10-25 08:00"]);
    expect(expanded("FREQ=DAILY", "2026-03-07T14:00:00Z", { days: 1.5, timeZone: "America/New_York" })).toEqual([
      "03-07 14:00",
      "03-08 13:00",
    ]);
  });

  it("takes the time after the gap where clocks skip its own, on that day only", () => {
    expect(expanded("FREQ=DAILY", "2026-03-28T01:30:00Z", { days: 2 })).toEqual([
      "03-28 01:30",
      "03-29 01:30",
      "03-30 00:30",
    ]);
  });

  it("takes the first of two where clocks show its time twice", () => {
    expect(expanded("FREQ=DAILY", "2026-10-24T00:30:00Z", { days: 3 })).toEqual([
      "10-24 00:30",
      "10-25 00:30",
      "10-26 01:30",
    ]);
  });
});

describe("a rule", () => {
  it.each([
    ["FREQ=WEEKLY;BYDAY=MO,WE", ["06-01 07:00", "06-03 07:00", "06-08 07:00", "06-10 07:00"]],
    ["FREQ=DAILY;INTERVAL=4", ["06-01 07:00", "06-05 07:00", "06-09 07:00"]],
    ["FREQ=DAILY;COUNT=2", ["06-01 07:00", "06-02 07:00"]],
    ["RRULE:FREQ=DAILY;COUNT=2", ["06-01 07:00", "06-02 07:00"]],
    ["FREQ=DAILY;UNTIL=20260603", ["06-01 07:00", "06-02 07:00", "06-03 07:00"]],
    ["FREQ=DAILY;UNTIL=20260603T085959", ["06-01 07:00", "06-02 07:00"]],
    ["FREQ=DAILY;UNTIL=20260603T090000", ["06-01 07:00", "06-02 07:00", "06-03 07:00"]],
    ["FREQ=DAILY;UNTIL=20260603T065959Z", ["06-01 07:00", "06-02 07:00"]],
    ["FREQ=DAILY;UNTIL=20260603T070000Z", ["06-01 07:00", "06-02 07:00", "06-03 07:00"]],
    ["FREQ=DAILY;COUNT=4\nEXDATE:20260602", ["06-01 07:00", "06-03 07:00", "06-04 07:00"]],
    ["FREQ=DAILY;COUNT=4\nEXDATE:20260602T090000,20260603T070000Z", ["06-01 07:00", "06-04 07:00"]],
    [
      "FREQ=DAILY;COUNT=4\r\nEXDATE;VALUE=DATE:20260601\r\nEXDATE:20260604T090001",
      ["06-02 07:00", "06-03 07:00", "06-04 07:00"],
    ],
    ["freq=daily;count=1", ["06-01 07:00"]],
    ["FREQ=DAILY;COUNT=2;BYHOUR=9,15", ["06-01 07:00", "06-01 13:00"]],
  ])("%j recurs", (rule, occurrences) => {
    expect(expanded(rule, "2026-06-01T07:00:00Z")).toEqual(occurrences);
  });

  it("passes over the months that have no such day, and finds the last of each", () => {
    expect(expanded("FREQ=MONTHLY;COUNT=3", "2026-01-31T08:00:00Z", { days: 150 })).toEqual([
      "01-31 08:00",
      "03-31 07:00",
      "05-31 07:00",
    ]);
    expect(expanded("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", "2026-01-31T08:00:00Z", { days: 150 })).toEqual([
      "01-31 08:00",
      "02-28 08:00",
      "03-31 07:00",
    ]);
    expect(
      expanded("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", "2026-05-29T07:00:00Z", { days: 60 }),
    ).toEqual(["05-29 07:00", "06-30 07:00"]);
    expect(expanded("FREQ=YEARLY;COUNT=2", "2024-02-29T08:00:00Z", { days: 1_500 })).toEqual([
      "02-29 08:00",
      "02-29 08:00",
    ]);
  });

  it("counts its beginning, even where that is none of its days", () => {
    expect(expanded("FREQ=WEEKLY;BYDAY=MO;COUNT=3", "2026-06-02T07:00:00Z", { days: 20 })).toEqual([
      "06-02 07:00",
      "06-08 07:00",
      "06-15 07:00",
    ]);
  });

  it("goes on from one of its occurrences, and may pass over what is past", () => {
    const series = seriesOf("FREQ=DAILY;COUNT=10", "2026-06-01T09:00:00", clock);
    expect(series.next("2026-06-01T09:00:00")).toBe("2026-06-02T09:00:00");
    expect(series.next("2026-06-01T09:00:00", new Date("2026-06-05T06:59:59Z"))).toBe("2026-06-05T09:00:00");
    expect(series.next("2026-06-01T09:00:00", new Date("2026-06-05T07:00:00Z"))).toBe("2026-06-06T09:00:00");
    expect(series.next("2026-06-10T09:00:00")).toBe(undefined);
    expect(series.next("2026-06-01T09:00:00", new Date("2026-07-01T00:00:00Z"))).toBe(undefined);
    expect(series.indexOf("2026-06-04T09:00:00")).toBe(3);
  });

  it("is as quick after ten years", () => {
    const from = new Date("2036-06-01T00:00:00Z");
    const to = new Date("2036-06-02T00:00:00Z");
    const days = { recurrence: "FREQ=DAILY", startAt: new Date("2026-06-01T07:00:00Z"), timeZone: berlin, from, to };
    expect(expandRecurrence(days)).toEqual([new Date("2036-06-01T07:00:00Z")]);
  });

  it("gives no more than asked for", () => {
    const forever = { startAt: new Date("2026-06-01T07:00:00Z"), timeZone: berlin };
    const from = forever.startAt;
    const to = new Date("2126-01-01T00:00:00Z");
    expect(expandRecurrence({ ...forever, recurrence: "FREQ=DAILY", from, to, limit: 3 })).toHaveLength(3);
  });
});

describe("what is no recurrence", () => {
  it.each([
    ["", 'has ""'],
    ["hello", 'has "hello"'],
    ["INTERVAL=2", "needs a FREQ"],
    ["FREQ=HOURLY", "has FREQ=HOURLY: it must be DAILY, WEEKLY, MONTHLY or YEARLY"],
    ["FREQ=DAILY;FREQ=DAILY", "has FREQ twice"],
    ["FREQ=DAILY;INTERVAL=0", "has INTERVAL=0"],
    ["FREQ=DAILY;INTERVAL=1.5", "has INTERVAL=1.5"],
    ["FREQ=DAILY;COUNT=-1", "has COUNT=-1"],
    ["FREQ=DAILY;COUNT=10001", "has COUNT=10001"],
    ["FREQ=DAILY;COUNT=2;UNTIL=20260601", "has both COUNT and UNTIL"],
    ["FREQ=DAILY;UNTIL=2026", "has UNTIL=2026"],
    ["FREQ=DAILY;UNTIL=20260230", 'has "20260230", which is no day'],
    ["FREQ=DAILY;UNTIL=20260601T250000Z", "which is no day and no time that exists"],
    ["FREQ=DAILY;BYDAY=XX", "has BYDAY=XX"],
    ["FREQ=WEEKLY;BYDAY=2MO", "has a number in BYDAY"],
    ["FREQ=MONTHLY;BYMONTHDAY=40", "has BYMONTHDAY=40"],
    ["FREQ=MONTHLY;BYMONTHDAY=0", "has BYMONTHDAY=0"],
    ["FREQ=WEEKLY;BYMONTHDAY=1", "which is not for WEEKLY"],
    ["FREQ=MONTHLY;BYYEARDAY=1", "has BYYEARDAY, which is for YEARLY"],
    ["FREQ=MONTHLY;BYWEEKNO=1", "has BYWEEKNO, which is for YEARLY"],
    ["FREQ=DAILY;BYHOUR=24", "has BYHOUR=24"],
    ["FREQ=MONTHLY;BYSETPOS=1", "has BYSETPOS without"],
    ["FREQ=DAILY;FOO=1", 'has "FOO=1"'],
    ["FREQ=DAILY\nRDATE:20260601", "only EXDATE may follow"],
    ["FREQ=DAILY\nEXDATE:tomorrow", 'has "TOMORROW"'],
    ["FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2", "never comes to pass"],
  ])("%j is told apart", (rule, problem) => {
    expect(problemOf(rule, "2026-06-01T09:00:00", clock)).toContain(problem);
  });

  it("is thrown where it is expanded", () => {
    const wrong = (field: string) =>
      expect.objectContaining({
        code: "invalid_input",
        details: expect.objectContaining({ entity: "recurrence", field }),
      });
    expect(() => expanded("FREQ=SOMETIMES", "2026-06-01T07:00:00Z")).toThrow(wrong("recurrence"));
    expect(() => expanded("FREQ=DAILY", "2026-06-01T07:00:00Z", { days: 1, timeZone: "Mars/Olympus" })).toThrow(
      wrong("timeZone"),
    );
  });
});

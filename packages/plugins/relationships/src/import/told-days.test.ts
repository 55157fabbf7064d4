import { describe, expect, it } from "vitest";
import { endOf, startOf } from "./day-phrase.ts";
import { columnReader, roleReader } from "./parse-role.ts";
import { toldDays } from "./told-days.ts";

const role = roleReader();
const day = columnReader();

/** The day on which it was said is 15 June 2026. */
function told(
  texts: { readonly start?: string; readonly end?: string; readonly roles?: readonly string[] },
  more = {},
) {
  const days = toldDays({
    start: texts.start === undefined ? undefined : startOf(day(texts.start)!),
    end: texts.end === undefined ? undefined : endOf(day(texts.end)!),
    roles: (texts.roles ?? []).map(role),
    ...{ statedOn: "2026-06-15", isExclusive: false, mayLastNoDay: false },
    ...more,
  });
  if ("problem" in days) return `${days.problem} of ${days.field}`;
  return `${days.validFrom ?? ""} ${days.validFromIs} .. ${days.validUntil ?? ""} ${days.validUntilIs}`;
}

describe("days that columns and roles tell together", () => {
  it("end on the day before, where ends are exclusive and are days", () => {
    const exclusive = { isExclusive: true };
    expect(told({ start: "2006-05-08", end: "2007-06-28" }, exclusive)).toBe("2006-05-08 exact .. 2007-06-27 exact");
    expect(told({ end: "2007" }, exclusive)).toBe(" exact .. 2007-12-31 about");
    expect(told({ end: "2007-06-28", roles: ["Chair until 28 June 2007"] }, exclusive)).toBe("bad_days of validUntil");
    expect(told({ start: "2007-07-09", end: "2007-07-09" }, exclusive)).toBe("no_whole_day of validUntil");
    expect(told({ start: "2007-07-09", end: "2007-07-09" }, { ...exclusive, mayLastNoDay: true })).toBe(
      "2007-07-09 exact .. 2007-07-09 exact",
    );
    expect(told({ start: "2007-07-09", end: "2007-07-08" }, exclusive)).toBe("bad_days of validUntil");
  });

  it("are the exact ones of several that can be the same, and bad where they cannot be", () => {
    expect(told({ start: "2014-05-03", roles: ["Chair since May 2014"] })).toBe("2014-05-03 exact ..  exact");
    expect(told({ start: "2014", roles: ["Chair since 3 May 2014"] })).toBe("2014-05-03 exact ..  exact");
    expect(told({ start: "2014", roles: ["Chair since 2015"] })).toBe("bad_days of validFrom");
    expect(told({ roles: ["Chair until 2014", "Employee until 2016"] })).toBe("bad_days of validUntil");
    expect(told({ roles: ["President (as of 2019)"], end: "2019-06-30" })).toBe(
      "2019-06-30 at_latest .. 2019-06-30 exact",
    );
  });

  it("fit what is former, current or to come on the day on which it was said", () => {
    expect(told({ roles: ["Former chair"] })).toBe(" exact .. 2026-06-14 at_latest");
    expect(told({ roles: ["Former chair"], end: "2020" })).toBe(" exact .. 2020-12-31 about");
    expect(told({ roles: ["Former chair until 2026"] })).toBe(" exact .. 2026-06-14 at_latest");
    expect(told({ roles: ["Former chair"], end: "2026-06-15" })).toBe("bad_days of role");
    expect(told({ roles: ["Former chair since 2027"] })).toBe("bad_days of role");
    expect(told({ roles: ["Current chair"], end: "2020" })).toBe("bad_days of role");
    expect(told({ roles: ["Current chair since 2020"] })).toBe("2020-01-01 about ..  exact");
    expect(told({ roles: ["Chair elect"] })).toBe("2026-06-16 at_earliest ..  exact");
    expect(told({ roles: ["Chair elect"], start: "2020-01-01" })).toBe("bad_days of role");
    expect(told({ roles: ["Acting chair"] })).toBe(" exact ..  exact");
  });
});

import { describe, expect, it } from "vitest";
import { columnReader, roleReader } from "./parse-role.ts";

const read = roleReader();
/** "role | tenses | first day how | last day how", without what is not there. */
const shown = (text: string, reader = read) => {
  const { role, tenses, from, until, unreadDays } = reader(text);
  const day = (name: string, meant: typeof from) => (meant ? [`${name} ${meant.day} ${meant.is}`] : []);
  return [
    role,
    ...tenses,
    ...day("from", from),
    ...day("until", until),
    ...(unreadDays ? [`unread ${unreadDays}`] : []),
  ].join(" | ");
};

describe("a role in free text", () => {
  it.each([
    ["Director", "Director"],
    ["Former director", "director | former"],
    ["ex-Director", "Director | former"],
    ["Director (retired)", "Director | former"],
    ["Former acting director", "director | former | acting"],
    ["Acting  Director, 2010–2014", "Director | acting | from 2010-01-01 about | until 2014-12-31 about"],
    ["President (as of 2019)", "President | from 2019-12-31 at_latest"],
    ["President as of 3 May 2019", "President | from 2019-05-03 at_latest"],
    ["Non-executive director until May 2014", "Non-executive director | until 2014-05-31 about"],
    ["Chair since 3/2010", "Chair | from 2010-03-01 about"],
    ["Chair since 2010-03-09", "Chair | from 2010-03-09 exact"],
    ["Chair from 9th March 2010 to March 12, 2011", "Chair | from 2010-03-09 exact | until 2011-03-12 exact"],
    ["Chair (2010-2014)", "Chair | from 2010-01-01 about | until 2014-12-31 about"],
    ["Chair (2010 - present)", "Chair | from 2010-01-01 about"],
    ["Chair (2010–)", "Chair | from 2010-01-01 about"],
    ["Chair (–2014)", "Chair | until 2014-12-31 about"],
    ["Chair (until 31.12.2014)", "Chair | until 2014-12-31 exact"],
    ["Trustee before 2019", "Trustee | from 2018-12-31 at_latest"],
    ["Trustee after May 2018", "Trustee | from 2018-06-01 at_earliest"],
    ["Trustee not before 2018", "Trustee | from 2018-01-01 at_earliest"],
    ["Trustee c. 1998", "Trustee | from 1998-01-01 about"],
    ["Trustee (c. 1998 – Sept. 2001)", "Trustee | from 1998-01-01 about | until 2001-09-30 about"],
    ["Trustee since 1998?", "Trustee | from 1998-01-01 about"],
    ["President-elect", "President | designate"],
    ["Chairman designate", "Chairman | designate"],
    ["Treasurer (former) (2001–2003)", "Treasurer | former | from 2001-01-01 about | until 2003-12-31 about"],
  ])("reads %s", (text, expected) => expect(shown(text)).toBe(expected));

  it.each([
    "President of the Council",
    "Minister of State (Trade)",
    "PPS (Rt Hon Ruth Kelly, Secretary of State)",
    "Immediate past president",
    "Team London 2012",
    "Elector of Hanover",
    "Exhibition manager",
    "Former",
    "Consultant (2003)",
    "Acting",
  ])("leaves %s as it is", (text) => expect(shown(text)).toBe(text));

  it.each([
    ["Director until 31 February 2014", "Director until 31 February 2014 | unread until 31 February 2014"],
    ["Director since 03/04/2014", "Director since 03/04/2014 | unread since 03/04/2014"],
    ["Director (2010-14)", "Director (2010-14) | unread 2010-14)"],
    [
      "Director until 2014 since 2010 until 2011",
      "Director until 2014 | from 2010-01-01 about | until 2011-12-31 about | unread until 2014",
    ],
  ])("says that the days of %s cannot be read", (text, expected) =>
    expect(shown(text).startsWith(expected)).toBe(true),
  );

  it("reads days in the order, the words and the months of another language when they are given", () => {
    const german = roleReader({
      ...{ dateOrder: "day_first", languages: ["de"] },
      words: { former: ["ehemaliger", "ehemalige"], until: ["bis"], since: ["seit"], asOf: ["Stand"] },
    });
    expect(shown("Ehemaliger Vorstand bis 3. März 2014", german)).toBe("Vorstand | former | until 2014-03-03 exact");
    expect(shown("Vorstand seit 03/04/2014", german)).toBe("Vorstand | from 2014-04-03 exact");
    expect(shown("Präsident (Stand 2019)", german)).toBe("Präsident | from 2019-12-31 at_latest");
    expect(shown("Director since 03/04/2014", roleReader({ dateOrder: "month_first" }))).toBe(
      "Director | from 2014-03-04 exact",
    );
  });

  it("takes a bounded time for any text", () => {
    const started = process.cpuUsage();
    for (const part of ["since ", "(", "2010–", "- ", "until 2014 ", "ex-", "a, "])
      read(part.repeat(100_000 / part.length));
    for (const part of ["since ", "2010 – ", "until 2014 ", "ex-ex ", "a, "]) read(part.repeat(990 / part.length));
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000);
  });
});

describe("a day in a column", () => {
  const day = columnReader();
  it.each([
    ["2014-05-03", "2014-05-03 2014-05-03 in"],
    ["2014", "2014-01-01 2014-12-31 in"],
    ["12/2014", "2014-12-01 2014-12-31 in"],
    ["Feb. 2016", "2016-02-01 2016-02-29 in"],
    ["25/12/2014", "2014-12-25 2014-12-25 in"],
    ["before 2019", "2019-01-01 2019-12-31 before"],
    ["mid-1998", "1998-01-01 1998-12-31 about"],
    ["9999", "9999-01-01 9999-12-31 in"],
  ])("is read from %s", (text, expected) => expect(Object.values(day(text)!).join(" ")).toBe(expected));
  it.each(["", "soon", "2014-13", "31/02/2014", "03/04/2014", "0000", "14", "May", "20140503", "2014-05-03T10:00"])(
    "is not read from %j",
    (text) => expect(day(text)).toBeUndefined(),
  );
});

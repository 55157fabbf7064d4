/** From when to when, by what columns and roles say together. Pure. */
import { dayAt, dayNumberOf } from "@relata/core/plugin";
import { atEarliest, atLatest, type Bound, type MeantDay } from "./day-phrase.ts";
import type { ParsedRole } from "./parse-role.ts";

/** Days as relationships keep them. */
export interface ToldDays {
  readonly validFrom: string | null;
  readonly validFromIs: Bound;
  readonly validUntil: string | null;
  readonly validUntilIs: Bound;
}

export interface DaysProblem {
  readonly problem: "bad_days" | "no_whole_day";
  readonly field: "validFrom" | "validUntil" | "role";
  readonly message: string;
}

export interface DaysTold {
  /** By columns. */
  readonly start?: MeantDay | undefined;
  readonly end?: MeantDay | undefined;
  readonly roles: readonly ParsedRole[];
  readonly statedOn: string;
  /** `end` is the day after the last one, where it is a day. */
  readonly isExclusive: boolean;
  readonly mayLastNoDay: boolean;
}

export function toldDays(told: DaysTold): ToldDays | DaysProblem {
  const lasting = inclusive(told);
  if ("problem" in lasting) return lasting;
  const { roles, statedOn, start } = told;
  const from = agreed([start, ...roles.map((role) => role.from)]);
  const until = agreed([lasting.end, ...roles.map((role) => role.until)]);
  if (from === "contradiction") return bad("validFrom", "is another day than the role tells: correct one of the two");
  if (until === "contradiction") return bad("validUntil", "is another day than the role tells: correct one of the two");
  const tensed = inTense({ from, until }, roles, statedOn);
  return "problem" in tensed ? tensed : inOrder(tensed);
}

type Bounds = { readonly from: MeantDay | undefined; readonly until: MeantDay | undefined };

function inclusive({
  start,
  end,
  isExclusive,
  mayLastNoDay,
}: DaysTold): { readonly end: MeantDay | undefined } | DaysProblem {
  if (!isExclusive || end?.is !== "exact") return { end };
  const day = dayAt(dayNumberOf(end.day) - 1);
  if (start?.is !== "exact" || start.day !== end.day) return { end: { ...end, day, earliest: day, latest: day } };
  if (mayLastNoDay) return { end };
  const message = `begins and ends on ${end.day}, which is no whole day where ends are exclusive: choose keep, and it lasts that day`;
  return { problem: "no_whole_day", field: "validUntil", message };
}

/** Of several that can be the same day, the one that says most. */
function agreed(days: readonly (MeantDay | undefined)[]): MeantDay | undefined | "contradiction" {
  const told = days.filter((day) => day !== undefined);
  const latest = told.flatMap((day) => day.latest ?? []).sort()[0];
  const earliest = told
    .flatMap((day) => day.earliest ?? [])
    .sort()
    .at(-1);
  if (latest !== undefined && earliest !== undefined && earliest > latest) return "contradiction";
  return told.find(({ is }) => is === "exact") ?? told[0];
}

/** What is former has ended, what is current goes on, and what is to come has not begun, on the day on which that was said. */
function inTense({ from, until }: Bounds, roles: readonly ParsedRole[], on: string): Bounds | DaysProblem {
  const tenses = new Set(roles.flatMap((role) => role.tenses));
  const said = (tense: string) => `is told to be ${tense}, on ${on}`;
  const [eve, morrow] = [dayAt(dayNumberOf(on) - 1), dayAt(dayNumberOf(on) + 1)];
  if (tenses.has("former")) {
    if ((from?.earliest ?? "") > eve)
      return bad("role", `${said("former")}, and begins later: correct one of the two, or statedOn`);
    if ((until?.earliest ?? "") > eve)
      return bad("role", `${said("former")}, and ends later: correct one of the two, or statedOn`);
    if (!until || until.day > eve) return { from, until: atLatest(eve) };
  }
  if (tenses.has("current") && until?.latest && until.latest < on)
    return bad("role", `${said("current")}, and ended on ${until.latest}: correct one of the two, or statedOn`);
  if (tenses.has("designate")) {
    if (from?.latest && from.latest < morrow)
      return bad("role", `${said("designate")}, and began on ${from.latest}: correct one of the two, or statedOn`);
    if (!from || from.day < morrow) return { from: atEarliest(morrow), until };
  }
  return { from, until };
}

function inOrder({ from, until }: Bounds): ToldDays | DaysProblem {
  let [validFrom, validUntil] = [from?.day ?? null, until?.day ?? null];
  if (validFrom !== null && validUntil !== null && validUntil < validFrom) {
    // What began at the latest by a day began by its last one.
    if (from!.is === "at_latest") validFrom = validUntil;
    else if (until!.is === "at_earliest") validUntil = validFrom;
    else return bad("validUntil", `is ${validUntil}, before the first day, ${validFrom}: correct one of the two`);
  }
  return { validFrom, validFromIs: from?.is ?? "exact", validUntil, validUntilIs: until?.is ?? "exact" };
}

function bad(field: DaysProblem["field"], message: string): DaysProblem {
  return { problem: "bad_days", field, message };
}

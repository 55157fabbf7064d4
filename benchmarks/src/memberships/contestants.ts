/** Who counts: Relata, and what one would write by hand for the default rules. */
import { addMonths } from "@relata/core/plugin";
import type { HandDatabase } from "../hierarchies/contestants.ts";
import type { Operation } from "../measure/measure.ts";
import type { MemberCrm } from "./member-data.ts";

export const DAYS = ["2014-06-30", "2018-12-31", "2022-03-15", "2025-09-30"] as const;
const dayOf = (number: number) => DAYS[number % DAYS.length]!;

/** Rows in the order of status and level. */
type Counts = readonly (readonly [status: string, levelId: string, memberships: number])[];

export function relataCount({ memberships }: Pick<MemberCrm, "memberships">): Operation {
  return async (number): Promise<Counts> => {
    const { rows } = await memberships.countMembers({ on: dayOf(number), by: ["status", "level"] });
    return sorted(rows.map((row) => [row.status!, row.levelId!, row.memberships]));
  };
}

/**
 * One scan of the spans that the day lies in. SQLite is told by which index: left alone, it takes that of the first days, and reads the rows
 * themselves, which costs five times as much.
 */
export function handCount(hand: HandDatabase): Operation {
  const span = hand.table("membership_span");
  const status = `case s.state when 'term' then
      case when s.joined_on <= ? and s.joined_on >= ? and (s.term_ends_on is null or s.term_ends_on >= ?) then 'new'
      when s.term_starts_on <= ? and (s.term_ends_on is null or s.term_ends_on >= ?) then 'current'
      when s.term_ends_on <= ? and s.term_ends_on >= ? then 'grace' else 'expired' end
    when 'overridden' then s.override_status else s.state end`;
  const states = "'term', 'pending', 'paused', 'cancelled', 'deceased', 'overridden'";
  const days = hand.id === "?" ? `s.state in (${states}) and +` : "";
  const counted = hand.planned(
    `select ${status}, s.level_id, count(*) from ${span} s
    where s.tenant_id = 'default' and ${days}s.first_day <= ? and s.last_day >= ? group by 1, 2`,
  );
  return async (number) => {
    const day = dayOf(number);
    // The defaults: new for three months, a month of grace.
    const [isNew, inGrace] = [earliestOf(day, 3), earliestOf(day, 1)];
    const rows = (await counted(day, isNew, day, day, day, day, inGrace, day, day)) as Counts;
    return sorted(rows.map(([name, levelId, memberships]) => [name, levelId, Number(memberships)]));
  };
}

/** The earliest day that is not over when so many months have passed from it. */
function earliestOf(day: string, months: number): string {
  let found = addMonths(day, -months);
  while (addMonths(before(found), months) >= day) found = before(found);
  return found;
}

function before(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

function sorted(counts: Counts): Counts {
  return counts.toSorted((a, b) => (`${a[0]} ${a[1]}` < `${b[0]} ${b[1]}` ? -1 : 1));
}

/**
 * Two memberships of one program become one: a pure function. The survivor's terms stand whole. The other's keep the days on which the
 * survivor has none; what lies on days of the survivor's is told as an overlap, cut off, or voided where nothing is left. What was cancelled,
 * paused or overridden is so on days that are governed by a term of the membership that it was about. All stays on record.
 */
import { addDays, compareText, type Money } from "@relata/core/plugin";
import { standingTerms } from "../chain/spans.ts";
import { daysOf } from "../chain/term-days.ts";
import type { MembershipEventRecord, TermRecord } from "../parts.ts";
import { moneyForDays } from "../payment/money-amounts.ts";
import { dayAfter, earlierOf, FIRST_DAY, LAST_DAY, laterOf } from "../status/day-offset.ts";

export interface JoiningChain {
  readonly terms: readonly TermRecord[];
  readonly events: readonly MembershipEventRecord[];
}

/** Days on which both had a term, the first and the last one included. */
export interface Overlap {
  readonly from: string;
  /** Null: for life. */
  readonly until: string | null;
  /** The survivor's. */
  readonly keptTermId: string;
  readonly cutTermId: string;
}

type TermPatch = Partial<Pick<TermRecord, "startsOn" | "endsOn" | "countsFrom" | "chainStartsOn" | "price">>;
type EventPatch = Partial<Pick<MembershipEventRecord, "validFrom" | "validUntil">>;

/** A record goes on as the first of its pieces; further ones are new records like it. No piece: it is voided. */
export interface Piece<R, Patch> {
  readonly record: R;
  readonly pieces: readonly Patch[];
}

export interface JoinedChains {
  readonly terms: readonly Piece<TermRecord, TermPatch>[];
  readonly events: readonly Piece<MembershipEventRecord, EventPatch>[];
  readonly overlaps: readonly Overlap[];
}

interface Days {
  readonly from: string;
  readonly until: string;
}

/** Only of records that count; those that are voided stay as they are. */
export function joinChains(survivor: JoiningChain, other: JoiningChain): JoinedChains {
  const own = standingTerms(survivor.terms);
  const overlaps: Overlap[] = [];
  const kept = standingTerms(other.terms).map((record) => {
    const days = { from: record.countsFrom, until: record.endsOn ?? LAST_DAY };
    for (const term of own) {
      const from = laterOf(term.countsFrom, days.from);
      const until = earlierOf(term.endsOn ?? LAST_DAY, days.until);
      if (from <= until) overlaps.push({ from, until: endOf(until), keptTermId: term.id, cutTermId: record.id });
    }
    const taken = own.map(({ countsFrom, endsOn }) => ({ from: countsFrom, until: endsOn ?? LAST_DAY }));
    return { record, days: without(days, taken).map((each) => ({ ...each, of: record })) };
  });
  const whole = own.map((record) => ({
    record,
    days: [{ from: record.countsFrom, until: record.endsOn ?? LAST_DAY, of: record }],
  }));
  const placed = [...whole, ...kept].flatMap(({ days }) => days).sort((a, b) => compareText(a.from, b.from));
  const chainStart = chainStartsOf(placed);
  const terms = [...whole, ...kept].map(({ record, days }) => ({
    record,
    pieces: days.map((each) => ({ ...patchOf(record, each), chainStartsOn: chainStart.get(each)! })),
  }));
  const isOwn = new Set(own.map(({ id }) => id));
  const events = [
    ...eventsOn(
      survivor.events,
      governed(placed, ({ id }) => isOwn.has(id)),
    ),
    ...eventsOn(
      other.events,
      governed(placed, ({ id }) => !isOwn.has(id)),
    ),
  ];
  return { terms, events, overlaps };
}

interface Placed extends Days {
  readonly of: TermRecord;
}

/** Whatever joins on to the days before, or belonged to a chain that has begun, belongs to its chain. */
function chainStartsOf(placed: readonly Placed[]): ReadonlyMap<Days, string> {
  const starts = new Map<Days, string>();
  const chains = new Map<string, string>();
  let before: Placed | undefined;
  for (const each of placed) {
    const chain = `${each.of.membershipId} ${each.of.chainStartsOn}`;
    const joinsOn = before !== undefined && (before.until === LAST_DAY || addDays(before.until, 1) >= each.from);
    const start = joinsOn ? starts.get(before!)! : (chains.get(chain) ?? earlierOf(each.of.chainStartsOn, each.from));
    starts.set(each, start);
    if (!chains.has(chain)) chains.set(chain, start);
    before = each;
  }
  return starts;
}

/** What it costs follows the days that are left of it. */
function patchOf({ startsOn, countsFrom, endsOn, price }: TermRecord, { from, until }: Days): TermPatch {
  if (from === countsFrom && until === (endsOn ?? LAST_DAY)) return {};
  const ends = endOf(until);
  return {
    ...(from === countsFrom ? {} : { startsOn: from, countsFrom: from }),
    endsOn: ends,
    price: price && priceOf(price, { from: from === countsFrom ? startsOn : from, until: ends }, { startsOn, endsOn }),
  };
}

function priceOf(
  price: Money,
  { from, until }: { readonly from: string; readonly until: string | null },
  { startsOn, endsOn }: { readonly startsOn: string; readonly endsOn: string | null },
): Money {
  return endsOn === null || until === null ? price : moneyForDays(price, daysOf(from, until), daysOf(startsOn, endsOn));
}

/** A term governs until the next one begins, also the days after its end; the days before the first one are everybody's. */
function governed(placed: readonly Placed[], holds: (term: TermRecord) => boolean): readonly Days[] {
  if (placed.length === 0) return [{ from: FIRST_DAY, until: LAST_DAY }];
  const days = placed.flatMap(({ from, of }, at): Days[] => {
    const next = placed[at + 1];
    const isFirst = at === 0;
    if (!holds(of)) return isFirst ? [{ from: FIRST_DAY, until: addDays(from, -1) }] : [];
    return [{ from: isFirst ? FIRST_DAY : from, until: next ? addDays(next.from, -1) : LAST_DAY }];
  });
  return days.reduce<Days[]>((joined, each) => {
    const last = joined.at(-1);
    if (last && dayAfter(last.until) === each.from) joined[joined.length - 1] = { from: last.from, until: each.until };
    else joined.push(each);
    return joined;
  }, []);
}

/** A death holds, whosever record tells of it. */
function eventsOn(
  events: readonly MembershipEventRecord[],
  days: readonly Days[],
): readonly Piece<MembershipEventRecord, EventPatch>[] {
  return events
    .filter(({ voidedOn, kind }) => voidedOn === null && kind !== "deceased")
    .map((record) => ({
      record,
      pieces: days.flatMap(({ from, until }): EventPatch[] => {
        const first = laterOf(record.validFrom, from);
        const last = earlierOf(record.validUntil ?? LAST_DAY, until);
        return first > last ? [] : [{ validFrom: first, validUntil: endOf(last) }];
      }),
    }));
}

/** The days that are left, in their order. */
function without(days: Days, taken: readonly Days[]): readonly Days[] {
  return taken.reduce<readonly Days[]>(
    (left, { from, until }) =>
      left.flatMap((each): Days[] => {
        if (until < each.from || each.until < from) return [each];
        return [
          ...(each.from < from ? [{ from: each.from, until: addDays(from, -1) }] : []),
          ...(until < each.until ? [{ from: addDays(until, 1), until: each.until }] : []),
        ];
      }),
    [days],
  );
}

function endOf(day: string): string | null {
  return day === LAST_DAY ? null : day;
}

/** Terms and events cut into spans: a pure function. */
import { addDays, compareText } from "@relata/core/plugin";
import { dayAfter as dayAfterLast, dayBefore, earlierOf, LAST_DAY } from "../status/day-offset.ts";
import type { SpanDays } from "../status/status-on.ts";
import type { eventKinds } from "./membership-event.ts";

/** A term, as far as spans need it. */
export interface TermDays {
  readonly id: string;
  readonly levelId: string;
  readonly chainStartsOn: string;
  readonly countsFrom: string;
  readonly startsOn: string;
  readonly endsOn: string | null;
  readonly voidedOn: string | null;
}

export interface EventDays {
  readonly kind: (typeof eventKinds)[number];
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly status: string | null;
  readonly voidedOn: string | null;
}

/** An order, as far as it makes somebody wait for a first term. */
export interface OrderDays {
  readonly levelId: string;
  readonly orderedOn: string;
  readonly state: "open" | "applied" | "void";
  readonly stateOn: string;
}

export interface Chain {
  readonly terms: readonly TermDays[];
  readonly events: readonly EventDays[];
  readonly orders: readonly OrderDays[];
}

export interface Span extends SpanDays {
  readonly levelId: string;
  readonly termId: string | null;
}

/**
 * From the first day on, until the next one begins, a term governs, also the days after its end. Before the first term it is pending from the
 * day of an order, until the order is given up. On days of an event the state is the event's: an override before a death, that before a
 * cancellation, that before a pause.
 */
export function spansOf({ terms, events, orders }: Chain): readonly Span[] {
  const base = [...pendingSpans(terms, orders), ...termSpans(terms)];
  const standing = events
    .filter(({ voidedOn }) => voidedOn === null)
    .toSorted(
      (a, b) => precedence.indexOf(a.kind) - precedence.indexOf(b.kind) || compareText(b.validFrom, a.validFrom),
    );
  const cuts = new Set(standing.flatMap(({ validFrom, validUntil }) => [validFrom, dayAfter(validUntil) ?? validFrom]));
  const spans: Span[] = [];
  for (const span of base) {
    const inside = [...cuts].filter((day) => span.firstDay < day && day <= span.lastDay).toSorted(compareText);
    const starts = [span.firstDay, ...inside];
    for (const [at, firstDay] of starts.entries()) {
      const next = starts[at + 1];
      const lastDay = next === undefined ? span.lastDay : addDays(next, -1);
      const event = standing.find(
        ({ validFrom, validUntil }) => validFrom <= firstDay && lastDay <= (validUntil ?? LAST_DAY),
      );
      spans.push({ ...span, firstDay, lastDay, ...(event ? stateOf(event) : {}) });
    }
  }
  return joined(spans);
}

/** What is asked first comes first. */
const precedence: readonly EventDays["kind"][] = ["overridden", "deceased", "cancelled", "paused"];

function stateOf({ kind, validFrom, status }: EventDays) {
  return { state: kind, stateOn: validFrom, overrideStatus: kind === "overridden" ? status : null };
}

/** Terms that count, in the order of their days. */
export function standingTerms<T extends TermDays>(terms: readonly T[]): readonly T[] {
  return terms.filter(({ voidedOn }) => voidedOn === null).toSorted((a, b) => compareText(a.countsFrom, b.countsFrom));
}

function termSpans(given: readonly TermDays[]): readonly Span[] {
  const terms = standingTerms(given);
  return terms.map((term, at) => {
    const next = terms[at + 1];
    return {
      ...{ firstDay: term.countsFrom, lastDay: next ? addDays(next.countsFrom, -1) : LAST_DAY },
      ...{ state: "term", stateOn: term.countsFrom, overrideStatus: null, levelId: term.levelId, termId: term.id },
      ...{ joinedOn: terms[0]!.countsFrom, chainStartsOn: term.chainStartsOn },
      ...{ termStartsOn: term.startsOn, termEndsOn: term.endsOn },
    };
  });
}

/** Where several orders wait on one day, it is the first one's. */
function pendingSpans(terms: readonly TermDays[], orders: readonly OrderDays[]): readonly Span[] {
  const first = standingTerms(terms)[0]?.countsFrom;
  const before = first === undefined ? LAST_DAY : addDays(first, -1);
  const spans: Span[] = [];
  for (const { orderedOn, state, stateOn, levelId } of orders.toSorted((a, b) =>
    compareText(a.orderedOn, b.orderedOn),
  )) {
    const gone = state === "void" ? dayBefore(stateOn) : LAST_DAY;
    const lastDay = earlierOf(gone, before);
    const earlier = spans.at(-1);
    const firstDay = earlier && earlier.lastDay >= orderedOn ? dayAfter(earlier.lastDay) : orderedOn;
    if (firstDay === undefined || firstDay > lastDay) continue;
    spans.push({
      ...{ firstDay, lastDay, state: "pending", stateOn: orderedOn, overrideStatus: null, levelId, termId: null },
      ...{ joinedOn: null, chainStartsOn: null, termStartsOn: null, termEndsOn: null },
    });
  }
  return spans;
}

/** Neighbours that differ in their days alone are one. */
function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = [];
  for (const span of spans) {
    const last = all.at(-1);
    if (last && dayAfter(last.lastDay) === span.firstDay && isSame(last, span))
      all[all.length - 1] = { ...last, lastDay: span.lastDay };
    else all.push(span);
  }
  return all;
}

const compared = ["state", "stateOn", "overrideStatus", "levelId", "termId"] as const satisfies readonly (keyof Span)[];

function isSame(a: Span, b: Span): boolean {
  return compared.every((field) => a[field] === b[field]);
}

function dayAfter(day: string | null): string | undefined {
  return day === null ? undefined : dayAfterLast(day);
}

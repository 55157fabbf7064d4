/** What came after terms: a pure function of the terms and the deaths of one membership. */
import { dayAfter } from "../status/day-offset.ts";
import type { TermOutcome } from "./membership-span.ts";
import { type EventDays, standingTerms, type TermDays } from "./spans.ts";

/** A term, as far as what comes after it needs it. */
export interface EndingTerm extends TermDays {
  readonly origin: string;
  readonly orderId: string | null;
  readonly voidReason: string | null;
}

/**
 * By id, of the terms that count and end. `changed`: cut by a change of level or a transfer, so that it did not fall due. `renewed`: a later term
 * goes on with its chain; that of a return does not. `died`: the member had by the last day. `left`: nothing of this.
 */
export function outcomesOf(
  given: readonly EndingTerm[],
  events: readonly Pick<EventDays, "kind" | "validFrom" | "voidedOn">[],
): ReadonlyMap<string, TermOutcome> {
  const terms = standingTerms(given);
  const death = events.find(({ kind, voidedOn }) => kind === "deceased" && voidedOn === null)?.validFrom;
  const outcomes = new Map<string, TermOutcome>();
  for (const [at, term] of terms.entries()) {
    const { id, endsOn } = term;
    if (endsOn === null) continue;
    const later = terms.slice(at + 1);
    if (term.voidReason === "transferred" || isCut(term, terms)) outcomes.set(id, "changed");
    else if (later.some(({ chainStartsOn }) => chainStartsOn <= endsOn)) outcomes.set(id, "renewed");
    else outcomes.set(id, death !== undefined && death <= endsOn ? "died" : "left");
  }
  return outcomes;
}

/** By a change of level that begins the day after; a later term that a change before has remade is none. */
function isCut({ endsOn }: EndingTerm, terms: readonly EndingTerm[]): boolean {
  const next = terms.find(({ countsFrom }) => countsFrom === dayAfter(endsOn!));
  if (next?.origin !== "upgrade" && next?.origin !== "downgrade") return false;
  return !terms.some(({ orderId, countsFrom }) => orderId === next.orderId && countsFrom <= endsOn!);
}

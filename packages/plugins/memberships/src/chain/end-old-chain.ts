/** Makes room for a new chain. */
import { addDays } from "@relata/core/plugin";
import type { MembershipsContext, TermRecord } from "../parts.ts";
import { LAST_DAY } from "../status/day-offset.ts";
import { endEvents, holdsOn } from "./events.ts";
import type { ReadChain } from "./read-chain.ts";
import { endTerms } from "./write-terms.ts";

/**
 * What is left of a membership that is cancelled on the day is given up: only `reinstate` keeps it. A term that begins after the cancellation
 * stands. Neither a cancellation nor a pause goes on into the new chain.
 *
 * @returns the terms that stand then
 */
export async function endOldChain(
  tx: MembershipsContext,
  chain: ReadChain,
  on: string,
): Promise<readonly TermRecord[]> {
  const cancelled = chain.terms.filter((term) => isCancelledOn(chain, on, term));
  if (cancelled.length > 0) await endTerms(tx, cancelled, { on, reason: "given up by joining again" });
  await endEvents(tx, chain.events, { kind: "cancelled", on });
  await endEvents(tx, chain.events, { kind: "paused", on });
  return chain.terms.flatMap((term) => {
    if (!cancelled.includes(term) || (term.endsOn ?? LAST_DAY) < on) return [term];
    return term.countsFrom < on ? [{ ...term, endsOn: addDays(on, -1) }] : [];
  });
}

/** The first term that runs on the day, or later, and that a cancellation has not given up. */
export function standingOn(chain: ReadChain, day: string): TermRecord | undefined {
  return chain.terms.find((term) => (term.endsOn ?? LAST_DAY) >= day && !isCancelledOn(chain, day, term));
}

/** Whether a cancellation holds on the day, also one that an override or a death hides, and on the first day of the term, if that is later. */
function isCancelledOn({ events }: ReadChain, day: string, { countsFrom }: TermRecord): boolean {
  return events.some(
    (event) => event.kind === "cancelled" && holdsOn(event, day) && (event.validUntil ?? LAST_DAY) >= countsFrom,
  );
}

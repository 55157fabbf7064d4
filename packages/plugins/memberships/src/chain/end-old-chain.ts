/** Makes room for a new chain. */
import { addDays } from "@relata/core/plugin";
import type { MembershipsContext, TermRecord } from "../parts.ts";
import { LAST_DAY } from "../status/day-offset.ts";
import { endEvents, holdsOn } from "./events.ts";
import type { ReadChain } from "./read-chain.ts";
import { endTerms } from "./write-terms.ts";

/**
 * What is left of a membership that is cancelled on the day is given up: only `reinstate` keeps it. Neither a cancellation nor a pause goes on
 * into the new chain.
 *
 * @returns the terms that stand then
 */
export async function endOldChain(
  tx: MembershipsContext,
  chain: ReadChain,
  on: string,
): Promise<readonly TermRecord[]> {
  const isCancelled = isCancelledOn(chain, on);
  if (isCancelled) await endTerms(tx, chain.terms, { on, reason: "given up by joining again" });
  await endEvents(tx, chain.events, { kind: "cancelled", on });
  await endEvents(tx, chain.events, { kind: "paused", on });
  if (!isCancelled) return chain.terms;
  return chain.terms
    .filter(({ countsFrom }) => countsFrom < on)
    .map((term) => ((term.endsOn ?? LAST_DAY) < on ? term : { ...term, endsOn: addDays(on, -1) }));
}

/** Whether a cancellation holds on the day, also one that an override or a death hides. */
export function isCancelledOn({ events }: ReadChain, day: string): boolean {
  return events.some((event) => event.kind === "cancelled" && holdsOn(event, day));
}

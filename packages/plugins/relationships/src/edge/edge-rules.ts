/** What edges may not be together on any day: pure. */
import { compareText } from "@relata/core/plugin";
import { firstDay, lastDay, shareDay } from "../interval/day-interval.ts";

export interface RuledEdge {
  readonly id: string;
  readonly validFrom: string | null;
  readonly validUntil: string | null;
}

/** Edges that are too many, and the first day on which they are. */
export interface Excess<E extends RuledEdge> {
  readonly on: string;
  readonly edges: readonly E[];
}

/** The first day on which more than `most` are valid, of those on which one of `written` is. */
export function findExcess<E extends RuledEdge>(
  edges: readonly E[],
  most: number,
  written: ReadonlySet<string>,
): Excess<E> | undefined {
  // The number only grows where one begins, and an organisation may have very many: each is looked at once.
  const inOrder = edges.toSorted((a, b) => compareText(firstDay(a), firstDay(b)) || compareText(a.id, b.id));
  const byEnd = edges.toSorted((a, b) => compareText(lastDay(a), lastDay(b)));
  let [over, own] = [0, 0];
  for (const [at, edge] of inOrder.entries()) {
    const on = firstDay(edge);
    if (written.has(edge.id)) own++;
    for (; lastDay(byEnd[over]!) < on; over++) if (written.has(byEnd[over]!.id)) own--;
    if (own > 0 && at + 1 - over > most)
      return { on, edges: inOrder.slice(0, at + 1).filter((each) => lastDay(each) >= on) };
  }
  return undefined;
}

/** One of each kind that are valid on one day, one of them written; and the first such day of the two. */
export function findMeeting<E extends RuledEdge>(
  some: readonly E[],
  others: readonly E[],
  written: ReadonlySet<string>,
): Excess<E> | undefined {
  for (const one of some)
    for (const other of others) {
      if (one.id === other.id || !(written.has(one.id) || written.has(other.id)) || !shareDay(one, other)) continue;
      const [, later] = [one, other].toSorted((a, b) => compareText(firstDay(a), firstDay(b)));
      return { on: firstDay(later!), edges: [one, other] };
    }
  return undefined;
}

/** Ways from one thing to another: pure functions. */
import type { RecordReference } from "@relata/core/plugin";
import { compareText } from "@relata/core/plugin";
import { type DayInterval, firstDay, intervalOf, LAST_DAY, lastDay } from "../interval/day-interval.ts";
import { intersectionOf } from "../interval/interval-sets.ts";
import type { RelationshipRecord } from "../parts.ts";
import { thingKey } from "../things.ts";
import type { Stride } from "./read-steps.ts";

/** Relationships, one after another, that lead from the first of its things to the last. */
export interface InferenceWay {
  /** One more than relationships. */
  readonly things: readonly RecordReference[];
  readonly edges: readonly RelationshipRecord[];
  /** The days on which it holds. */
  readonly days: DayInterval;
  /** The product of the strengths; null where no relationship has one. One without counts as 1. */
  readonly strength: number | null;
}

export interface WayConditions {
  readonly overlapping: boolean;
  readonly different: boolean;
  readonly minStrength: number;
}

export function startOf(thing: RecordReference): InferenceWay {
  return { things: [thing], edges: [], days: { validFrom: null, validUntil: null }, strength: null };
}

/** Undefined where the conditions do not hold any more. */
export function extended(way: InferenceWay, stride: Stride, conditions: WayConditions): InferenceWay | undefined {
  const end = startOf(stride.far);
  return joined(way, { ...end, ...stride, things: [way.things.at(-1)!, stride.far], edges: [stride.edge] }, conditions);
}

/** One way behind the other: the last thing of the first is the first of the second. */
export function joined(
  first: InferenceWay,
  second: InferenceWay,
  { overlapping, different, minStrength }: WayConditions,
): InferenceWay | undefined {
  // What costs least, first: at a hub most ways do not fit each other.
  const days = overlapping ? intersectionOf([first.days, second.days]) : sinceBoth(first.days, second.days);
  const strength = productOf(first.strength, second.strength);
  if (!days || (strength ?? 1) < minStrength) return undefined;
  const things = [...first.things, ...second.things.slice(1)];
  const keys = things.map(thingKey);
  if (different && new Set(keys).size < keys.length) return undefined;
  const edges = [...first.edges, ...second.edges];
  if (new Set(edges.map(({ id }) => id)).size < edges.length) return undefined;
  return { things, edges, days, strength };
}

/** The same way from its other end. */
export function reversed({ things, edges, ...way }: InferenceWay): InferenceWay {
  return { ...way, things: things.toReversed(), edges: edges.toReversed() };
}

function productOf(a: number | null, b: number | null): number | null {
  // Without the noise of binary fractions: strengths have four places each.
  return a === null ? b : b === null ? a : Number((a * b).toPrecision(12));
}

function sinceBoth(a: DayInterval, b: DayInterval): DayInterval {
  const [first, second] = [firstDay(a), firstDay(b)];
  return intervalOf(compareText(first, second) > 0 ? first : second, LAST_DAY);
}

/** The strongest first; then the ones of fewer relationships; then those that begin earlier. */
export function compareWays(a: InferenceWay, b: InferenceWay): number {
  return (
    (b.strength ?? 1) - (a.strength ?? 1) ||
    a.edges.length - b.edges.length ||
    compareText(firstDay(a.days), firstDay(b.days)) ||
    compareText(lastDay(a.days), lastDay(b.days)) ||
    compareText(signOf(a), signOf(b))
  );
}

export const signOf = ({ edges }: InferenceWay): string => edges.map(({ id }) => id).join(" ");

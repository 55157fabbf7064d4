/** How alive relationships are, by what their two did together, and why. */
import { addDays, daysBetween, isUuid, timeZoneOf } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, parsed, withoutUndefined } from "../asked.ts";
import { LAST_DAY } from "../interval/day-interval.ts";
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { strengthText } from "../question/asked-edges.ts";
import { chunksOf } from "../things.ts";
import { decayedStrength } from "./decayed-strength.ts";
import { readDeeds, type SharedActivity } from "./read-deeds.ts";

type Kind = SharedActivity["kind"];

export interface HealthQuery {
  /** The day, "YYYY-MM-DD"; today in the tenant's time zone unless given. */
  readonly on?: string | undefined;
  /** After so many days what was done counts half; 90 unless given. */
  readonly halfLifeDays?: number | undefined;
  /** What a kind of activity counts on its day, from 0: meeting 3, call 2, e-mail and message 1, note and task 0 unless given. */
  readonly weights?: { readonly [K in Kind]?: number | undefined } | undefined;
  /** The activity at which health is one half; 3 unless given: one meeting today. */
  readonly half?: number | undefined;
  /** Of each relationship, so many contributions are told one by one; 20 unless given, 1,000 at most. */
  readonly contributions?: number | undefined;
  /** So many activities may be read; 100,000 unless given. */
  readonly maxActivities?: number | undefined;
}

export interface HealthContribution {
  readonly activityId: string;
  readonly kind: Kind;
  readonly subject: string;
  readonly at: Date;
  /** In days of the tenant's time zone. */
  readonly ageDays: number;
  /** What it counted on its day, and what it counts now. */
  readonly weight: number;
  readonly decayed: number;
  /** Its part of the health. */
  readonly share: string;
}

export interface RelationshipHealth {
  readonly relationshipId: string;
  readonly on: string;
  /** From 0 to 1, with at most four digits: `activity / (activity + half)`. All shares add up to it. */
  readonly health: string;
  /** The sum of what was done, each halved once for every half-life since. */
  readonly activity: number;
  /** The last time that they did something that counts; null where they did not. */
  readonly lastAt: Date | null;
  /** Those that count most first; of equal ones the latest. */
  readonly contributions: readonly HealthContribution[];
  /** What is not told one by one. */
  readonly others: { readonly count: number; readonly share: string };
}

const WEIGHTS = { meeting: 3, call: 2, email: 1, message: 1, note: 0, task: 0 } as const;
/** What is older counts for less than a thousandth of its weight, and is not read. */
const HALF_LIVES = 10;

const weight = z.number().min(0).max(1_000_000).optional();
const querySchema = z.strictObject({
  on: daySchema.optional(),
  halfLifeDays: z.number().positive().max(36_500).default(90),
  weights: z
    .strictObject({ meeting: weight, call: weight, email: weight, message: weight, note: weight, task: weight })
    .default({}),
  half: z.number().positive().max(1_000_000).default(3),
  contributions: z.int().min(0).max(1_000).default(20),
  maxActivities: z.int().min(1).default(100_000),
});
const idsSchema = z.array(idSchema).max(1_000);

/**
 * Of many relationships, in the order of their ids. Counted are activities that are done, with both of the two, up to the end of the day; what is older than
 * ten half-lives is not. See `decayedStrength` for the definition. The number of queries does not grow with that of the relationships.
 *
 * @throws `invalid_input`, `not_found`, `health_too_wide`
 */
export async function healthOf(
  context: RelationshipsContext,
  ids: readonly string[],
  query: HealthQuery = {},
): Promise<readonly RelationshipHealth[]> {
  const wanted = parsed("relationship", idsSchema, ids);
  const asked = parsed("relationship", querySchema, query);
  const edges = await edgesOf(context, wanted);
  const { timeZone } = await context.settings.current();
  const zone = timeZoneOf(timeZone);
  const on = asked.on ?? zone.dayOf(context.now().getTime());
  const first = earliest(on, Math.ceil(HALF_LIVES * asked.halfLifeDays));
  const span = { from: new Date(zone.startOf(first)), until: new Date(endOf(zone, on)) };
  const pairs = edges.map(
    ({ fromType, fromId, toType, toId }) =>
      [
        { entityType: fromType, id: fromId },
        { entityType: toType, id: toId },
      ] as const,
  );
  const deeds = await readDeeds(context, pairs, { ...span, spend: budget(context, asked.maxActivities) });
  const weights = { ...WEIGHTS, ...withoutUndefined(asked.weights) };
  return edges.map(({ id: relationshipId }, i) => {
    const counted = deeds[i]!.flatMap((activity) =>
      weights[activity.kind] > 0
        ? [
            {
              activity,
              weight: weights[activity.kind],
              ageDays: daysBetween(zone.dayOf(activity.timelineAt.getTime()), on),
            },
          ]
        : [],
    );
    const { health, activity, parts } = decayedStrength(counted, asked);
    const order = [...parts.keys()].toSorted((a, b) => parts[b]!.decayed - parts[a]!.decayed || a - b);
    const [told, others] = [order.slice(0, asked.contributions), order.slice(asked.contributions)];
    const sum = others.reduce((all, at) => all + parts[at]!.share, 0);
    return {
      ...{ relationshipId, on, health: strengthText(health), activity },
      lastAt: counted[0]?.activity.timelineAt ?? null,
      contributions: told.map((at) => contributionOf(counted[at]!, parts[at]!)),
      others: { count: others.length, share: strengthText(sum) },
    };
  });
}

function contributionOf(
  {
    activity,
    weight: counts,
    ageDays,
  }: { readonly activity: SharedActivity; readonly weight: number; readonly ageDays: number },
  { decayed, share }: { readonly decayed: number; readonly share: number },
): HealthContribution {
  const { id: activityId, kind, subject, timelineAt: at } = activity;
  return { activityId, kind, subject, at, ageDays, weight: counts, decayed, share: strengthText(share) };
}

/** In the order of the ids, retracted ones too. @throws `not_found` */
async function edgesOf(context: RelationshipsContext, ids: readonly string[]): Promise<readonly RelationshipRecord[]> {
  const found = new Map<string, RelationshipRecord>();
  // Of a single id, what is no id of a relationship is told by `get`.
  for (const part of ids.length > 1 ? chunksOf(ids.filter(isUuid)) : [])
    for await (const edge of context.relationships.iterate({ where: { id: { in: part } }, archived: "include" }))
      found.set(edge.id, edge);
  const edges: RelationshipRecord[] = [];
  for (const id of ids) edges.push(found.get(id) ?? (await context.relationships.get(id)));
  return edges;
}

/** Before the second day of all, some zone would be in the year 0. */
const EARLIEST = "0001-01-02";

function earliest(on: string, days: number): string {
  return daysBetween(EARLIEST, on) > days ? addDays(on, -days) : EARLIEST;
}

/** The first instant after the day; of the last day of all, its first one, after which nothing can be. */
function endOf(zone: ReturnType<typeof timeZoneOf>, day: string): number {
  return zone.startOf(day === LAST_DAY ? day : addDays(day, 1));
}

function budget(context: RelationshipsContext, most: number): (activities: number) => void {
  let left = most;
  return (activities) => {
    left -= activities;
    if (left < 0) throw context.error("health_too_wide", { entity: "activity", field: "maxActivities", most });
  };
}

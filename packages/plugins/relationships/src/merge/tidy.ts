/**
 * What relationships that a merge moves become beside those of the survivor: pure. The survivor's stand whole. Those between the two go, for they told of two. Of
 * the other one's, where a type forbids that two stand on one day, the days go that the survivor's have: they are cut, or, where nothing is left, gone. What is
 * primary beside as many as may be is primary no more. What goes as a double leaves to the survivor's what that does not say.
 */
import { compareText } from "@relata/core/plugin";
import { pairKey } from "../edge/pair.ts";
import { type DayInterval, shareDay } from "../interval/day-interval.ts";
import { without } from "../interval/interval-sets.ts";
import type { RelationshipRecord, TypeRecord } from "../parts.ts";
import { isSameThing, thingKey } from "../things.ts";
import type { Limit } from "../type/type-schemas.ts";
import { type DayCounts, dayCounts } from "./day-counts.ts";

type PatchedField =
  | ("validFrom" | "validFromIs" | "validUntil" | "validUntilIs" | "isPrimary")
  | ("strength" | "confidence" | "basis" | "source" | "notes" | "attributes");

export type EdgePatch = Partial<Pick<RelationshipRecord, PatchedField>>;

/** `between`: it stood between the two. `double`, `reverse`: beside one of the survivor's. `limit`: the survivor has as many as there may be. */
export type Cause = "between" | "double" | "reverse" | "limit";

/** What becomes of a relationship of the other one. */
export interface TidiedEdge {
  readonly edge: RelationshipRecord;
  /** What it gives way to, whole or in part. */
  readonly causes: readonly Cause[];
  /** The days that are left to it; none: it goes. */
  readonly days: readonly DayInterval[];
  /** What it is from now on; the first of the days in it. */
  readonly patch: EdgePatch;
  /** The survivor's that it is a double of, if it goes for that: what it rests on stands by that one. */
  readonly keptId: string | undefined;
}

export interface Tidied {
  /** Only those that something becomes of, by their ids. */
  readonly edges: readonly TidiedEdge[];
  /** What the survivor's get from their doubles, by id. */
  readonly enriched: ReadonlyMap<string, EdgePatch>;
}

export interface Moving {
  readonly survivor: { readonly entityType: string; readonly id: string };
  /** The other one's relationships, as they are once they are the survivor's. */
  readonly moved: readonly RelationshipRecord[];
  /** The ids of those that stood between the two. */
  readonly between: ReadonlySet<string>;
  /** The survivor's own, of the same types. */
  readonly standing: readonly RelationshipRecord[];
  readonly types: ReadonlyMap<string, TypeRecord>;
}

/** Of n relationships of each of the two, some n log n steps, and room for as many. */
export function tidy(moving: Moving): Tidied {
  const { survivor, moved, between, standing, types } = moving;
  const accepted = acceptedEdges(moving);
  const kept = new Map(standing.map((edge) => [edge.id, edge]));
  const enriched = new Map<string, EdgePatch>();
  const edges: TidiedEdge[] = [];
  for (const edge of moved.toSorted((a, b) => compareText(a.id, b.id))) {
    const type = types.get(edge.typeId);
    // What was retracted is nowhere on any day.
    if (edge.archivedAt !== null || !type) continue;
    const tidied: TidiedEdge = between.has(edge.id)
      ? { edge, causes: ["between"], days: [], patch: {}, keptId: undefined }
      : tidyOne(edge, { survivor, type, accepted });
    if (tidied.causes.length > 0) edges.push(tidied);
    for (const days of tidied.days) accepted.add({ ...edge, ...tidied.patch, ...days });
    const double = tidied.keptId === undefined ? undefined : kept.get(tidied.keptId);
    if (!double) continue;
    const more = whatIsMissing(double, edge);
    kept.set(double.id, { ...double, ...more });
    if (Object.keys(more).length > 0) enriched.set(double.id, { ...enriched.get(double.id), ...more });
  }
  return { edges, enriched };
}

interface Beside {
  readonly survivor: Moving["survivor"];
  readonly type: TypeRecord;
  readonly accepted: Accepted;
}

/** Found by what they are between, and counted by the day, for either of the two may have very many. */
interface Accepted {
  /** Of the same type and between the same two, whichever way. */
  besides(edge: RelationshipRecord): readonly RelationshipRecord[];
  /** Those of them that say the same. */
  same(edge: RelationshipRecord): readonly RelationshipRecord[];
  /** The days of an interval on which the survivor has as many of the type as a limit allows. */
  fullDays(limit: Limit, days: DayInterval): readonly DayInterval[];
  add(edge: RelationshipRecord): void;
}

function acceptedEdges({ survivor, standing, moved, types }: Moving): Accepted {
  const byPair = new Map<string, RelationshipRecord[]>();
  const bySaying = new Map<string, RelationshipRecord[]>();
  const all = Map.groupBy([...standing, ...moved], ({ typeId }) => typeId);
  const counts = new Map<Limit, DayCounts>();
  for (const [typeId, edges] of all)
    for (const limit of types.get(typeId)?.limits ?? []) counts.set(limit, dayCounts(edges));
  const put = (groups: Map<string, RelationshipRecord[]>, key: string, edge: RelationshipRecord) => {
    const group = groups.get(key);
    if (group) group.push(edge);
    else groups.set(key, [edge]);
  };
  const sayingOf = (edge: RelationshipRecord) => `${pairKey(edge)} ${saying(edge)}`;
  const add = (edge: RelationshipRecord) => {
    const type = types.get(edge.typeId);
    put(byPair, pairKey(edge), edge);
    if (type?.mayOverlap) put(bySaying, sayingOf(edge), edge);
    for (const limit of type?.limits ?? [])
      if (isCounted(edge, { survivor, type: type!, limit })) counts.get(limit)!.add(edge);
  };
  standing.forEach(add);
  return {
    add,
    besides: (edge) => byPair.get(pairKey(edge)) ?? [],
    same: (edge) => bySaying.get(sayingOf(edge)) ?? [],
    fullDays: (limit, days) => counts.get(limit)!.daysWith(days, limit.most),
  };
}

/** Whether it is one of those that the survivor may have so many of. */
function isCounted(
  edge: RelationshipRecord,
  {
    survivor,
    type,
    limit,
  }: { readonly survivor: Moving["survivor"]; readonly type: TypeRecord; readonly limit: Limit },
): boolean {
  return (
    (edge.isPrimary || !limit.primary) && standsAt(edge, survivor, type.shape === "symmetric" ? undefined : limit.end)
  );
}

function tidyOne(edge: RelationshipRecord, { survivor, type, accepted }: Beside): TidiedEdge {
  const causes = new Set<Cause>();
  const isSymmetric = type.shape === "symmetric";
  let days: readonly DayInterval[] = [{ validFrom: edge.validFrom, validUntil: edge.validUntil }];
  const cut = (others: readonly DayInterval[], cause: Cause) => {
    if (!others.some((other) => days.some((own) => shareDay(own, other)))) return;
    causes.add(cause);
    days = without(days, others);
  };
  const doubles = (type.mayOverlap ? accepted.same(edge) : accepted.besides(edge))
    .filter(({ officeId }) => officeId === edge.officeId)
    .filter((each) => isAlong(each, edge) || (isSymmetric && isAgainst(each, edge)));
  cut(doubles, "double");
  const keptId = days.length === 0 ? doubles.find((each) => shareDay(each, edge))?.id : undefined;
  if (!isSymmetric && !type.mayReverse) {
    const others = accepted.besides(edge).filter((each) => isAgainst(each, edge));
    cut(others, "reverse");
  }
  let isPrimary = edge.isPrimary;
  for (const limit of type.limits) {
    if (!isCounted({ ...edge, isPrimary }, { survivor, type, limit })) continue;
    const full = days.flatMap((own) => accepted.fullDays(limit, own));
    if (!limit.primary) cut(full, "limit");
    else if (full.length > 0) {
      causes.add("limit");
      isPrimary = false;
    }
  }
  const patch = { ...daysPatch(edge, days[0]), ...(isPrimary === edge.isPrimary ? {} : { isPrimary }) };
  return { edge, causes: [...causes], days, patch, keptId };
}

/** A bound that was cut is that very day. */
export function daysPatch(edge: RelationshipRecord, days: DayInterval | undefined): EdgePatch {
  if (!days) return {};
  const { validFrom, validUntil } = days;
  return {
    ...(validFrom === edge.validFrom ? {} : { validFrom, validFromIs: "exact" }),
    ...(validUntil === edge.validUntil ? {} : { validUntil, validUntilIs: "exact" }),
  };
}

const keysOf = ({ fromType, fromId, toType, toId }: RelationshipRecord) => ({
  from: thingKey({ entityType: fromType, id: fromId }),
  to: thingKey({ entityType: toType, id: toId }),
});

function isAlong(a: RelationshipRecord, b: RelationshipRecord): boolean {
  const [first, second] = [keysOf(a), keysOf(b)];
  return first.from === second.from && first.to === second.to;
}

function isAgainst(a: RelationshipRecord, b: RelationshipRecord): boolean {
  const [first, second] = [keysOf(a), keysOf(b)];
  return first.from === second.to && first.to === second.from;
}

/** At this end, or at either. */
function standsAt(edge: RelationshipRecord, thing: Moving["survivor"], end: "from" | "to" | undefined): boolean {
  const isFrom = isSameThing({ entityType: edge.fromType, id: edge.fromId }, thing);
  const isTo = isSameThing({ entityType: edge.toType, id: edge.toId }, thing);
  return end === undefined ? isFrom || isTo : end === "from" ? isFrom : isTo;
}

/** Two that have the same say the same. */
function saying({ validFrom, validFromIs, validUntil, validUntilIs, attributes }: RelationshipRecord): string {
  return JSON.stringify([validFrom, validFromIs, validUntil, validUntilIs, Object.entries(attributes).sort()]);
}

/** What one of the two has stated weighs more than what was recorded, and that more than what came from elsewhere. */
const weights = ["stated", "recorded", "imported"] as const;

function whatIsMissing(kept: RelationshipRecord, double: RelationshipRecord): EdgePatch {
  const basis = weights.find((each) => kept.basis === each || double.basis === each)!;
  const attributes = { ...double.attributes, ...kept.attributes };
  const isMore = Object.keys(attributes).length > Object.keys(kept.attributes).length;
  const lacking = (["strength", "confidence", "source", "notes"] as const).filter(
    (field) => kept[field] === null && double[field] !== null,
  );
  return {
    ...(basis === kept.basis ? {} : { basis }),
    ...(isMore ? { attributes } : {}),
    ...Object.fromEntries(lacking.map((field) => [field, double[field]])),
  };
}

/** What relationships must be together, on every day: looked at when they are written, whoever wrote them. */
import { compareText, invalidInput } from "@relata/core/plugin";
import { FIRST_DAY, firstDay, includes, LAST_DAY, lastDay } from "../interval/day-interval.ts";
import type { RelationshipRecord, RelationshipsContext, TypeRecord } from "../parts.ts";
import { thingKey } from "../things.ts";
import { type End, roleAt } from "../type/type-ends.ts";
import { wayOut } from "./contradiction.ts";
import type { Days } from "./edge-days.ts";
import { isPaired, mayReverse, typesOfMany } from "./edge-locks.ts";
import { type Excess, findExcess, findMeeting } from "./edge-rules.ts";
import { pairKey } from "./pair.ts";
import { type Places, placesIn } from "./places.ts";
import { edgeCheck, typesOfEdges } from "./propose-edges.ts";
import { type LimitNeed, readCrowdedPairs, readCrowdedThings, type StandingEdge, thingAt } from "./standing-edges.ts";

interface WrittenEdge {
  readonly before?: RelationshipRecord;
  readonly after?: RelationshipRecord;
}

/** An edge that may break a rule, with its type. */
interface Checked {
  readonly edge: RelationshipRecord;
  readonly type: TypeRecord;
}

/**
 * The `after` hook of relationships: also for those that come back from an archiving, a deletion or a merge. It reads the edges of the things that
 * are touched, and of these only those of types with such rules.
 *
 * @throws `relationship_overlap`, `relationship_reversed`, `too_many_relationships`, naming the first day; `invalid_input` for one that comes back and
 * that its type does not allow any more
 */
export async function checkEdges(context: RelationshipsContext, batch: readonly WrittenEdge[]): Promise<void> {
  const changed = batch.filter(mayBreakRules);
  if (changed.length === 0) return;
  const edges = changed.map(({ after }) => after!);
  const types = await typesOfEdges(context, edges);
  const checked = edges.flatMap((edge) => {
    const type = types.get(edge.typeId);
    return type === undefined ? [] : [{ edge, type }];
  });
  refuseReturning(changed, types);
  await lockTogether(context, edges, types);
  await checkTogether(context, checked, placesIn(batch));
}

/** What only ends earlier, or begins later, breaks nothing. What comes back from a deletion is like what was changed in nothing. */
function mayBreakRules({ before, after }: WrittenEdge): boolean {
  if (!after || after.archivedAt !== null) return false;
  if (!before || before.archivedAt !== null) return true;
  const isSame = before.fromId === after.fromId && before.toId === after.toId && before.officeId === after.officeId;
  const isShorter = includes(before, after) && !includes(after, before);
  return !(isSame && isShorter) || (after.isPrimary && !before.isPrimary);
}

/** What was retracted or deleted has not been looked at when its type was changed. */
function refuseReturning(changed: readonly WrittenEdge[], types: ReadonlyMap<string, TypeRecord>): void {
  const issuesOf = edgeCheck(types);
  for (const { before, after } of changed) {
    const issues = before ? issuesOf(after!) : [];
    if (issues.length > 0) throw invalidInput("relationship", issues);
  }
}

/** The turn in which edges like these are written: in it, what is read next is all that there is. */
export async function lockTogether(
  context: RelationshipsContext,
  edges: readonly RelationshipRecord[],
  types: ReadonlyMap<string, TypeRecord>,
): Promise<void> {
  // The turns of the types of many were taken with the types.
  const many = typesOfMany(edges, types);
  const named = edges.flatMap((edge) => {
    const type = many.has(edge.typeId) ? undefined : types.get(edge.typeId);
    return type ? [{ edge, type }] : [];
  });
  const pairs = named.flatMap(({ edge, type }) => (isPaired(type) ? [`relationships:${edge.pair}`] : []));
  const names = [...pairs, ...limitNeeds(named).map(limitLock)];
  if (names.length > 0) await context.lock(...names);
}

/** What has just been written, and where it stood in the call. */
interface Written {
  readonly ids: ReadonlySet<string>;
  placesOf(ids: readonly string[]): Places;
}

async function checkTogether(
  context: RelationshipsContext,
  checked: readonly Checked[],
  placesOf: Written["placesOf"],
): Promise<void> {
  const paired = checked.filter(({ type }) => isPaired(type));
  const needs = limitNeeds(checked);
  if (paired.length + needs.length === 0) return;
  const written = { ids: new Set(checked.map(({ edge }) => edge.id)), placesOf };
  const days = daysOfAll(checked);
  if (paired.length > 0) {
    const pairs = paired.map(({ edge }) => edge.pair);
    const standing = await readCrowdedPairs(context, pairs, days);
    refusePairs(context, paired, { standing, written });
  }
  if (needs.length > 0) refuseExcess(context, await readCrowdedThings(context, needs, days), written);
}

const limitLock = ({ type, end, thing }: LimitNeed) => `relationships:${type.id} ${end} ${thingKey(thing)}`;

function endsOf({ fromType, fromId, toType, toId }: Pick<StandingEdge, "fromType" | "fromId" | "toType" | "toId">) {
  return {
    from: thingKey({ entityType: fromType, id: fromId }),
    to: thingKey({ entityType: toType, id: toId }),
  };
}

function refusePairs(
  context: RelationshipsContext,
  paired: readonly Checked[],
  { standing, written }: { readonly standing: readonly StandingEdge[]; readonly written: Written },
): void {
  if (standing.length === 0) return;
  const byPair = Map.groupBy(standing, pairKey);
  for (const { edge, type } of paired) {
    const key = pairKey(edge);
    const between = byPair.get(key);
    if (!between) continue;
    // Each pair is looked at once.
    byPair.delete(key);
    if (!type.mayOverlap) {
      // An office tells apart what the same two have at the same time.
      const own = Map.groupBy(
        between,
        (each) => `${type.shape === "symmetric" ? "" : endsOf(each).from} ${each.officeId}`,
      );
      for (const same of own.values()) {
        const excess = findExcess(same, 1, written.ids);
        if (excess) throw context.error("relationship_overlap", { ...endsOf(edge), ...factsOf(type, excess, written) });
      }
    }
    if (mayReverse(type)) continue;
    const [along, against] = [
      between.filter((each) => isAlong(each, edge)),
      between.filter((each) => !isAlong(each, edge)),
    ];
    const meeting = findMeeting(along, against, written.ids);
    if (meeting) throw context.error("relationship_reversed", { ...endsOf(edge), ...factsOf(type, meeting, written) });
  }
}

function isAlong(each: StandingEdge, edge: RelationshipRecord): boolean {
  return endsOf(each).from === endsOf(edge).from;
}

function refuseExcess(
  context: RelationshipsContext,
  standing: ReadonlyMap<LimitNeed, readonly StandingEdge[]>,
  written: Written,
): void {
  for (const [{ type, end, thing, limit }, edges] of standing) {
    const excess = findExcess(edges, limit.most, written.ids);
    if (!excess) continue;
    throw context.error("too_many_relationships", {
      ...factsOf(type, excess, written),
      ...{
        field: limit.primary ? "isPrimary" : end === "from" ? "fromId" : "toId",
        thing: thingKey(thing),
        most: limit.most,
      },
      ...{ which: limit.primary ? "primary " : "", end: roleAt(type, end) ?? end, count: excess.edges.length },
    });
  }
}

function factsOf({ key }: TypeRecord, { on, edges }: Excess<StandingEdge>, written: Written) {
  const ids = edges.map(({ id }) => id);
  const places = written.placesOf(ids);
  const standing = ids.filter((id) => !written.ids.has(id));
  // Of records that are changed together, all can be corrected.
  const told = standing.length > 0 || places.indexes ? standing : ids;
  // The first day of all is where edges without one begin.
  const day = on === FIRST_DAY ? "every day until one ends" : on;
  return { entity: "relationship", field: "validFrom", type: key, on, day, ...places, ...wayOut(told, places) };
}

/** What has to be counted: each thing once for each limit. */
function limitNeeds(checked: readonly Checked[]): readonly LimitNeed[] {
  const needs = new Map<string, LimitNeed>();
  for (const { edge, type } of checked)
    for (const [at, limit] of type.limits.entries()) {
      if (limit.primary && !edge.isPrimary) continue;
      const ends: readonly End[] = type.shape === "symmetric" ? ["from", "to"] : [limit.end];
      for (const end of ends) {
        const thing = thingAt(edge, end);
        const counted: End = type.shape === "symmetric" ? "from" : end;
        needs.set(`${type.id} ${at} ${thingKey(thing)}`, { type, limit, end: counted, thing });
      }
    }
  return [...needs.values()];
}

/** All days of any of them. */
function daysOfAll(checked: readonly Checked[]): Days {
  const from = checked.map(({ edge }) => firstDay(edge)).sort(compareText)[0]!;
  const until = checked
    .map(({ edge }) => lastDay(edge))
    .sort(compareText)
    .at(-1)!;
  return { from: from === FIRST_DAY ? null : from, until: until === LAST_DAY ? null : until };
}

/** Group keys that need more than the query: the tenant's calendar, and for instants, how far they reach. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { TenantCalendar } from "../plugin/provided.ts";
import type { MeasureQuery } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { timeZoneOf } from "../value/time-zone.ts";
import { askForCalendar } from "./ask-providers.ts";
import { periodOf, startsBetween } from "./buckets.ts";
import { invalidQuery } from "./compilation.ts";
import { type BucketKey, type CompiledKey, dateKey, type NamedGroupKey, needsCalendar } from "./group-keys.ts";
import { sendAggregate } from "./read-session.ts";

/** The measures over what an aggregate looks at, as one row. */
export type MeasureAll = (measures: readonly MeasureQuery[]) => Promise<readonly Storable[]>;

/**
 * One query for the calendar where it is needed, one for how far the record's own instants reach, and one for each key of instants of
 * another record, over all records of its entity.
 */
export async function resolveBuckets(
  scope: Scope,
  compiled: readonly CompiledKey[],
  measureAll: MeasureAll,
): Promise<readonly NamedGroupKey[]> {
  const calendar = compiled.some(needsCalendar) ? await askForCalendar(scope) : undefined;
  const own = compiled.filter((key) => key.kind === "instant" && key.path.length === 0) as readonly BucketKey[];
  const reach = own.length > 0 ? await measureAll(own.flatMap(leastAndGreatest)) : [];
  const keys: NamedGroupKey[] = [];
  for (const key of compiled) {
    if (key.kind === "plain") keys.push(key);
    else if (key.kind === "date") keys.push(dateKey(key, calendar));
    else {
      const at = own.indexOf(key) * 2;
      const range = at >= 0 ? reach.slice(at, at + 2) : await reachOfAll(scope, key);
      keys.push(instantKey(scope, key, { calendar, range }));
    }
  }
  return keys;
}

/** More would be slow, and longer buckets tell more. A power of two. */
const MOST_STARTS = 4_096;
/** Before every instant that there can be: what it leads to has been written after the reach was asked for, as has what is after it. */
const BEFORE_ALL = -8.64e15;

/** Thrown for a row that lies beyond what the buckets reach over. */
export const outOfReach = new Error("Instants were written beyond those that the buckets were made for.");

interface Reach {
  readonly calendar: TenantCalendar | undefined;
  /** The least and the greatest instant, or nulls. */
  readonly range: readonly Storable[];
}

/** The database is given the first instants of all buckets. Their number is a power of two, so that queries have few shapes. */
function instantKey({ kernel }: Scope, key: BucketKey, { calendar, range }: Reach): NamedGroupKey {
  const { name, field, path, bucket, entity } = key;
  const zone = timeZoneOf(key.timeZone ?? calendar!.timeZone);
  const [first, last] = range.map((instant) => (instant as number | null) ?? kernel.clock()) as [number, number];
  const names = startsBetween([first, last], { zone, periodOf: periodOf(bucket, calendar), most: MOST_STARTS - 1 });
  if (!names) {
    const problem = `reaches over ${MOST_STARTS} or more of the bucket "${bucket}": use a longer one, or a filter`;
    throw invalidQuery(entity.name, field.name, problem);
  }
  const ends = [...names.keys()].filter((start) => start > last);
  const starts = [BEFORE_ALL, ...names.keys()];
  while (!Number.isInteger(Math.log2(starts.length))) starts.push(starts.at(-1)!);
  return {
    name,
    query: (params) => {
      const startingAt = starts.map((start) => params.push(start) - 1);
      return { path, column: field.columns[0]!.name, bucket: { startingAt } };
    },
    bucketOf(stored) {
      const found = ends.includes(stored as number) ? undefined : names.get(stored as number);
      if (found === undefined) throw outOfReach;
      return found;
    },
    decode: (value) => value,
  };
}

function leastAndGreatest({ field }: BucketKey): MeasureQuery[] {
  const column = field.columns[0]!.name;
  return [
    { kind: "min", column },
    { kind: "max", column },
  ];
}

async function reachOfAll(scope: Scope, key: BucketKey): Promise<readonly Storable[]> {
  const { table }: EntitySchema = key.entity;
  const query = {
    table: table.name,
    where: { kind: "and", of: [] },
    groupBy: [],
    measures: leastAndGreatest(key),
  } as const;
  const [row] = await sendAggregate(scope, query, []);
  return row as readonly Storable[];
}

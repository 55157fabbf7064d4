/** The relationships that steps need, each read once: two queries for each type at most, however many things there are. */
import type { RecordReference } from "@relata/core/plugin";
import { type Certainty, daysOf, validDuring, validOn } from "../edge/edge-days.ts";
import { type DayInterval, firstDay, lastDay } from "../interval/day-interval.ts";
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { idsByEntity, thingKey } from "../things.ts";
import type { Way } from "./resolve-rule.ts";

/** A relationship as it is gone: to which thing, and on which days it holds. */
export interface Stride {
  readonly edge: RelationshipRecord;
  readonly far: RecordReference;
  readonly days: DayInterval;
  /** Null: nothing is said of it. */
  readonly strength: number | null;
}

export interface Need {
  readonly thing: RecordReference;
  readonly typeId: string;
  readonly way: Way;
}

export interface Reading {
  /** Only what holds on this day, or, where `isOver`, what has begun by then; all days unless given. */
  readonly on: string | undefined;
  readonly certainty: Certainty;
  readonly visibility: readonly RelationshipRecord["visibility"][] | undefined;
  /** Whether what is over by that day counts too. */
  readonly isOver: boolean;
  /** More relationships than this are refused. */
  readonly maxEdges: number;
  readonly strengths: ReadonlyMap<string, number | null>;
  readonly typeKeys: ReadonlyMap<string, string>;
}

export interface StepReader {
  /** Reads what was not read yet. @throws `inference_too_wide` */
  load(needs: readonly Need[]): Promise<void>;
  /** What was loaded. */
  of(thing: RecordReference, typeId: string, way: Way): readonly Stride[];
}

const PAGE = 1_000;

export function stepReader(context: RelationshipsContext, reading: Reading): StepReader {
  const read = new Map<string, Stride[]>();
  let loaded = 0;
  const slot = (thing: string, typeId: string, way: Way) => `${way} ${typeId} ${thing}`;

  async function loadGroup(way: Way, typeIds: readonly string[], things: readonly RecordReference[]): Promise<void> {
    const keys = typeIds.map((id) => reading.typeKeys.get(id) ?? id);
    for (const { entityType, ids } of idsByEntity(things)) {
      const near = { in: ids };
      const end = way === "along" ? { fromType: entityType, fromId: near } : { toType: entityType, toId: near };
      const seen = reading.visibility ? { visibility: { in: reading.visibility } } : {};
      const where = { ...end, ...seen, typeId: { in: typeIds }, ...dayConditions(reading) };
      const tooWide = () =>
        context.error("inference_too_wide", {
          ...{ entity: "relationship", types: keys.join(", "), things: things.length, maxEdges: reading.maxEdges },
        });
      let after: string | undefined;
      do {
        const page = await context.relationships.list({ where, limit: PAGE, after });
        loaded += page.items.length;
        if (loaded > reading.maxEdges) throw tooWide();
        for (const edge of page.items) note(edge, way);
        // A hub is refused before it is read.
        if (after === undefined && page.next !== undefined) {
          const all = await context.relationships.count({ where });
          if (loaded - page.items.length + all > reading.maxEdges) throw tooWide();
        }
        after = page.next;
      } while (after !== undefined);
    }
  }

  function note(edge: RelationshipRecord, way: Way): void {
    const meant = daysOf(edge, reading.certainty);
    const days = meant && { validFrom: meant.from, validUntil: meant.until };
    if (!days || !countsOn(days, reading)) return;
    const from = { entityType: edge.fromType, id: edge.fromId };
    const to = { entityType: edge.toType, id: edge.toId };
    const [near, far] = way === "along" ? [from, to] : [to, from];
    const own = edge.strength === null ? reading.strengths.get(edge.typeId) : Number(edge.strength);
    read.get(slot(thingKey(near), edge.typeId, way))?.push({ edge, far, days, strength: own ?? null });
  }

  return {
    async load(needs) {
      const groups = new Map<
        string,
        { readonly way: Way; readonly typeId: string; readonly things: Map<string, RecordReference> }
      >();
      for (const { thing, typeId, way } of needs) {
        const key = slot(thingKey(thing), typeId, way);
        if (read.has(key)) continue;
        read.set(key, []);
        const group = groups.get(`${way} ${typeId}`) ?? { way, typeId, things: new Map<string, RecordReference>() };
        groups.set(`${way} ${typeId}`, group);
        group.things.set(thingKey(thing), thing);
      }
      // Types that are needed of the same things are read together.
      const together = new Map<
        string,
        { readonly way: Way; readonly typeIds: string[]; readonly things: readonly RecordReference[] }
      >();
      for (const { way, typeId, things } of groups.values()) {
        const key = `${way} ${[...things.keys()].sort().join("\n")}`;
        const known = together.get(key);
        if (known) known.typeIds.push(typeId);
        else together.set(key, { way, typeIds: [typeId], things: [...things.values()] });
      }
      for (const { way, typeIds, things } of together.values()) await loadGroup(way, typeIds, things);
    },
    of: (thing, typeId, way) => read.get(slot(thingKey(thing), typeId, way)) ?? [],
  };
}

/** What the database can leave out; the days that count are told by `daysOf`. */
function dayConditions({ on, certainty, isOver }: Reading) {
  if (on === undefined) return {};
  return isOver ? validDuring({ from: null, until: on }, certainty) : validOn(on, certainty);
}

function countsOn(days: DayInterval, { on, isOver }: Reading): boolean {
  return on === undefined || (firstDay(days) <= on && (isOver || on <= lastDay(days)));
}

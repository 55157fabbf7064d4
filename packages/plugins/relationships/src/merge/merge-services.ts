/** What a merge of two records would make of their relationships. */

import { invalidInput, type RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { idSchema, parsed } from "../asked.ts";
import { edgesAround } from "../edges-around.ts";
import type { DayInterval } from "../interval/day-interval.ts";
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { requireThings } from "../question/name-things.ts";
import { isSameThing } from "../things.ts";
import { readTypes } from "../type/read-types.ts";
import { type Cause, type EdgePatch, tidy } from "./tidy.ts";
import { endsOf, isBetween, standingOf } from "./tidy-moved.ts";

export interface MergePreviewInput {
  readonly entityType: string;
  readonly survivorId: string;
  readonly otherId: string;
}

/** A relationship of the other one that does not simply move. */
export interface MergedEdge {
  readonly relationshipId: string;
  /** It stands `between` the two; it is a `double` or the `reverse` of a survivor's; the survivor's fill a `limit`. */
  readonly causes: readonly Cause[];
  /** The days that are left to it, in order; none: it goes. */
  readonly days: readonly DayInterval[];
  /** It is primary no more. */
  readonly losesPrimary: boolean;
  /** The survivor's that it is a double of, where it goes for that. */
  readonly keptId: string | undefined;
}

export interface MergePreview {
  /** How many the other one has. */
  readonly moving: number;
  readonly changed: readonly MergedEdge[];
  /** What the survivor's get from their doubles. */
  readonly enriched: readonly { readonly relationshipId: string; readonly values: EdgePatch }[];
}

const previewSchema = z.strictObject({
  entityType: z.string().min(1).max(100),
  survivorId: idSchema,
  otherId: idSchema,
});

export function mergeServices(context: RelationshipsContext) {
  return {
    /** What a merge of two records of an entity would make of their relationships; nothing is written. Six queries. @throws `invalid_input` */
    async previewMerge(given: MergePreviewInput): Promise<MergePreview> {
      const { entityType, survivorId, otherId } = parsed("relationship", previewSchema, given);
      if (survivorId === otherId) {
        const message = "is the survivor: two are merged";
        throw invalidInput("relationship", [{ field: "otherId", code: "same_record", message }]);
      }
      const [survivor, other] = [
        { entityType, id: survivorId },
        { entityType, id: otherId },
      ];
      await requireThings(context, [survivor, other]);
      const types = await readTypes(context);
      const officeAfter = await officesAfter(context, survivor, other);
      const own = new Map((await edgesAround(context, [other], { types })).map(({ edge }) => [edge.id, edge]));
      const edges = [...own.values()];
      const { edges: tidied, enriched } = tidy({
        ...{ survivor, types },
        moved: edges.map((edge) => ({ ...movedTo(edge, other, survivor), officeId: officeAfter(edge.officeId) })),
        between: new Set(edges.flatMap((edge) => (isBetween(edge, [survivor, other]) ? [edge.id] : []))),
        standing: (await standingOf(context, survivor, edges)).filter(({ id }) => !own.has(id)),
      });
      return {
        moving: edges.length,
        changed: tidied.map(({ edge, causes, days, patch, keptId }) => ({
          ...{ relationshipId: edge.id, causes, days, losesPrimary: patch.isPrimary === false, keptId },
        })),
        enriched: [...enriched].map(([relationshipId, values]) => ({ relationshipId, values })),
      };
    },
  };
}

/** Of two accounts that both have an office of one title, the survivor's stays. One query. */
async function officesAfter(context: RelationshipsContext, survivor: RecordReference, other: RecordReference) {
  const where = { accountId: { in: [survivor.id, other.id] } };
  const isAccount = survivor.entityType === "account";
  const all = isAccount ? await Array.fromAsync(context.offices.iterate({ where, archived: "include" })) : [];
  const kept = new Map(all.filter(({ accountId }) => accountId === survivor.id).map(({ title, id }) => [title, id]));
  const becomes = new Map(all.map(({ id, title }) => [id, kept.get(title) ?? id]));
  return (id: string | null) => (id === null ? null : (becomes.get(id) ?? id));
}

function movedTo(edge: RelationshipRecord, other: RecordReference, survivor: RecordReference): RelationshipRecord {
  const [from, to] = endsOf(edge).map((thing) => (isSameThing(thing, other) ? survivor : thing));
  return { ...edge, fromType: from!.entityType, fromId: from!.id, toType: to!.entityType, toId: to!.id };
}

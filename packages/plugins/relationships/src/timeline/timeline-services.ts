/** Timelines, as services. */

import type { RecordReference } from "@relata/core/plugin";
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { certaintySchema, daySchema, idSchema, keySchema, parsed, thingSchema } from "../asked.ts";
import type { Certainty } from "../edge/edge-days.ts";
import type { RelationshipsContext } from "../parts.ts";
import { requireThings } from "../question/name-things.ts";
import { readTypes, refuseUnknownRoles, typeIdsOf } from "../type/read-types.ts";
import {
  compareInTime,
  type OfficeTimeline,
  officeTimeline,
  type PartyTimeline,
  type TimeComparison,
  timelineOf,
} from "./timelines.ts";

export interface TimelineQuery {
  /** The first and the last day asked about, each open unless given. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  /** Which days are meant where they are not exact; "stated" unless given. */
  readonly certainty?: Certainty | undefined;
}

export interface PartyTimelineQuery extends TimelineQuery {
  /** The keys of the types; all unless given. */
  readonly types?: readonly string[] | undefined;
  /** What the other one is in it: "employer". */
  readonly roles?: readonly string[] | undefined;
}

const timelineFields = {
  from: daySchema.optional(),
  until: daySchema.optional(),
  certainty: certaintySchema.default("stated"),
};
const timelineSchema = z.strictObject(timelineFields);
const partySchema = z.strictObject({
  ...timelineFields,
  types: z.array(keySchema).optional(),
  roles: z.array(keySchema).optional(),
});
const certaintyOnly = z.strictObject({ certainty: certaintySchema.default("stated") });

export function timelineServices(context: RelationshipsContext) {
  return {
    /**
     * All relationships of a person, an organisation or anything else in the order of their days, with the days on which there is none, and
     * those on which there are several. Five queries at least, and one more for every thousand relationships.
     *
     * @throws `invalid_input`, `not_found`; `unknown_relationship_type`
     */
    timelineOf: async (thing: RecordReference, query: PartyTimelineQuery = {}): Promise<PartyTimeline> => {
      const of = parsed("relationship", thingSchema, thing);
      const { types: keys, roles, certainty, ...span } = parsed("relationship", partySchema, query);
      const days = inOrder(span);
      await requireThings(context, [of]);
      const types = await readTypes(context);
      refuseUnknownRoles(types, roles);
      const typeIds = keys && typeIdsOf(context, types, keys);
      return timelineOf(context, of, { days, certainty, types, typeIds, roles });
    },
    /** Who held an office, in the order of their days, when nobody did, and when several did. Two queries. @throws `invalid_input`, `not_found` */
    officeTimeline: async (officeId: string, query: TimelineQuery = {}): Promise<OfficeTimeline> => {
      const { certainty, ...span } = parsed("office", timelineSchema, query);
      return officeTimeline(context, parsed("office", idSchema, officeId), { days: inOrder(span), certainty });
    },
    /**
     * How the first of two relationships stands to the second in time: "during", "meets": one of the thirteen relations of J. F. Allen,
     * "Maintaining knowledge about temporal intervals", 1983. Two queries.
     *
     * @throws `invalid_input`, `not_found`
     */
    compareInTime: async (
      firstId: string,
      secondId: string,
      query: Pick<TimelineQuery, "certainty"> = {},
    ): Promise<TimeComparison> => {
      const ids = [parsed("relationship", idSchema, firstId), parsed("relationship", idSchema, secondId)] as const;
      return compareInTime(context, ids, parsed("relationship", certaintyOnly, query).certainty);
    },
  };
}

/** @throws `invalid_input` for a last day before the first */
function inOrder({
  from = null,
  until = null,
}: {
  readonly from?: string | null | undefined;
  readonly until?: string | null | undefined;
}) {
  if (from === null || until === null || from <= until) return { from, until };
  throw invalidInput("relationship", [{ field: "until", code: "out_of_range", message: `is before from, ${from}` }]);
}

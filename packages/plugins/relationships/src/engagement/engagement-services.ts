/** Engagements, as services. */

import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { idSchema, keySchema, parsed, thingSchema } from "../asked.ts";
import { askedDay, askedSpan, type DayQuery, type SpanQuery } from "../interval/asked-days.ts";
import type { EngagementRecord, EngagementTypeRecord, RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { requireThings } from "../question/name-things.ts";
import {
  defineEngagementType,
  type EngagementInput,
  type EngagementTypeDefinition,
  endEngagement,
  joinEngagement,
  type LeaveInput,
  leaveEngagement,
  openEngagement,
  type ParticipantInput,
} from "./engage.ts";
import { type IncompleteEngagement, incompleteEngagements } from "./incomplete.ts";
import {
  engagementsOf,
  type Participant,
  type Participation,
  type ParticipationQuery,
  participantsOn,
} from "./participants.ts";

const keysSchema = z.array(keySchema).optional();

export function engagementServices(context: RelationshipsContext) {
  return {
    /**
     * Makes a kind of engagement with its roles, known by its key, or makes the one that is there as it is given. Each role is a relationship
     * type, "<kind>.<role>". One unit.
     *
     * @throws `invalid_input`; `engagement_role_in_use` for a role that is left out and that somebody has or had
     */
    defineEngagementType: (definition: EngagementTypeDefinition): Promise<EngagementTypeRecord> =>
      defineEngagementType(context, definition),
    /**
     * Makes an engagement, with those who take part in it. One unit.
     *
     * @throws `unknown_engagement_type`; `invalid_input` for a role that its kind does not have, who may not have it, and days outside of the
     * engagement's; `too_many_relationships` for more than a role's most; `relationship_key_taken`; `relationship_type_archived`
     * @example
     * ```ts run with relationships
     * await crm.relationships.defineEngagementType({
     *   ...{ key: "hearing", name: "Hearing" },
     *   roles: [{ key: "chair", entities: ["contact"], least: 1, most: 1 }, { key: "host", entities: ["account"] }],
     * });
     * const participants = [{ party: anna, role: "chair" }, { party: acme, role: "host" }];
     * const { engagement } = await crm.relationships.openEngagement({ type: "hearing", name: "Water", participants });
     * console.log((await crm.relationships.participantsOn(engagement.id)).length); // 2
     * ```
     */
    openEngagement: (
      input: EngagementInput,
    ): Promise<{ readonly engagement: EngagementRecord; readonly participants: readonly RelationshipRecord[] }> =>
      openEngagement(context, input),
    /** Lets others take part, in the order given. One unit. @throws `not_found`, and as `openEngagement` */
    joinEngagement: (id: string, participants: readonly ParticipantInput[]): Promise<readonly RelationshipRecord[]> =>
      joinEngagement(context, id, participants),
    /** Ends taking part, with a last day, today unless given. One unit. @throws `invalid_input`, `not_found`; `not_in_engagement` where it did not on that day */
    leaveEngagement: (id: string, input: LeaveInput): Promise<readonly RelationshipRecord[]> =>
      leaveEngagement(context, id, input),
    /** Ends the engagement, with a last day, and taking part in it. One unit. @throws `invalid_input`, `not_found`; `engagement_not_there` where somebody joins later */
    endEngagement: (id: string, input?: Pick<LeaveInput, "on" | "reason">): Promise<EngagementRecord> =>
      endEngagement(context, id, input),
    /** Who takes part on a day, in the order of their first days; of some roles, where they are named. @throws `invalid_input`, `not_found` */
    participantsOn: async (
      id: string,
      query: DayQuery & Pick<ParticipationQuery, "roles"> = {},
    ): Promise<readonly Participant[]> => {
      const asked = await askedDay(context, { entity: "engagement", fields: { roles: keysSchema }, given: query });
      return participantsOn(context, parsed("engagement", idSchema, id), asked);
    },
    /** Those that go on on a day and in which fewer have a role than have to; of some kinds, where they are named. @throws `invalid_input`, `unknown_engagement_type` */
    incompleteEngagements: async (
      query: DayQuery & Pick<ParticipationQuery, "types"> = {},
    ): Promise<readonly IncompleteEngagement[]> =>
      incompleteEngagements(
        context,
        await askedDay(context, { entity: "engagement", fields: { types: keysSchema }, given: query }),
      ),
    /** All that a party takes part in on a day (today unless given), or on some day of a span, in the order of its first days. @throws `invalid_input`, `not_found` */
    engagementsOf: async (
      party: RecordReference,
      query: (DayQuery | SpanQuery) & ParticipationQuery = {},
    ): Promise<readonly Participation[]> => {
      const fields = { types: keysSchema, roles: keysSchema };
      const asked = await askedSpan(context, { entity: "engagement", fields, given: query });
      const of = parsed("engagement", thingSchema, party);
      await requireThings(context, [of]);
      return engagementsOf(context, of, asked);
    },
  };
}

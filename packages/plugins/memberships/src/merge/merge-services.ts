/** What a merge of two contacts, or of two accounts, would make of their memberships. */
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { idSchema, parsed } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import type { Overlap } from "./join-chains.ts";
import { type PartyField, pairsOf, planMerge } from "./merge-members.ts";

export interface MergePreviewInput {
  readonly entityType: "contact" | "account";
  readonly survivorId: string;
  readonly otherId: string;
}

/** Of one program of which both have a membership. */
export interface MergePreview {
  readonly programId: string;
  /** The survivor's, which goes on. */
  readonly membershipId: string;
  readonly mergedId: string;
  /** Days on which both have a term: the survivor's stands. */
  readonly overlaps: readonly Overlap[];
  /** Terms of the other one of which nothing would be left. */
  readonly voidedTermIds: readonly string[];
  readonly ordersGivenUp: readonly string[];
}

const previewSchema = z.strictObject({
  entityType: z.enum(["contact", "account"]),
  survivorId: idSchema,
  otherId: idSchema,
});

export function mergeServices(context: MembershipsContext) {
  return {
    /** Nothing is written. By the ids of the programs. @throws `invalid_input`, `not_found` */
    async previewMerge(given: MergePreviewInput): Promise<readonly MergePreview[]> {
      const { entityType, survivorId, otherId } = parsed("membership", previewSchema, given);
      if (survivorId === otherId) {
        const message = "is the survivor: two are merged";
        throw invalidInput("membership", [{ field: "otherId", code: "same_record", message }]);
      }
      const parties = context.repository(entityType);
      for (const id of [survivorId, otherId]) await parties.get(id);
      const field: PartyField = entityType === "contact" ? "contactId" : "accountId";
      const previews: MergePreview[] = [];
      for (const each of await pairsOf(context, { survivorId, otherId, field })) {
        const { overlaps, terms, ordersGivenUp } = await planMerge(context, each);
        previews.push({
          ...{ programId: each.survivor.programId, membershipId: each.survivor.id, mergedId: each.other.id, overlaps },
          voidedTermIds: terms.flatMap(({ record, pieces }) => (pieces.length === 0 ? [record.id] : [])),
          ordersGivenUp: ordersGivenUp.map(({ id }) => id),
        });
      }
      return previews;
    },
  };
}

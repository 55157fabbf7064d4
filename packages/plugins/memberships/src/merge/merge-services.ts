/** What a merge of two contacts, or of two accounts, would make of their memberships. */
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { idSchema, parsed } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import type { Overlap } from "./join-chains.ts";
import { type PartyField, pairsOf, planMerge } from "./merge-members.ts";

export interface MergePreviewInput {
  /** Two contacts, or two accounts: the one that stays first. */
  readonly contactIds?: readonly [survivorId: string, otherId: string] | undefined;
  readonly accountIds?: readonly [survivorId: string, otherId: string] | undefined;
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

const pair = z.tuple([idSchema, idSchema]).optional();
const previewSchema = z.strictObject({ contactIds: pair, accountIds: pair });

export function mergeServices(context: MembershipsContext) {
  return {
    /** Nothing is written. By the ids of the programs. @throws `invalid_input` */
    async previewMerge(given: MergePreviewInput): Promise<readonly MergePreview[]> {
      const { contactIds, accountIds } = parsed("membership", previewSchema, given);
      const ids = contactIds ?? accountIds;
      if (ids === undefined || (contactIds && accountIds)) {
        const message = "or accountIds is required, and not both: the two that are to be merged";
        throw invalidInput("membership", [{ field: "contactIds", code: "missing_field", message }]);
      }
      if (ids[0] === ids[1]) {
        const message = "names one twice: two are merged";
        throw invalidInput("membership", [
          { field: contactIds ? "contactIds" : "accountIds", code: "not_allowed", message },
        ]);
      }
      const field: PartyField = contactIds ? "contactId" : "accountId";
      const previews: MergePreview[] = [];
      for (const each of await pairsOf(context, { survivorId: ids[0], otherId: ids[1], field })) {
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

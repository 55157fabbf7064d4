/** Relationships, as services. */
import { parsedAll } from "../asked.ts";
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import type { TypeDefinition } from "../type/define-relationship-type.ts";
import {
  type ActOptions,
  type ActRecord,
  type CorrectInput,
  correctRelationship,
  type EndInput,
  endRelationship,
  reopenRelationship,
  retractRelationship,
  type Superseded,
  type SupersedeInput,
  supersedeRelationship,
} from "./acts.ts";
import { type DescribeQuery, describeEdges, type EdgeDescription } from "./describe-edges.ts";
import { addEvidence, type EvidenceInput, type EvidenceRecord, evidenceSchema } from "./evidence.ts";
import { type AnyRelateInput, type RelateInput, relateMany } from "./relate.ts";
import { type PartyTie, type TiesQuery, tiesOn } from "./ties-on.ts";

export const edgeServices = (context: RelationshipsContext) => ({
  /**
   * Relates one thing to another. @throws as `relateMany`
   */
  async relate<const T extends string | TypeDefinition>(input: RelateInput<T>): Promise<RelationshipRecord> {
    const [record] = await relateMany(context, [input as AnyRelateInput]);
    return record!;
  },

  /**
   * Relates many, in one unit; in the order given. One whose key is there already, of the same type and between the same two, is left as it is, and
   * given.
   *
   * @throws `invalid_input` with the `index` of each that is wrong, `unknown_relationship_type`, `relationship_type_archived`, `relationship_key_taken`;
   * `relationship_overlap`, `relationship_reversed`, `too_many_relationships`
   */
  relateMany: (inputs: readonly AnyRelateInput[]): Promise<readonly RelationshipRecord[]> =>
    relateMany(context, inputs),

  /**
   * It was true until a day (today, unless given), and is no more. An end that is there already makes room where it is later, or "at the earliest".
   *
   * @throws `not_found`, `relationship_ended`, `relationship_retracted`, `stale_version`; `invalid_input` for a day before the first one
   */
  end: (id: string, input: EndInput = {}): Promise<RelationshipRecord> => endRelationship(context, id, input),

  /**
   * What was recorded was wrong. Type and ends stay: between others, it never was (`retract`). `attributes` are given whole.
   *
   * @throws `not_found`, `relationship_retracted`, `stale_version`, and as `relateMany`
   */
  correct: (id: string, input: CorrectInput): Promise<RelationshipRecord> => correctRelationship(context, id, input),

  /**
   * From a day on, another one stands in its place, with its values where none are given: it ends the day before.
   *
   * @throws `not_found`, `relationship_ended`, `relationship_retracted`, `stale_version`, and as `relateMany`; `invalid_input` for a day that is not after
   * its first one
   */
  supersede: (id: string, input: SupersedeInput): Promise<Superseded> => supersedeRelationship(context, id, input),

  /** It never was. It is archived, and counts for nothing. @throws `not_found`, `stale_version` */
  retract: (id: string, input: ActOptions = {}): Promise<RelationshipRecord> => retractRelationship(context, id, input),

  /** Takes back a retraction, or else an end. @throws `not_found`, `relationship_not_ended`, `stale_version`, and as `relateMany` */
  reopen: (id: string, input: ActOptions = {}): Promise<RelationshipRecord> => reopenRelationship(context, id, input),

  /** What was done to it, the first act first. @throws `not_found` */
  async actsOf(id: string): Promise<readonly ActRecord[]> {
    await context.relationships.get(id, { select: ["id"] });
    return Array.fromAsync(
      context.relationshipActs.iterate({ where: { relationshipId: id }, orderBy: [{ createdAt: "asc" }] }),
    );
  },

  /** What it rests on, in the order given. @throws `not_found`, `invalid_input` for evidence of nothing, `reference_not_found` */
  async addEvidence(id: string, evidence: readonly EvidenceInput[]): Promise<readonly EvidenceRecord[]> {
    const given = parsedAll("relationshipEvidence", evidenceSchema, evidence);
    return context.transaction(async (tx) => {
      await tx.relationships.get(id, { select: ["id"] });
      return addEvidence(
        tx,
        given.map((each) => ({ ...each, relationshipId: id })),
      );
    });
  },

  /**
   * Ties between contacts and accounts that are valid on a day: of one of the parties, or to one of the contacts; of both, where both are given. This is
   * what memberships and households ask for.
   *
   * @throws `invalid_input`
   */
  tiesOn: (query: TiesQuery): Promise<readonly PartyTie[]> => tiesOn(context, query),

  /**
   * How relationships read from one of their sides, in the order given: "Maria: mother of João". Names and roles are those for the person's gender and
   * for the language, where the type has such; see `labelOf`.
   *
   * @throws `not_found`, `invalid_input`
   */
  describe: (ids: readonly string[], query: DescribeQuery = {}): Promise<readonly EdgeDescription[]> =>
    describeEdges(context, ids, query),
});

/** The side of the customer, as services: what they state, what is known of them, and who reads it. */
import type { RecordReference } from "@relata/core/plugin";
import { parsed, thingSchema } from "../asked.ts";
import type { RelationshipsContext } from "../parts.ts";
import type { StatementRecord } from "./decide.ts";
import { type ExplainOptions, type Explanation, explain, type Logging } from "./explain.ts";
import { type ExportOptions, exportParty, type JsonLdDocument } from "./export-party.ts";
import { maySee, mayUse, type SightQuery, type UseQuery, type Verdict } from "./may-use.ts";
import {
  type ReadingInput,
  type ReadingRecord,
  type ReadingsPage,
  type ReadingsQuery,
  readingsOf,
  recordReading,
} from "./readings.ts";
import { endStatement, recordStatement, retractStatement, type StatementInput, statementsOf } from "./statements.ts";

export function transparencyServices(context: RelationshipsContext, { logReading }: Logging) {
  return {
    /**
     * Records what a party has stated. A refusal of a channel, or of any contact, without an end restricts a contact in core too, and a permission lifts that
     * again; what is about a purpose or has an end, only `mayUse` knows.
     *
     * One unit.
     *
     * @throws `invalid_input`, `reference_not_found`
     * @example
     * ```ts run with relationships
     * await crm.relationships.recordStatement(anna, { kind: "refusal", purpose: "newsletter", statedThrough: "on the phone" });
     * const { allowed, decidedBy } = await crm.relationships.mayUse(anna, { purpose: "newsletter" });
     * console.log(allowed, decidedBy); // false statement
     * ```
     */
    recordStatement: (party: RecordReference, input: StatementInput): Promise<StatementRecord> =>
      recordStatement(context, party, input),
    /** It counts until a day, that day included. One unit. @throws `not_found`, `invalid_input` */
    endStatement: (id: string, input: { readonly on: string }): Promise<StatementRecord> =>
      endStatement(context, id, input),
    /** It was never said: it is archived, and what it restricted is lifted. One unit. @throws `invalid_input`, `not_found` */
    retractStatement: (id: string): Promise<StatementRecord> => retractStatement(context, id),
    /** Those that were not retracted, the latest first. @throws `invalid_input` */
    statementsOf: async (party: RecordReference): Promise<readonly StatementRecord[]> =>
      statementsOf(context, parsed("partyStatement", thingSchema, party)),
    /**
     * Whether what is known of a party may be used for a purpose on a day, and by whose word. What core's `mayContact` refuses is refused. Of statements, a refusal stands until a
     * later permission that is no less explicit lifts it, and a permission until a later refusal that it falls under; of those stated at one instant
     * the more explicit one counts, and then the refusal.
     *
     * @throws `not_found`, `invalid_input`
     */
    mayUse: (party: RecordReference, query: UseQuery): Promise<Verdict> => mayUse(context, party, query),
    /** Whether a relationship or a field of a party may be shown: by its visibility, then by statements as in `mayUse`. @throws `not_found`, `invalid_input` */
    maySee: (party: RecordReference, query: SightQuery): Promise<Verdict> => maySee(context, party, query),
    /** Notes that the actor has read something of a party, or of several. One write. @throws `invalid_input`, `reference_not_found` */
    recordReading: (
      parties: RecordReference | readonly RecordReference[],
      reading: ReadingInput,
    ): Promise<readonly ReadingRecord[]> => recordReading(context, parties, reading),
    /** Who has read what of a party, the latest first, in pages. @throws `invalid_input`, `invalid_cursor` */
    readingsOf: (party: RecordReference, query: ReadingsQuery = {}): Promise<ReadingsPage> =>
      readingsOf(context, party, query),
    /**
     * What is known of a party: fields with who wrote them and when, relationships with where they are known from, what follows by the tenant's rules and on what it rests, what
     * the party stated, what was read of it, by whom and for what. With `logReading`, it is noted as a reading itself. The queries are as many as entities
     * refer to the party, and some more for every thousand relationships.
     *
     * @throws `not_found`, `invalid_input`
     * @example
     * ```ts run with relationships
     * const known = await crm.relationships.explain(anna, { audience: "party" });
     * for (const { field, value } of known.fields) console.log(field, value); // givenName Anna …
     * console.log(known.relationships.length, known.withheld, known.statements.length); // 1 0 0
     * ```
     */
    explain: (party: RecordReference, options: ExplainOptions = {}): Promise<Explanation> =>
      explain(context, party, { options, logReading }),
    /** The same as a JSON-LD document in the words of schema.org, for the party to take elsewhere. @throws as `explain` */
    exportParty: (party: RecordReference, options: ExportOptions = {}): Promise<JsonLdDocument> =>
      exportParty(context, party, { options, logReading }),
  };
}

/** What is known of a party, to be taken elsewhere: JSON-LD in the words of schema.org. What only follows by rules is not in it. */
import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, parsed, thingSchema } from "../asked.ts";
import type { RelationshipsContext } from "../parts.ts";
import type { StatementRecord } from "./decide.ts";
import { type ExplainedEdge, type Explanation, explain, type Logging } from "./explain.ts";
import type { KnownRecord } from "./known-records.ts";
import { type ReadingRecord, readingsOf } from "./readings.ts";
import { edgeProperties, entityTerms, jsonLdContext, recordTerms } from "./schema-org.ts";

export interface ExportOptions {
  /** For whom it is; the party unless given, who gets all but restricted relationships. */
  readonly audience?: "staff" | "party" | undefined;
  readonly on?: string | undefined;
  /** Noted as the purpose of this reading, where readings are logged; "export" unless given. */
  readonly purpose?: string | undefined;
}

/** A node of the document. */
export interface JsonLdNode {
  readonly "@id"?: string;
  readonly [property: string]: unknown;
}

export interface JsonLdDocument {
  readonly "@context": { readonly [term: string]: unknown };
  /** The party first, then those that it is related to, then what it stated, and who has read what. */
  readonly "@graph": readonly JsonLdNode[];
}

const optionsSchema = z.strictObject({
  audience: z.enum(["staff", "party"]).optional(),
  on: daySchema.optional(),
  purpose: z.string().trim().min(1).max(200).optional(),
});

export async function exportParty(
  context: RelationshipsContext,
  given: RecordReference,
  { options, logReading }: { readonly options: ExportOptions } & Logging,
): Promise<JsonLdDocument> {
  const party = parsed("partyStatement", thingSchema, given);
  const { audience = "party", purpose = "export", ...asked } = parsed("partyStatement", optionsSchema, options);
  const known = await explain(context, party, {
    options: { ...asked, audience, purpose, readings: 1_000 },
    logReading,
  });
  const readings = await allReadings(context, party, known);
  return {
    "@context": jsonLdContext,
    "@graph": [
      partyNode(party, known),
      ...othersOf(known),
      ...known.statements.map((statement) => statementNode(party, statement)),
      ...readings.map((reading) => readingNode(party, reading)),
    ],
  };
}

/** Those beyond the first thousand, a thousand at a time. The reading that this export is, is not among them. */
async function allReadings(
  context: RelationshipsContext,
  party: RecordReference,
  known: Explanation,
): Promise<readonly ReadingRecord[]> {
  const last = known.readings.at(-1);
  if (known.readings.length < 1_000 || !last) return known.readings;
  const query = {
    where: { partyId: party.id, partyType: party.entityType },
    orderBy: [{ createdAt: "desc" }],
  } as const;
  const all = [...known.readings];
  let after: string | undefined = await context.partyReadings.cursorAfter(last, query);
  while (after !== undefined) {
    const page: Awaited<ReturnType<typeof readingsOf>> = await readingsOf(context, party, { limit: 1_000, after });
    all.push(...page.items);
    after = page.next;
  }
  return all;
}

const iriOf = ({ entityType, id }: RecordReference) => `urn:relata:${entityType}:${encodeURIComponent(id)}`;
const own = (name: string) => `relata:${encodeURIComponent(name)}`;

function partyNode(party: RecordReference, known: Explanation): JsonLdNode {
  const terms = entityTerms.get(party.entityType);
  const node: { [property: string]: unknown } = { "@id": iriOf(party), "@type": terms?.type ?? own(party.entityType) };
  if (!terms?.fields.has("name") && !known.fields.some(({ field }) => terms?.fields.get(field) === "name"))
    node.name = known.party.name;
  for (const { field, value } of known.fields) node[terms?.fields.get(field) ?? own(field)] = plain(value);
  const reverse: { [property: string]: unknown } = {};
  for (const record of known.records) {
    const property = recordTerms.get(record.entityType)?.property ?? own(record.entityType);
    add(node, property, recordNode(record));
  }
  for (const edge of known.relationships) {
    const { property, isReverse } = propertyOf(edge);
    add(isReverse ? reverse : node, property, roleNode(edge, property, isReverse));
  }
  return Object.keys(reverse).length === 0 ? node : { ...node, "@reverse": reverse };
}

/** To what the property has already, if anything. */
function add(node: { [property: string]: unknown }, property: string, value: JsonLdNode): void {
  const known = node[property];
  if (Array.isArray(known)) known.push(value);
  else node[property] = known === undefined ? [value] : [known, value];
}

function propertyOf({ type, isAlong }: ExplainedEdge): { readonly property: string; readonly isReverse: boolean } {
  const { along, against } = edgeProperties.get(type) ?? { along: own(type), against: null };
  const [forth, back] = isAlong ? [along, against] : [against, along];
  // A property that is there one way only is told the other way round.
  return forth === null ? { property: back!, isReverse: true } : { property: forth, isReverse: false };
}

/** A relationship that has days and a source stands between the two as a `Role`: see https://schema.org/Role. */
function roleNode(edge: ExplainedEdge, property: string, isReverse: boolean): JsonLdNode {
  const other = { "@id": iriOf(edge.far) };
  const { position } = edge.attributes;
  const said = {
    "@id": iriOf({ entityType: "relationship", id: edge.relationshipId }),
    "@type": "Role",
    ...(isReverse ? { "@reverse": { [property]: [other] } } : { [property]: other }),
    roleName: typeof position === "string" ? position : edge.name,
    ...{ startDate: edge.validFrom, endDate: edge.validUntil },
    ...{
      [own("type")]: edge.type,
      [own("basis")]: edge.basis,
      [own("source")]: edge.source,
      [own("notes")]: edge.notes,
    },
    ...{ [own("confidence")]: edge.confidence, [own("strength")]: edge.strength },
    [own("attribute")]: Object.entries(edge.attributes).map(([name, value]) => ({
      "@type": "PropertyValue",
      name,
      value,
    })),
    [own("evidence")]: edge.evidence.map(({ recordType, recordId, url, note, on }) =>
      filled({
        ...(recordType !== null && recordId !== null ? { "@id": iriOf({ entityType: recordType, id: recordId }) } : {}),
        ...{ "@type": "CreativeWork", url, text: note, [own("on")]: on },
      }),
    ),
  };
  return filled(said);
}

function othersOf(known: Explanation): readonly JsonLdNode[] {
  const others = new Map(known.relationships.map(({ far }) => [iriOf(far), far]));
  others.delete(iriOf(known.party));
  return [...others].map(([iri, { entityType, name }]) =>
    filled({ "@id": iri, "@type": entityTerms.get(entityType)?.type ?? own(entityType), name }),
  );
}

function recordNode({ entityType, id, fields }: KnownRecord): JsonLdNode {
  const terms = recordTerms.get(entityType);
  const values = Object.entries(fields).map(([field, value]) => [terms?.fields.get(field) ?? own(field), plain(value)]);
  return { "@id": iriOf({ entityType, id }), "@type": terms?.type ?? own(entityType), ...Object.fromEntries(values) };
}

function statementNode(party: RecordReference, statement: StatementRecord): JsonLdNode {
  const { id, kind, effect, purpose, channel, field, relationshipId, type } = statement;
  return filled({
    ...{
      "@id": iriOf({ entityType: "partyStatement", id }),
      "@type": own("Statement"),
      author: { "@id": iriOf(party) },
    },
    ...{ [own("kind")]: kind, [own("effect")]: effect, [own("purpose")]: purpose, [own("channel")]: channel },
    ...{ [own("field")]: field, [own("type")]: type, text: statement.words, dateCreated: plain(statement.statedAt) },
    [own("relationship")]:
      relationshipId === null ? null : { "@id": iriOf({ entityType: "relationship", id: relationshipId }) },
    ...{
      startDate: statement.validFrom,
      endDate: statement.validUntil,
      [own("statedThrough")]: statement.statedThrough,
    },
  });
}

function readingNode(party: RecordReference, reading: ReadingRecord): JsonLdNode {
  const { id, createdAt, createdBy, purpose, what, recipient } = reading;
  return filled({
    ...{ "@id": iriOf({ entityType: "partyReading", id }), "@type": "ReadAction", object: { "@id": iriOf(party) } },
    ...{ startTime: plain(createdAt), agent: createdBy, [own("purpose")]: purpose, [own("what")]: what, recipient },
  });
}

/** Without what says nothing. */
function filled(node: { readonly [property: string]: unknown }): JsonLdNode {
  return Object.fromEntries(
    Object.entries(node).filter(
      ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/** Money and other values of several parts are told as JSON. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" && value !== null ? { "@type": "@json", "@value": value } : value;
}

/** New relationships. */
import { invalidInput, type RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import {
  attributeValueSchema,
  attributeValuesSchema,
  boundSchema,
  daySchema,
  idSchema,
  keySchema,
  parsedAll,
  shareOfOneSchema,
  thingSchema,
  visibilitySchema,
  withoutUndefined,
} from "../asked.ts";
import type { RelationshipRecord, RelationshipsContext, TypeRecord } from "../parts.ts";
import { chunksOf, isSameThing } from "../things.ts";
import type { AttributesOf, TypeDefinition } from "../type/define-relationship-type.ts";
import { typesOfKeys } from "../type/read-types.ts";
import { toldOfCall } from "./contradiction.ts";
import { addEvidence, type EvidenceInput, evidenceSchema } from "./evidence.ts";
import { pairKey } from "./pair.ts";
import { bases } from "./relationship.ts";
import { thingAt } from "./standing-edges.ts";

/** What a relationship says, apart from its type and its ends. */
export interface EdgeValues {
  /** The first day; null: since ever, or not known. */
  readonly validFrom?: string | null | undefined;
  readonly validFromIs?: RelationshipRecord["validFromIs"] | undefined;
  /** The last day; null: it goes on. */
  readonly validUntil?: string | null | undefined;
  readonly validUntilIs?: RelationshipRecord["validUntilIs"] | undefined;
  readonly isPrimary?: boolean | undefined;
  /** From 0 to 1, with at most four digits. */
  readonly strength?: number | string | null | undefined;
  readonly confidence?: number | string | null | undefined;
  readonly basis?: RelationshipRecord["basis"] | undefined;
  readonly source?: string | null | undefined;
  readonly notes?: string | null | undefined;
  readonly visibility?: RelationshipRecord["visibility"] | undefined;
  readonly officeId?: string | null | undefined;
}

interface RelateValues<T> extends EdgeValues {
  /** The key of a type, or what `defineRelationshipType` gave. */
  readonly type: T;
  readonly from: RecordReference;
  readonly to: RecordReference;
  /** A name of the caller's own, such as that of an imported row: what has it is there once. */
  readonly key?: string | null | undefined;
  readonly evidence?: readonly EvidenceInput[] | undefined;
}

/** `attributes` are those of the type; they are needed where it has some that are required. */
export type RelateInput<T extends string | TypeDefinition = string> = RelateValues<T> & AttributesOf<T>;

/** Of a list with relationships of several types. */
export interface AnyRelateInput extends RelateValues<string | TypeDefinition> {
  readonly attributes?: RelationshipRecord["attributes"] | undefined;
}

/** The key of a type, of what names it. */
export const typeSchema = z.union([keySchema, z.looseObject({ key: keySchema }).transform(({ key }) => key)]);

/** For `z.strictObject`: what may be said of a relationship. */
export const edgeValueFields = {
  validFrom: daySchema.nullish(),
  validFromIs: boundSchema.optional(),
  validUntil: daySchema.nullish(),
  validUntilIs: boundSchema.optional(),
  isPrimary: z.boolean().optional(),
  strength: shareOfOneSchema.nullish(),
  confidence: shareOfOneSchema.nullish(),
  basis: z.enum(bases).optional(),
  source: z.string().max(1_000).nullish(),
  notes: z.string().max(100_000).nullish(),
  visibility: visibilitySchema.optional(),
  officeId: idSchema.nullish(),
  attributes: attributeValuesSchema(attributeValueSchema).optional(),
};

const relateSchema = z.strictObject({
  type: typeSchema,
  from: thingSchema,
  to: thingSchema,
  key: keySchema.nullish(),
  evidence: z.array(evidenceSchema).max(1_000).optional(),
  ...edgeValueFields,
});

/** With the id that it has elsewhere. */
const importedSchema = relateSchema.extend({ id: idSchema.optional() });

type Relating = z.output<typeof importedSchema>;

/**
 * Relates many, in one unit; in the order given. One whose key is there already, of the same type and between the same two, is left as it is, and given.
 *
 * @throws `invalid_input` with the `index` of each that is wrong, also of one whose key another one has; `unknown_relationship_type`,
 * `relationship_type_archived`, `relationship_key_taken`, and what relationships must be together, with the `indexes` of those that cannot be
 */
export async function relateMany(
  context: RelationshipsContext,
  inputs: readonly AnyRelateInput[],
): Promise<readonly RelationshipRecord[]> {
  return relateParsed(context, parsedAll("relationship", relateSchema, inputs));
}

/** As `relateMany`, and those that are new keep an `id` that is given. */
export function relateImported(
  context: RelationshipsContext,
  inputs: readonly (AnyRelateInput & { readonly id?: string | undefined })[],
): Promise<readonly RelationshipRecord[]> {
  return relateParsed(context, parsedAll("relationship", importedSchema, inputs));
}

async function relateParsed(
  context: RelationshipsContext,
  given: readonly Relating[],
): Promise<readonly RelationshipRecord[]> {
  if (given.length === 0) return [];
  refuseRepeatedKeys(given);
  return context.transaction(async (tx) => {
    const types = await typesOfKeys(
      tx,
      given.map(({ type }) => type),
    );
    const edges: (RelationshipRecord | undefined)[] = await edgesOfKeys(tx, given, types);
    const fresh = given.flatMap((each, index) => (edges[index] ? [] : [{ index, given: each }]));
    const created = await toldOfCall<readonly RelationshipRecord[]>(tx, { of: given, places: fresh }, () =>
      tx.relationships.createMany(
        fresh.map(({ given: { type, from, to, evidence: _, ...values } }) => ({
          ...withoutUndefined(values),
          typeId: types.get(type)!.id,
          ...{ fromType: from.entityType, fromId: from.id, toType: to.entityType, toId: to.id },
        })),
      ),
    );
    for (const [at, { index }] of fresh.entries()) edges[index] = created[at]!;
    const evidence = fresh.flatMap(({ index, given: { evidence = [] } }) =>
      evidence.map((each, at) => ({
        index,
        prefix: `evidence.${at}.`,
        given: { ...each, relationshipId: edges[index]!.id },
      })),
    );
    await toldOfCall(tx, { of: given, places: evidence }, () =>
      addEvidence(
        tx,
        evidence.map((each) => each.given),
      ),
    );
    return edges as RelationshipRecord[];
  });
}

/** @throws `invalid_input`, naming both places of each */
function refuseRepeatedKeys(given: readonly Relating[]): void {
  const places = new Map<string, number>();
  const issues = given.flatMap(({ key }, index) => {
    const first = places.get(key ?? "");
    if (first === undefined) places.set(key ?? "", index);
    if (!key || first === undefined) return [];
    const message = `is "${key}", and so is that of input ${first}: leave one out, or give it a key of its own`;
    return [{ field: "key", code: "repeated", message, index }];
  });
  if (issues.length > 0) throw invalidInput("relationship", issues);
}

/** By the places of the inputs: those that are there already. @throws `relationship_key_taken` */
async function edgesOfKeys(
  tx: RelationshipsContext,
  given: readonly Relating[],
  types: ReadonlyMap<string, TypeRecord>,
): Promise<(RelationshipRecord | undefined)[]> {
  const found = new Map<string, RelationshipRecord>();
  for (const part of chunksOf(given.flatMap(({ key }) => key ?? []))) {
    const where = { key: { in: part } };
    for await (const edge of tx.relationships.iterate({ where, archived: "include" })) found.set(edge.key!, edge);
  }
  return given.map((each, index) => {
    const edge = found.get(each.key ?? "");
    if (!edge || isBetweenTheSame(edge, each, types.get(each.type)!)) return edge;
    const facts = { entity: "relationship", field: "key", key: edge.key, id: edge.id };
    throw tx.error("relationship_key_taken", { ...facts, ...(given.length > 1 ? { index } : {}) });
  });
}

function isBetweenTheSame(edge: RelationshipRecord, { from, to }: Relating, type: TypeRecord): boolean {
  if (edge.typeId !== type.id) return false;
  const given = { typeId: type.id, fromType: from.entityType, fromId: from.id, toType: to.entityType, toId: to.id };
  if (type.shape === "symmetric") return pairKey(given) === pairKey(edge);
  return (
    isSameThing(thingAt(given, "from"), thingAt(edge, "from")) && isSameThing(thingAt(given, "to"), thingAt(edge, "to"))
  );
}

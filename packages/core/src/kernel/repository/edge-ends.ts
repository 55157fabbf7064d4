/** What the ends of an edge are: references to one entity, or pairs of fields that refer to a record of any entity. */
import type { EntitySchema, FieldSchema, Pair } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { RecordReference } from "../plugin/timeline-part.ts";
import type { TraverseQuery } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { targetOf as pairTarget } from "./check-pairs.ts";
import { invalidQuery, storedOperand } from "./compilation.ts";
import { targetOf } from "./compile-tree.ts";

/** An id or, of pairs, a record's entity and id. */
export type Node = string | RecordReference;

/** Nodes as they are stored: their ids and, of pairs, their types. */
export interface StoredNodes {
  readonly ids: readonly Storable[];
  readonly types?: readonly Storable[];
}

export interface EdgeEnds {
  readonly columns: Pick<TraverseQuery, "from" | "to">;
  /** Of pairs. */
  readonly types: { readonly from: string; readonly to: string } | undefined;
  /** @throws `invalid_query` that names `place`. */
  stored(place: "start" | "end", value: unknown): StoredNodes;
  node(id: string, type: string | undefined): Node;
}

/** @throws `invalid_query` where the fields are no two ends of an edge. */
export function edgeEnds(scope: Scope, from: unknown, to: unknown): EdgeEnds {
  const { entity, kernel } = scope;
  const [first, last] = [endOf(entity, "from", from), endOf(entity, "to", to)];
  if (first.pair && last.pair && first.pair !== last.pair) return pairEnds(scope, first.pair, last.pair);
  const at = { schema: kernel.schema, entity };
  if (first.pair || last.pair || targetOf(at, first.field) !== targetOf(at, last.field) || first.field === last.field) {
    const what = first.pair
      ? "the id of another pair of fields"
      : `another reference to what ${first.field.name} refers to`;
    throw invalidQuery(entity.name, "to", `must be ${what}`);
  }
  return {
    columns: { from: columnOf(first.field), to: columnOf(last.field) },
    types: undefined,
    stored: (place, value) => ({
      ids: listOf(value).map((id) => storedOperand(entity, first.field, { place, value: id })[0]!),
    }),
    node: (id) => id,
  };
}

function pairEnds(scope: Scope, from: Pair, to: Pair): EdgeEnds {
  return {
    columns: { from: columnOf(from.id), to: columnOf(to.id) },
    types: { from: columnOf(from.type), to: columnOf(to.type) },
    stored(place, value) {
      const records = listOf(value).map((record) => checkedRecord(scope, place, record));
      return { ids: records.map(({ id }) => id), types: records.map(({ entityType }) => entityType) };
    },
    node: (id, type) => ({ entityType: type!, id }),
  };
}

/** @throws `invalid_query` for what names no record of an entity that pairs may refer to. It need not exist. */
function checkedRecord(scope: Scope, place: string, value: unknown): RecordReference {
  const { entity } = scope;
  if (!isPlainObject(value) || typeof value.entityType !== "string" || Object.keys(value).length !== 2)
    throw invalidQuery(entity.name, place, "must be a record, as { entityType, id }, or a list of records");
  const { entityType } = value;
  const target = pairTarget(scope, entityType);
  if (!target)
    throw invalidQuery(
      entity.name,
      `${place}.entityType`,
      `names "${entityType}", whose records cannot be referred to`,
    );
  const ids = target.fields.get("id")!;
  const [id] = storedOperand(entity, ids, { place: `${place}.id`, value: value.id });
  return { entityType, id: id as string };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

interface End {
  readonly field: FieldSchema;
  /** Whose id the field is. */
  readonly pair: Pair | undefined;
}

function endOf(entity: EntitySchema, option: "from" | "to", name: unknown): End {
  const field = entity.fields.get(name as string);
  const pair = entity.polymorphic.find(({ id }) => id === field);
  if (field && (pair || field.definition.kind === "reference")) return { field, pair };
  throw invalidQuery(
    entity.name,
    option,
    "must name a reference, or the id of a pair of fields that refers to any record",
  );
}

function columnOf(field: FieldSchema): string {
  return field.columns[0]!.name;
}

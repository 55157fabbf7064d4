/** What is asked of one relationship by itself, before it is written. */
import { compareText, type InputIssue, invalidInput } from "@relata/core/plugin";
import type { RelationshipRecord, RelationshipsContext, TypeRecord } from "../parts.ts";
import { chunksOf, thingKey } from "../things.ts";
import { attributeCheck } from "../type/attributes.ts";
import { entitiesAt, roleAt } from "../type/type-ends.ts";
import { MOST_NAMED, typeLock, typesOfMany } from "./edge-locks.ts";
import { pairOf } from "./pair.ts";

interface ProposedEdge {
  readonly input: Partial<RelationshipRecord> & { readonly id: string };
  readonly before?: RelationshipRecord;
}

type Draft = Pick<
  RelationshipRecord,
  "typeId" | "fromType" | "fromId" | "toType" | "toId" | "validFrom" | "validUntil" | "attributes"
>;

type EdgePatch = Partial<Pick<RelationshipRecord, "fromType" | "fromId" | "toType" | "toId" | "pair">>;

/**
 * The `before` hook of relationships: an end before the start, an entity that may not stand at its end, a thing and itself, attributes that its type does
 * not have; and each symmetric one gets its one order.
 *
 * @throws `invalid_input`, telling all that is wrong; `relationship_type_archived`
 */
export async function proposeEdges(
  context: RelationshipsContext,
  batch: readonly ProposedEdge[],
): Promise<readonly (EdgePatch | undefined)[]> {
  const drafts = batch.map(({ input, before }) => ({ ...before, ...input }) as Draft);
  const types = await typesOfEdges(context, drafts);
  const issuesOf = edgeCheck(types);
  const isNumbered = batch.length > 1 && batch.every(({ before }) => before === undefined);
  const issues: InputIssue[] = [];
  for (const [index, { before }] of batch.entries()) {
    const type = types.get(drafts[index]!.typeId);
    // A type that is not there is told by core.
    if (type === undefined) continue;
    const place = isNumbered ? { index } : {};
    if (before === undefined && type.archivedAt !== null) {
      const facts = { entity: "relationship", field: "typeId", type: type.key, id: type.id };
      throw context.error("relationship_type_archived", { ...facts, ...place });
    }
    const found = issuesOf(drafts[index]!);
    // What a merge makes of a thing and another is tidied when all is moved.
    const own =
      before && isMoved(before, drafts[index]!) ? found.filter(({ code }) => code !== "self_relationship") : found;
    for (const issue of own) issues.push({ ...issue, ...place });
  }
  issues.push(...(await archivedEnds(context, batch)));
  if (issues.length > 0) throw invalidInput("relationship", issues);
  return drafts.map((draft, index) => {
    const { before } = batch[index]!;
    if (before && !isMoved(before, draft)) return undefined;
    return { pair: pairOf(draft), ...inOneOrder(draft, types.get(draft.typeId)) };
  });
}

/** A thing that is archived keeps what it has, and gets nothing new. One query for every thousand things of an entity. */
async function archivedEnds(
  context: RelationshipsContext,
  batch: readonly ProposedEdge[],
): Promise<readonly InputIssue[]> {
  const ends = batch.flatMap(({ input, before }, index) => {
    const place = batch.length > 1 ? { index } : {};
    const { fromType, fromId, toType, toId } = input as Draft;
    const from = { field: "fromId", entityType: fromType, id: fromId, ...place };
    return before ? [] : [from, { field: "toId", entityType: toType, id: toId, ...place }];
  });
  const installed = new Set(context.entities().map(({ name }) => name));
  const archived = new Set<string>();
  for (const [entityType, those] of Map.groupBy(ends, (end) => end.entityType)) {
    if (!installed.has(entityType)) continue;
    for (const part of chunksOf([...new Set(those.map(({ id }) => id))])) {
      const where = { id: { in: part } };
      for await (const { id } of context.repository(entityType).iterate({ where, archived: "only" }))
        archived.add(thingKey({ entityType, id }));
    }
  }
  return ends
    .filter((end) => archived.has(thingKey(end)))
    .map(({ entityType, id: _, ...place }) => {
      const message = `names a ${entityType} that is archived: restore it first, or choose another`;
      return { ...place, code: "archived", message };
    });
}

/** Those of the edges, as they are until the unit ends: who changes a type waits for it. */
export async function typesOfEdges(
  context: RelationshipsContext,
  edges: readonly Pick<Draft, "typeId">[],
): Promise<ReadonlyMap<string, TypeRecord>> {
  const ids = [...new Set(edges.map(({ typeId }) => typeId))].sort(compareText);
  if (ids.length === 0) return new Map();
  // A turn that is shared cannot become one's own beside another who wants the same.
  const many = edges.length > MOST_NAMED ? typesOfMany(edges, await knownTypes(context, ids)) : new Set<string>();
  if (many.size > 0) await context.lock(...[...many].map(typeLock));
  const few = ids.filter((id) => !many.has(id));
  if (few.length > 0) await context.lockSharedAtWrite(...few.map(typeLock));
  return knownTypes(context, ids);
}

async function knownTypes(context: RelationshipsContext, ids: readonly string[]) {
  const types = new Map<string, TypeRecord>();
  for (const part of chunksOf(ids))
    for (const type of await context.relationshipTypes.known({ id: { in: part } })) types.set(type.id, type);
  return types;
}

/** All that is wrong with an edge by itself; nothing of one whose type is not among these. */
export function edgeCheck(types: ReadonlyMap<string, TypeRecord>): (draft: Draft) => readonly InputIssue[] {
  const attributes = new Map([...types.values()].map((type) => [type.id, attributeCheck(type.attributes)]));
  return (draft) => {
    const type = types.get(draft.typeId);
    return type ? [...issuesOf(draft, type), ...attributes.get(type.id)!(draft.attributes ?? {})] : [];
  };
}

function issuesOf(draft: Draft, type: TypeRecord): readonly InputIssue[] {
  const { validFrom, validUntil } = draft;
  const issues: InputIssue[] = [];
  if (validFrom && validUntil && validUntil < validFrom)
    issues.push({
      field: "validUntil",
      code: "out_of_range",
      message: `is ${validUntil}, before the first day, ${validFrom}: give a later day, or none`,
    });
  for (const end of ["from", "to"] as const) {
    const field = end === "from" ? "fromType" : "toType";
    const entities = entitiesAt(type, end);
    if (entities === null || draft[field] === undefined || entities.includes(draft[field])) continue;
    const role = roleAt(type, end) ?? `${end} end`;
    const message = `is "${draft[field]}", and the ${role} of "${type.key}" can be ${entities.join(" or ")}: choose another thing, or another type`;
    issues.push({ field, code: "not_allowed", message });
  }
  if (!type.mayRelateToSelf && isOfItself(draft))
    issues.push({
      field: "toId",
      code: "self_relationship",
      message: `is the same ${draft.toType} as at the other end, and "${type.key}" is between two: choose another thing, or let the type mayRelateToSelf`,
    });
  return issues;
}

/** Only merges move ends. */
function isMoved(before: Draft, after: Draft): boolean {
  return before.fromId !== after.fromId || before.toId !== after.toId;
}

function isOfItself({ fromType, fromId, toType, toId }: Draft): boolean {
  return fromId !== undefined && fromType === toType && fromId === toId;
}

function inOneOrder(draft: Draft, type: TypeRecord | undefined): EdgePatch | undefined {
  if (type?.shape !== "symmetric") return undefined;
  const { fromType, fromId, toType, toId } = draft;
  const [from, to] = [thingKey({ entityType: fromType, id: fromId }), thingKey({ entityType: toType, id: toId })];
  if (compareText(from, to) <= 0) return undefined;
  return { fromType: toType, fromId: toId, toType: fromType, toId: fromId };
}

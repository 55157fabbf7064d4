/** Writes what a merge makes of relationships. */
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf } from "../things.ts";
import { daysPatch, type Tidied } from "./tidy.ts";

/** What goes, goes first, and what is cut is cut in one write: nothing stands beside what it may not. */
export async function writeTidied(context: RelationshipsContext, { edges, enriched }: Tidied): Promise<void> {
  const gone = edges.filter(({ days }) => days.length === 0);
  await moveGrounds(context, new Map(gone.flatMap(({ edge, keptId }) => (keptId ? [[edge.id, keptId] as const] : []))));
  if (gone.length > 0) await context.relationships.deleteMany(gone.map(({ edge }) => edge.id));
  const changed = [
    ...edges.flatMap(({ edge, days, patch }) => (days.length === 0 ? [] : [{ id: edge.id, ...patch }])),
    ...[...enriched].map(([id, patch]) => ({ id, ...patch })),
  ];
  if (changed.length > 0) await context.relationships.updateMany(changed);
  const pieces = edges.flatMap(({ edge, days, patch }) =>
    days
      .slice(1)
      .map((piece) => ({ of: edge.id, values: { ...copyOf({ ...edge, ...patch }), ...pieceOf(edge, piece) } })),
  );
  if (pieces.length === 0) return;
  const created = await context.relationships.createMany(pieces.map(({ values }) => values));
  await copyEvidence(
    context,
    created.map(({ id }, at) => ({ id, of: pieces[at]!.of })),
  );
}

/** The evidence of a double, and what the parties have stated of it, stand by the one that is kept. */
async function moveGrounds(context: RelationshipsContext, keptOf: ReadonlyMap<string, string>): Promise<void> {
  for (const ids of chunksOf([...keptOf.keys()])) {
    const query = { where: { relationshipId: { in: ids } }, archived: "include" } as const;
    for (const repository of [context.relationshipEvidences, context.partyStatements]) {
      const records = repository as unknown as Movable;
      const moved: { readonly id: string; readonly relationshipId: string }[] = [];
      for await (const { id, relationshipId } of records.iterate(query))
        moved.push({ id, relationshipId: keptOf.get(relationshipId)! });
      if (moved.length > 0) await records.updateMany(moved);
    }
  }
}

/** Records that belong to a relationship. */
interface Movable {
  iterate(query: object): AsyncIterable<{ readonly id: string; readonly relationshipId: string }>;
  updateMany(changes: readonly { readonly id: string; readonly relationshipId: string }[]): Promise<unknown>;
}

async function copyEvidence(
  context: RelationshipsContext,
  copies: readonly { readonly id: string; readonly of: string }[],
): Promise<void> {
  const byOriginal = Map.groupBy(copies, ({ of }) => of);
  for (const ids of chunksOf([...byOriginal.keys()])) {
    const evidences = await Array.fromAsync(
      context.relationshipEvidences.iterate({ where: { relationshipId: { in: ids } } }),
    );
    const values = evidences.flatMap(({ relationshipId, recordType, recordId, url, note, on }) =>
      byOriginal.get(relationshipId)!.map(({ id }) => ({ relationshipId: id, recordType, recordId, url, note, on })),
    );
    if (values.length > 0) await context.relationshipEvidences.createMany(values);
  }
}

function pieceOf(edge: RelationshipRecord, days: Parameters<typeof daysPatch>[1]) {
  const { validFrom, validFromIs, validUntil, validUntilIs } = { ...edge, ...daysPatch(edge, days) };
  return { validFrom, validFromIs, validUntil, validUntilIs };
}

/** All but its key, which one alone has, and its days. */
function copyOf(edge: RelationshipRecord) {
  const { typeId, fromType, fromId, toType, toId, officeId, isPrimary, strength, confidence } = edge;
  const { basis, source, notes, visibility, attributes, supersedesId } = edge;
  return {
    ...{ typeId, fromType, fromId, toType, toId, officeId, isPrimary, strength, confidence },
    ...{ basis, source, notes, visibility, attributes, supersedesId },
  };
}

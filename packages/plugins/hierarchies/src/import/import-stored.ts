/** What is stored, and rows of an import can come to meet. */

import type { AskedHierarchy } from "../asked-hierarchy.ts";
import type { PlannedEdge } from "../carve.ts";
import { parentsOf } from "../lineage.ts";
import type { HierarchiesContext } from "../parts.ts";
import { plannedOf } from "../place-accounts.ts";
import { edgesAbove } from "../stored-edges.ts";
import type { AccountRow, StoredEdges } from "./accept-rows.ts";

/** The edges of the rows' children, and those above the rows' accounts. */
export async function storedEdges(
  context: HierarchiesContext,
  asked: AskedHierarchy,
  rows: readonly AccountRow[],
): Promise<StoredEdges> {
  const ids = [
    ...new Set(rows.flatMap(({ childId, parentId }) => (parentId === null ? [childId] : [childId, parentId]))),
  ];
  if (ids.length === 0) return { byChild: new Map(), above: [] };
  const above =
    asked.id === undefined
      ? await aboveInDefault(context, asked, ids)
      : (await edgesAbove(context, asked.id, ids)).map(plannedOf);
  return { byChild: Map.groupBy(above, ({ childId }) => childId), above };
}

/** One query for every level and thousand accounts. */
async function aboveInDefault(
  context: HierarchiesContext,
  asked: AskedHierarchy,
  ids: readonly string[],
): Promise<readonly PlannedEdge[]> {
  const known = new Set(ids);
  const edges: PlannedEdge[] = [];
  for (let level = ids; level.length > 0; ) {
    const parents = await parentsOf(context, { ...asked, on: undefined }, level);
    for (const [childId, [parentId]] of parents)
      edges.push({
        ...{ id: childId, childId, parentId: parentId!, kind: "subsidiary", share: null },
        ...{ validFrom: null, validUntil: null },
      });
    level = [...new Set([...parents.values()].flat())].filter((id) => !known.has(id));
    for (const id of level) known.add(id);
  }
  return edges;
}

/** Runs a find: its rows, then the related rows of each include, in one query a level. */
import type { Row, RowElement, Storable } from "@relata/core/adapter";
import type { CompiledFind, CompiledInclude } from "./compile-find.ts";
import type { Conversation, RawRows } from "./conversation.ts";
import type { Values } from "./statement.ts";

export function* findRows(find: CompiledFind, values: Values): Conversation<readonly Row[]> {
  const { read } = find;
  let rows: RawRows;
  if ("statement" in read) {
    rows = yield { statement: read.statement, values };
    for (const row of rows) read.decode(row);
  } else rows = yield* read(values);
  for (const include of find.includes) yield* loadInclude(include, rows, values);
  return rows as RowElement[][];
}

/** Appends one element to each of the parents' rows. */
function* loadInclude(include: CompiledInclude, parents: RawRows, values: Values): Conversation<void> {
  const keys = new Set<Storable>();
  for (const parent of parents) {
    const key = parent[include.local] as Storable;
    if (key !== null) keys.add(key);
  }
  const children = keys.size === 0 ? [] : yield* findRows(include.find, { ...values, keys: [...keys] });
  const { local, foreign } = include;
  if (include.cardinality === "many") {
    const byKey = Map.groupBy(children, (child) => child[foreign] as Storable);
    for (const parent of parents) parent.push(byKey.get(parent[local] as Storable) ?? []);
    return;
  }
  const byKey = new Map<RowElement, Row>();
  for (const child of children) byKey.set(child[foreign]!, child);
  for (const parent of parents) parent.push(byKey.get(parent[local] as Storable) ?? null);
}

/** The ids that stand above or below a row, in a table whose rows name their parents. */
import type { Predicate, Storable } from "@relata/core/adapter";
import { createLookup } from "./lookup-rows.ts";
import { type Run, readParam } from "./run.ts";
import { idOf } from "./stored-row.ts";
import { columnOf, type TableStore } from "./table-store.ts";

/** The set is made once for each execution. */
export function compileLineage(
  predicate: Predicate & { kind: "tree" },
  store: TableStore,
): (run: Run) => ReadonlySet<Storable> {
  const { root, relation, self, parent } = predicate;
  const { position } = columnOf(store, parent);
  const children = createLookup(store, parent);

  const collect = (run: Run): ReadonlySet<Storable> => {
    const partition = store.partitions.get(run.tenantId);
    const start = readParam(run, root);
    if (!partition?.rows.has(start as string)) return new Set();
    // A set is walked in the order in which it grows.
    const found = new Set([start]);
    for (const id of found) {
      if (relation === "descendants") {
        children(partition, id, (row) => {
          found.add(idOf(row));
          return true;
        });
        continue;
      }
      const above = partition.rows.get(id as string)?.[position] ?? null;
      if (above !== null) found.add(above);
    }
    if (!self) found.delete(start);
    return found;
  };
  return (run) => {
    let known = run.lineages.get(predicate);
    if (known === undefined) {
      known = collect(run);
      run.lineages.set(predicate, known);
    }
    return known;
  };
}

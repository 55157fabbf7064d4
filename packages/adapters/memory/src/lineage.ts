/** The ids that stand above or below a row, in a table whose rows name their parents. */
import type { Predicate, Storable } from "@relata/core/adapter";
import type { CountedRows } from "./counted-rows.ts";
import { createLookup } from "./lookup-rows.ts";
import { type Run, readParam } from "./run.ts";
import { idOf, type StoredRow } from "./stored-row.ts";
import { columnOf } from "./table-store.ts";

/** The set is made once for each execution. `parts` are the rows of the predicate's table. */
export function compileLineage(
  predicate: Predicate & { kind: "tree" },
  parts: readonly CountedRows[],
): (run: Run) => ReadonlySet<Storable> {
  const { root, relation, self, parent } = predicate;
  const seekers = parts.map(({ store, partitions, counts }) => {
    const { position } = columnOf(store, parent);
    const [byId, byParent] = [createLookup(store, "id"), createLookup(store, parent)];
    const each = (lookup: typeof byId) => (run: Run, value: Storable, visit: (row: StoredRow) => boolean) => {
      const partition = partitions.get(run.tenantId);
      if (partition) lookup(partition, value, (row) => counts?.(row, run) === false || visit(row));
    };
    return { own: each(byId), children: each(byParent), parentOf: (row: StoredRow) => row[position] as Storable };
  });

  const collect = (run: Run): ReadonlySet<Storable> => {
    const start = readParam(run, root);
    const found = new Set<Storable>();
    const above = (id: Storable, add: (parentId: Storable) => void) => {
      for (const { own, parentOf } of seekers)
        own(run, id, (row) => {
          add(parentOf(row));
          return false;
        });
    };
    above(start, () => found.add(start));
    // A set is walked in the order in which it grows.
    for (const id of found) {
      if (relation === "ancestors") {
        above(id, (parentId) => {
          if (parentId !== null) found.add(parentId);
        });
        continue;
      }
      for (const { children } of seekers)
        children(run, id, (row) => {
          found.add(idOf(row));
          return true;
        });
    }
    if (!self) found.delete(start);
    return found;
  };
  return (run) => {
    run.lineages ??= new Map();
    let known = run.lineages.get(predicate);
    if (known === undefined) {
      known = collect(run);
      run.lineages.set(predicate, known);
    }
    return known;
  };
}

/** The foreign keys of a write, checked when it ends: parents and children may come in any order. */
import { referenceNotFound, stillReferenced } from "@relata/core/adapter";
import { idOf, type StoredRow } from "./stored-row.ts";
import { columnOf, type FindTable, partitionFor, type TableStore } from "./table-store.ts";

export interface ReferenceCheck {
  /** Also replaces each reference by the target's own id: one string instead of two equal ones. */
  written(store: TableStore, row: StoredRow, before?: StoredRow): void;
  deleted(store: TableStore, row: StoredRow): void;
  /** @throws `CrmError` `reference_not_found` or `still_referenced` */
  check(): void;
}

interface Reference {
  readonly position: number;
  readonly column: string;
  readonly targets: ReadonlyMap<string, StoredRow>;
}

export function createReferenceCheck(options: {
  readonly tenantId: string;
  readonly findTable: FindTable;
  readonly tables: ReadonlyMap<string, TableStore>;
}): ReferenceCheck {
  const { tenantId } = options;
  const known = new Map<TableStore, readonly Reference[]>();
  const missing: { readonly store: TableStore; readonly id: string; readonly reference: Reference }[] = [];
  const gone: { readonly store: TableStore; readonly id: string }[] = [];

  const referencesOf = (store: TableStore) => {
    const found = known.get(store);
    if (found) return found;
    const references = store.schema.foreignKeys.map(({ column, target }) => ({
      column,
      position: columnOf(store, column).position,
      targets: partitionFor(options.findTable(target), tenantId).rows,
    }));
    known.set(store, references);
    return references;
  };

  return {
    written(store, row, before) {
      for (const reference of referencesOf(store)) {
        const id = row[reference.position];
        if (id === null || id === before?.[reference.position]) continue;
        const target = reference.targets.get(id as string);
        if (target) row[reference.position] = idOf(target);
        else missing.push({ store, id: idOf(row), reference });
      }
    },
    deleted(store, row) {
      gone.push({ store, id: idOf(row) });
    },
    check() {
      for (const { store, id, reference } of missing) {
        const target = (store.partitions.get(tenantId)?.rows.get(id)?.[reference.position] ?? null) as string | null;
        if (target !== null && !reference.targets.has(target))
          throw referenceNotFound(store.schema, reference.column, { id: target });
      }
      for (const { store, id } of gone) {
        if (!store.partitions.get(tenantId)?.rows.has(id)) refuseReferrers(store, id, options);
      }
    },
  };
}

function refuseReferrers(
  target: TableStore,
  id: string,
  options: { readonly tenantId: string; readonly tables: ReadonlyMap<string, TableStore> },
): void {
  for (const store of options.tables.values()) {
    for (const key of store.schema.foreignKeys) {
      if (key.target !== target.schema.name) continue;
      const { position } = columnOf(store, key.column);
      const lookup = store.partitions.get(options.tenantId)?.lookups.find((other) => other.position === position);
      if (lookup && lookup.index.count(id) > 0) throw stillReferenced(store.schema, key.column);
    }
  }
}

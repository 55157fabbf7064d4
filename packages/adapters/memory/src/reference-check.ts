/** The foreign keys of a write, checked when it ends: parents and children may come in any order. */
import { referenceNotFound, stillReferenced } from "@relata/core/adapter";
import { idOf, type StoredRow } from "./stored-row.ts";
import { columnOf, type TableStore } from "./table-store.ts";
import type { Reference, WritePlan } from "./write-plan.ts";

export interface ReferenceCheck {
  /** Also replaces each reference by the target's own id: one string instead of two equal ones. */
  written(plan: WritePlan, row: StoredRow, before?: StoredRow): void;
  deleted(store: TableStore, row: StoredRow): void;
  /** @throws `CrmError` `reference_not_found` or `still_referenced` */
  check(): void;
}

export function createReferenceCheck(options: {
  readonly tenantId: string;
  readonly tables: ReadonlyMap<string, TableStore>;
}): ReferenceCheck {
  const { tenantId } = options;
  const missing: { readonly store: TableStore; readonly id: string; readonly reference: Reference }[] = [];
  const gone: { readonly store: TableStore; readonly id: string }[] = [];
  const targetOf = ({ target }: Reference, id: string) => target.partitions.get(tenantId)?.rows.get(id);

  return {
    written({ store, references }, row, before) {
      for (const reference of references) {
        const id = row[reference.position];
        if (id === null || id === before?.[reference.position]) continue;
        const target = targetOf(reference, id as string);
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
        if (target !== null && targetOf(reference, target) === undefined)
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

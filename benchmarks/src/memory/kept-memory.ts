/** Memory whose storage the benchmark holds itself: it is filled and read beside the CRM on it, and outlives it. */
import type { Storable, Storage, StorageAdapter, StorageSchema, TableSchema } from "@relata/core/adapter";
import { always } from "@relata/core/adapter";
import { memory } from "@relata/memory";

export interface KeptMemory {
  /** Opens the same storage each time, which is not closed. */
  readonly adapter: StorageAdapter;
  opened(): { readonly storage: Storage; readonly schema: StorageSchema };
}

export function keptMemory(): KeptMemory {
  const inner = memory();
  let kept: { readonly storage: Storage; readonly schema: StorageSchema } | undefined;
  return {
    adapter: {
      name: inner.name,
      async open(options) {
        kept ??= { storage: { ...(await inner.open(options)), close: async () => {} }, schema: options.schema };
        return kept.storage;
      },
    },
    opened() {
      if (kept === undefined) throw new Error("The storage is not open yet.");
      return kept;
    },
  };
}

/** All rows of a table as SQLite gives them. */
export async function rowsOf({ storage, schema }: ReturnType<KeptMemory["opened"]>, tenantId: string, name: string) {
  const table = schema.tables.get(name)!;
  const columns = columnsOf(table);
  const query = {
    table: name,
    columns: columns.map((column) => column.name),
    where: always,
    orderBy: table.primaryKey.slice(1).map((column) => ({ column, direction: "asc" }) as const),
    include: [],
  };
  const rows = await storage.find(query, { tenantId, params: [] });
  return rows.map((row) => ({
    tenant_id: tenantId,
    ...Object.fromEntries(columns.map(({ name: column }, at) => [column, asSqlite(row[at] as Storable)])),
  }));
}

export function columnsOf({ columns }: TableSchema): TableSchema["columns"] {
  return columns.filter(({ name }) => name !== "tenant_id");
}

function asSqlite(value: Storable): Storable {
  if (typeof value === "boolean") return Number(value);
  return typeof value === "bigint" ? Number(value) : value;
}

/** Accounts and their deals, for the tests. */
import type {
  Bindings,
  ColumnKind,
  ColumnSchema,
  Comparison,
  FindQuery,
  IndexSchema,
  OrderKey,
  Predicate,
  Row,
  Storable,
  TableSchema,
} from "@relata/core/adapter";
import { createDatabase, type Database } from "./database.ts";
import { migrate } from "./memory-migrator.ts";
import { createUndoLog } from "./undo-log.ts";

export function column(name: string, kind: ColumnKind, rest: Partial<ColumnSchema> = {}): ColumnSchema {
  return { name, kind, meaning: kind, nullable: true, field: name.replace("_id", "Id"), ...rest };
}

export function index(name: string, columns: readonly string[], unique = false): IndexSchema {
  return { name, columns: ["tenant_id", ...columns], unique };
}

const base = [
  column("tenant_id", "text", { nullable: false }),
  column("id", "text", { nullable: false }),
  column("version", "integer", { nullable: false }),
];

export const accounts: TableSchema = {
  name: "accounts",
  entity: "account",
  primaryKey: ["tenant_id", "id"],
  columns: [...base, column("name", "text", { nullable: false }), column("parent_id", "text")],
  indexes: [index("accounts_name", ["name"], true)],
  foreignKeys: [{ column: "parent_id", target: "accounts" }],
};

export const deals: TableSchema = {
  name: "deals",
  entity: "deal",
  primaryKey: ["tenant_id", "id"],
  columns: [
    ...base,
    column("name", "text"),
    column("account_id", "text"),
    column("status", "text", { nullable: false, values: ["open", "won", "lost"] }),
    column("close_date", "date"),
    column("amount", "bigint"),
    column("probability", "integer"),
  ],
  indexes: [
    index("deals_status", ["status", "close_date"]),
    index("deals_name", ["name"]),
    index("deals_account", ["account_id", "amount"]),
  ],
  foreignKeys: [{ column: "account_id", target: "accounts" }],
};

export function createDealsDatabase(tables: readonly TableSchema[] = [accounts, deals]): Database {
  const database = createDatabase();
  migrate(database, () =>
    tables.flatMap((table) => [
      { kind: "create_table", table } as const,
      ...table.indexes.map((index) => ({ kind: "create_index", table, index }) as const),
    ]),
  );
  return database;
}

/** Rows of any table but for the tenant, as objects; what is not named is null, the version is 1. */
export function insert(
  database: Database,
  table: TableSchema,
  rows: readonly Readonly<Record<string, Storable>>[],
): void {
  const columns = table.columns.map(({ name }) => name).filter((name) => name !== "tenant_id");
  const values = rows.map((row) => columns.map((name) => row[name] ?? (name === "version" ? 1 : null)));
  database.write("t1", [{ kind: "insert", table: table.name, columns, rows: values }], createUndoLog());
}

export function query(table: TableSchema, rest: Partial<FindQuery> = {}): FindQuery {
  return { table: table.name, columns: ["id"], where: all(), orderBy: order("id"), include: [], ...rest };
}

/** `"close_date desc, id"`. */
export function order(keys: string): OrderKey[] {
  return keys.split(", ").map((key) => {
    const [column = "", direction] = key.split(" ");
    return { column, direction: direction === "desc" ? "desc" : "asc" };
  });
}

export function all(...of: readonly Predicate[]): Predicate {
  return { kind: "and", of };
}

export function compare(column: string, operator: Comparison, value: number): Predicate {
  return { kind: "compare", column, operator, value };
}

export function bind(...params: Bindings["params"]): Bindings {
  return { tenantId: "t1", params };
}

/** The first element of each row. */
export function firsts(rows: readonly Row[]): unknown[] {
  return rows.map((row) => row[0]);
}

/** Adapters on schemas that are used again and again: creating some 150 tables for each of a thousand CRMs would be slow. */
import type { Storage, StorageAdapter, StorageOptions, StorageSchema } from "@relata/core/adapter";
import { afterAll, inject } from "vitest";
import type { MakeAdapter, SchemaFactory } from "./fresh-schemas.ts";
import {
  administer,
  newSchemaName,
  type Relation,
  type ServerAdministration,
  shapeOf,
} from "./server-administration.ts";

/** Keeps its rows: they say which migrations the tables have been through. */
const ledgerTable = "relata__ledger";

/**
 * A factory for the testkit whose adapters take, when they are opened, a database schema that has the tables of `options.schema` already,
 * without rows but those of the ledger; the first of each shape is new and empty. At clean-up the rows are deleted, and the schema waits
 * for the next fact of its shape. It is dropped instead when the fact has opened it with another shape, when its tables are not the ones it
 * was opened for, and when rows cannot be deleted. What waits is dropped at the end of the file. Called at the top of a test file; for facts
 * that let the CRM create what is missing, not for those that need a database without tables.
 */
export function leasedSchemas<Native>(
  make: MakeAdapter<StorageAdapter<Native>>,
): SchemaFactory<StorageAdapter<Native>> {
  const connectionString = inject("databaseUrl");
  const server = administer(connectionString);
  const waiting = new Map<string, string[]>();
  afterAll(async () => {
    for (const name of [...waiting.values()].flat()) await server.dropSchema(name);
    await server.end();
  });
  return (after) => {
    let lease: Lease | undefined;
    after(() => lease && putBack(server, waiting, lease));
    return {
      name: "postgres",
      open(options: StorageOptions): Promise<Storage<Native>> {
        const shape = shapeOf(options.schema);
        lease ??= { name: waiting.get(shape)?.pop() ?? newSchemaName(), shape, schema: options.schema, changed: false };
        lease.changed ||= shape !== lease.shape;
        return make({ connectionString, schema: lease.name }).open(options);
      },
    };
  };
}

interface Lease {
  readonly name: string;
  readonly shape: string;
  readonly schema: StorageSchema;
  changed: boolean;
}

async function putBack(server: ServerAdministration, waiting: Map<string, string[]>, lease: Lease): Promise<void> {
  if (lease.changed || !(await empty(server, lease))) return server.dropSchema(lease.name);
  waiting.set(lease.shape, [...(waiting.get(lease.shape) ?? []), lease.name]);
}

/** False when the tables are not those of the lease, or rows cannot be deleted. */
async function empty(server: ServerAdministration, { name, schema }: Lease): Promise<boolean> {
  const relations = await server.relations(name);
  if (!hasTablesOf(schema, relations)) return false;
  const used = relations.filter((relation) => relation.used && relation.name !== ledgerTable);
  try {
    await server.deleteRows(
      name,
      used.map((relation) => relation.name),
    );
    return true;
  } catch {
    // Whatever the reason, the fact that comes next gets a schema that works.
    return false;
  }
}

/** Exactly its tables with exactly its columns, in any order. Tables of the SDK that no entity has (`relata__…`) may be there too. */
function hasTablesOf(schema: StorageSchema, relations: readonly Relation[]): boolean {
  const sorted = (names: readonly string[]) => names.toSorted().join();
  const known = relations.filter(({ name }) => schema.tables.has(name));
  if (known.length !== schema.tables.size) return false;
  if (relations.some(({ name }) => !schema.tables.has(name) && !name.startsWith("relata__"))) return false;
  return known.every(({ name, columns }) => {
    const wanted = schema.tables.get(name)?.columns.map((column) => column.name) ?? [];
    return sorted(wanted) === sorted(columns);
  });
}

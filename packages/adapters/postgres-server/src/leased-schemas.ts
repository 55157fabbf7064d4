/** Adapters on schemas that are used again and again: creating some 150 tables for each of a thousand CRMs would be slow. */
import type { Storage, StorageAdapter, StorageOptions, StorageSchema } from "@relata/core/adapter";
import { afterAll, inject } from "vitest";
import { placePreparation, type SchemaOptions } from "./app-user.ts";
import type { MakeAdapter, SchemaFactory } from "./fresh-schemas.ts";
import {
  administer,
  newSchemaName,
  type Relation,
  type ServerAdministration,
  shapeOf,
} from "./server-administration.ts";

/** Begins the names of tables that say what the other ones are: the ledger of migrations, and what an adapter keeps of columns. */
const aboutTables = "relata__";

/** How many schemas may wait: each is hundreds of files of the server. */
const mostWaiting = 10;

/**
 * A factory for the testkit whose adapters take, when they are opened, a database schema that has the tables of `options.schema` already,
 * without rows but those of the tables `relata__…`; the first of each shape is new and empty. At clean-up the rows are deleted, and the
 * schema waits for the next fact of its shape; at most ten do, those that waited longest are dropped. It is dropped at once when the fact has
 * opened it with another shape, when its tables are not the ones it was opened for, and when rows cannot be deleted. What still waits is
 * dropped at the end of the file.
 *
 * Called at the top of a test file; for facts that let the CRM create what is missing, not for those that need a database without tables.
 */
export function leasedSchemas<Native>(
  make: MakeAdapter<StorageAdapter<Native>>,
  options: SchemaOptions = {},
): SchemaFactory<StorageAdapter<Native>> {
  const connectionString = inject("databaseUrl");
  const server = administer(connectionString);
  const places = placePreparation(server, connectionString, options);
  const waiting: Lease[] = [];
  const take = (schema: StorageSchema): Lease => {
    const shape = shapeOf(schema);
    const index = waiting.findLastIndex((lease) => lease.shape === shape);
    return waiting.splice(index, index < 0 ? 0 : 1)[0] ?? { name: newSchemaName(), shape, schema };
  };
  const putBack = async (lease: Lease) => {
    if (!(await empty(server, lease))) return server.dropSchema(lease.name);
    waiting.push(lease);
    const oldest = waiting.length > mostWaiting ? waiting.shift() : undefined;
    if (oldest !== undefined) await server.dropSchema(oldest.name);
  };
  afterAll(async () => {
    for (const { name } of waiting) await server.dropSchema(name);
    await places.end();
    await server.end();
  });
  return (after) => {
    let lease: Lease | undefined;
    let changed = false;
    after(async () => {
      if (lease !== undefined) await (changed ? server.dropSchema(lease.name) : putBack(lease));
    });
    return {
      name: "postgres",
      async open(storageOptions: StorageOptions): Promise<Storage<Native>> {
        lease ??= take(storageOptions.schema);
        changed ||= shapeOf(storageOptions.schema) !== lease.shape;
        return make(await places.prepare(lease.name)).open(storageOptions);
      },
    };
  };
}

interface Lease {
  readonly name: string;
  readonly shape: string;
  readonly schema: StorageSchema;
}

/** False when the tables are not those of the lease, or rows cannot be deleted. */
async function empty(server: ServerAdministration, { name, schema }: Lease): Promise<boolean> {
  const relations = await server.relations(name);
  if (!hasTablesOf(schema, relations)) return false;
  const used = relations.filter((relation) => relation.used && !relation.name.startsWith(aboutTables));
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

/** Exactly its tables with as many columns, and the adapter's own tables `relata__…`. What would rename a column is another shape. */
function hasTablesOf(schema: StorageSchema, relations: readonly Relation[]): boolean {
  const known = relations.filter(({ name }) => schema.tables.has(name));
  if (known.length !== schema.tables.size) return false;
  if (relations.some(({ name }) => !schema.tables.has(name) && !name.startsWith(aboutTables))) return false;
  return known.every(({ name, columns }) => schema.tables.get(name)?.columns.length === columns);
}

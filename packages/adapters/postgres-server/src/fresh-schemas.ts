/** An adapter on a schema of its own for each fact. */
import type { StorageAdapter } from "@relata/core/adapter";
import { afterAll, inject } from "vitest";
import { administer, newSchemaName } from "./server-administration.ts";

/** Makes the adapter under test on a schema of the run's server, which it creates when there is none. */
export type MakeAdapter<Adapter extends StorageAdapter> = (options: {
  readonly connectionString: string;
  readonly schema: string;
}) => Adapter;

/** What the testkit calls `AdapterFactory`. */
export type SchemaFactory<Adapter extends StorageAdapter> = (after: (cleanUp: () => unknown) => void) => Adapter;

/**
 * A factory for the testkit whose every adapter has a schema name of its own, and drops that schema at clean-up. Called at the top of a test
 * file.
 */
export function freshSchemas<Adapter extends StorageAdapter>(make: MakeAdapter<Adapter>): SchemaFactory<Adapter> {
  const connectionString = inject("databaseUrl");
  const server = administer(connectionString);
  afterAll(() => server.end());
  return (after) => {
    const schema = newSchemaName();
    after(() => server.dropSchema(schema));
    return make({ connectionString, schema });
  };
}

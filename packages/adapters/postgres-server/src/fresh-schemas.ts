/** An adapter on a schema of its own for each fact. */
import type { Storage, StorageAdapter, StorageOptions } from "@relata/core/adapter";
import { afterAll, inject } from "vitest";
import { type AdapterPlace, placePreparation, type SchemaOptions } from "./app-user.ts";
import { administer, newSchemaName } from "./server-administration.ts";

/** Makes the adapter under test on a schema of the run's server, which it creates when there is none. */
export type MakeAdapter<Adapter extends StorageAdapter> = (place: AdapterPlace) => Adapter;

/** What the testkit calls `AdapterFactory`. */
export type SchemaFactory<Adapter extends StorageAdapter> = (after: (cleanUp: () => unknown) => void) => Adapter;

/**
 * A factory for the testkit whose every adapter has a schema name of its own, and drops that schema at clean-up. Called at the top of a test
 * file.
 */
export function freshSchemas<Native>(
  make: MakeAdapter<StorageAdapter<Native>>,
  options: SchemaOptions = {},
): SchemaFactory<StorageAdapter<Native>> {
  const connectionString = inject("databaseUrl");
  const server = administer(connectionString);
  const places = placePreparation(server, connectionString, options);
  afterAll(async () => {
    await places.end();
    await server.end();
  });
  return (after) => {
    const schema = newSchemaName();
    after(() => server.dropSchema(schema));
    return {
      name: "postgres",
      async open(storageOptions: StorageOptions): Promise<Storage<Native>> {
        return make(await places.prepare(schema)).open(storageOptions);
      },
    };
  };
}

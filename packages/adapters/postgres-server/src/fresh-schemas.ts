/** An adapter on a schema of its own for each fact. */
import type { Storage, StorageAdapter, StorageOptions } from "@relata/core/adapter";
import { afterAll, inject } from "vitest";
import { type AdapterPlace, placePreparation, type SchemaOptions } from "./app-user.ts";
import { administer, newSchemaName } from "./server-administration.ts";

/** Makes the adapter under test on a schema of the run's server, which it creates when there is none. */
export type MakeAdapter<Adapter extends StorageAdapter> = (place: AdapterPlace) => Adapter;

/** What the testkit calls `AdapterFactory`. */
export type SchemaFactory<Adapter extends StorageAdapter> = (after: (cleanUp: () => unknown) => void) => Adapter;

/** Schema names of their own for tests that make their adapters themselves; each is dropped at clean-up. Called at the top of a test file. */
export function freshPlaces(
  options: SchemaOptions = {},
): (after: (cleanUp: () => Promise<void>) => void) => Promise<AdapterPlace> {
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
    return places.prepare(schema);
  };
}

/**
 * A factory for the testkit whose every adapter has a schema name of its own, and drops that schema at clean-up. Called at the top of a test
 * file.
 */
export function freshSchemas<Native>(
  make: MakeAdapter<StorageAdapter<Native>>,
  options: SchemaOptions = {},
): SchemaFactory<StorageAdapter<Native>> {
  const placeOf = freshPlaces(options);
  return (after) => {
    let place: Promise<AdapterPlace> | undefined;
    return {
      name: "postgres",
      async open(storageOptions: StorageOptions): Promise<Storage<Native>> {
        place ??= placeOf(after);
        return make(await place).open(storageOptions);
      },
    };
  };
}

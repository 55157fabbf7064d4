import type { StorageAdapter } from "@relata/core/adapter";
import { memory } from "@relata/memory";
import {
  findPooler,
  freshSchemas,
  leasedSchemas,
  type MakeAdapter,
  type Pooler,
  startPooler,
} from "@relata/postgres-server";
import { compareDomain, testStorageAdapter } from "@relata/testkit";
import { afterAll, beforeAll, describe, inject } from "vitest";
import { type PostgresNative, postgres } from "./postgres-adapter.ts";

let pooler: Pooler | undefined;

const make: MakeAdapter<StorageAdapter<PostgresNative<unknown>>> = ({ schema }) =>
  postgres({ connectionString: pooler!.url, schema, pooler: "transaction" });

describe.runIf(findPooler() !== undefined)("behind a pooler", () => {
  beforeAll(async () => {
    pooler = await startPooler({ url: inject("databaseUrl") });
  });
  afterAll(() => pooler?.stop());

  testStorageAdapter("postgres", freshSchemas(make));

  compareDomain({ name: "memory", open: () => memory() }, { name: "postgres", open: leasedSchemas(make) });
});

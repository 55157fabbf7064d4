/** What the tests of PostgreSQL storage need: a server, a pooler before it, and adapters on schemas of their own. */
export type { AdapterPlace, SchemaOptions } from "./app-user.ts";
export { freshPlaces, freshSchemas, type MakeAdapter, type SchemaFactory } from "./fresh-schemas.ts";
export { leasedSchemas } from "./leased-schemas.ts";
export { findPooler, type Pooler, startPooler } from "./start-pooler.ts";
export { type PostgresServer, type StartServerOptions, startServer, startStandby } from "./start-server.ts";

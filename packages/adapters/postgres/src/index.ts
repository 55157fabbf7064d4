/** Relata's storage on PostgreSQL. */
export type { PostgresNative, PostgresOptions, PostgresPlace, PostgresSource } from "./postgres-adapter.ts";
export { postgres } from "./postgres-adapter.ts";
export type { PostgresPool } from "./postgres-pool.ts";

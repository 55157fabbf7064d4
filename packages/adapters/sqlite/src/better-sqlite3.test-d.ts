import type { DatabaseSync } from "node:sqlite";
import Database from "better-sqlite3";
import { expectTypeOf } from "vitest";
import type { BetterSqlite3, BetterSqlite3Database } from "./better-sqlite3.ts";
import { sqlite } from "./sqlite-adapter.ts";

expectTypeOf(Database).toExtend<BetterSqlite3>();
expectTypeOf<Database.Database>().toExtend<BetterSqlite3Database>();
sqlite({ filename: "crm.db", driver: Database });
sqlite({ database: new Database("app.db") });
sqlite({ database: new Database("app.db", { readonly: true }).defaultSafeIntegers() });

expectTypeOf<DatabaseSync>().not.toExtend<BetterSqlite3Database>();
// @ts-expect-error a handle is no driver
sqlite({ filename: "crm.db", driver: new Database("crm.db") });

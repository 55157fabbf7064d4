/** The Kysely engine that the SQL adapters share. */
export { compileForbidden } from "./compile-find.ts";
export { compileWhere } from "./compile-predicate.ts";
export {
  addColumn,
  addReference,
  columnRules,
  createIndex,
  createTable,
  dropIndex,
  insertRow,
} from "./compile-schema.ts";
export type { CompiledWrite } from "./compile-write.ts";
export { erasedValues, guardedValues, insertValues, keptValues, rebasedValues } from "./compile-write.ts";
export type { Compiler } from "./compiler.ts";
export type { Conversation, RawRows, Request } from "./conversation.ts";
export { converse } from "./conversation.ts";
export type { Lru } from "./lru.ts";
export { createLru } from "./lru.ts";
export { controlsTransaction, createNative, refuseTransaction } from "./native.ts";
export { nests } from "./nest-includes.ts";
export { prefixEnd } from "./prefix-end.ts";
export type { Scope } from "./source.ts";
export { createScope, lastingColumns } from "./source.ts";
export type { NestedForm, OrderTerm, SqlDialect, SumForm } from "./sql-dialect.ts";
export type { SqlEngine, SqlEngineOptions, WalkForm } from "./sql-engine.ts";
export { createSqlEngine } from "./sql-engine.ts";
export type { Fragment, Slot, Statement, Values } from "./statement.ts";
export { compileStatement, derivedSlot, paramSlot, tenantSlot } from "./statement.ts";

/** What an adapter author needs: the storage contract, its vocabulary, and plain helpers. */
export { CrmError } from "./errors.ts";
export { oncePer } from "./kernel/once-per.ts";
export { stopwatchMs } from "./kernel/runtime.ts";
export { findForbidden } from "./kernel/storage/find-forbidden.ts";
export { createHints } from "./kernel/storage/hints.ts";
export { migrateAtOnce } from "./kernel/storage/migrate-at-once.ts";
export type { Capabilities, NativeResult, NativeStatement } from "./kernel/storage/native-statement.ts";
export type { Comparison, Join, Lineage, Param, Predicate, TextMatch, TreePaths } from "./kernel/storage/predicate.ts";
export { always, never } from "./kernel/storage/predicate.ts";
export type {
  AfterKey,
  AggregateQuery,
  Bindings,
  CaseKey,
  ColumnKey,
  FindQuery,
  GroupKey,
  Guard,
  GuardedValues,
  IncludeQuery,
  MeasureQuery,
  OrderKey,
  Row,
  RowElement,
  TraverseQuery,
  WriteStep,
} from "./kernel/storage/query.ts";
export { showStatements } from "./kernel/storage/show-statements.ts";
export type { ShownStatement, ShowStatement } from "./kernel/storage/shown-statement.ts";
export type {
  AppliedStep,
  ColumnName,
  ExistingTableStep,
  Isolation,
  LiveColumn,
  LiveSchema,
  LiveTable,
  LockMode,
  MigrationStep,
  Migrator,
  NameLock,
  Savepoint,
  SchemaTransaction,
  Storage,
  StorageAdapter,
  StorageOptions,
  StorageSession,
  StorageTransaction,
  TableName,
  TransactionOptions,
} from "./kernel/storage/storage-adapter.ts";
export {
  guardFailed,
  nativeUnavailable,
  notUnique,
  referenceNotFound,
  stillReferenced,
  stillReferencedByTable,
  usingUnavailable,
  valueRefused,
  waitTimeout,
} from "./kernel/storage/storage-errors.ts";
export type {
  AppReferenceSchema,
  ColumnKind,
  ColumnSchema,
  ForeignKeySchema,
  IndexSchema,
  Storable,
  StorageSchema,
  TableSchema,
} from "./kernel/storage/storage-schema.ts";
export { traverseByLevels } from "./kernel/storage/traverse-by-levels.ts";
export { rebasedValue } from "./kernel/storage/tree-path.ts";
export type { EndTurn, TurnQueue } from "./kernel/storage/turn-queue.ts";
export { createTurnQueue } from "./kernel/storage/turn-queue.ts";
export { compareText, sortByText } from "./kernel/value/text.ts";

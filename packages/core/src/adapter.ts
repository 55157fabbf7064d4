/** What an adapter author needs: the storage contract, its vocabulary, and plain helpers. */
export { CrmError } from "./errors.ts";
export { stopwatchMs } from "./kernel/runtime.ts";
export type { Capabilities, NativeResult, NativeStatement } from "./kernel/storage/native-statement.ts";
export type { Comparison, Join, Param, Predicate, TextMatch } from "./kernel/storage/predicate.ts";
export { always, never } from "./kernel/storage/predicate.ts";
export type {
  AfterKey,
  AggregateQuery,
  Bindings,
  FindQuery,
  GroupKey,
  Guard,
  GuardedValues,
  IncludeQuery,
  MeasureQuery,
  OrderKey,
  Row,
  RowElement,
  WriteStep,
} from "./kernel/storage/query.ts";
export { showStatements } from "./kernel/storage/show-statements.ts";
export type { ShownStatement, ShowStatement } from "./kernel/storage/shown-statement.ts";
export type {
  LiveColumn,
  LiveSchema,
  LiveTable,
  MigrationStep,
  Migrator,
  Savepoint,
  Storage,
  StorageAdapter,
  StorageOptions,
  StorageSession,
  StorageTransaction,
} from "./kernel/storage/storage-adapter.ts";
export {
  guardFailed,
  nativeUnavailable,
  notUnique,
  referenceNotFound,
  stillReferenced,
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
export type { EndTurn, TurnQueue } from "./kernel/storage/turn-queue.ts";
export { createTurnQueue } from "./kernel/storage/turn-queue.ts";
export { compareText } from "./kernel/value/text.ts";

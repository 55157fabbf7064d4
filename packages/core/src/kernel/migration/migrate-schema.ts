/** Brings the tables to what is declared: written migrations first, in order, then whatever is safe. One transaction. */
import { CrmError } from "../../errors.ts";
import type { ResolvedSchema } from "../entity/entity-schema.ts";
import type { AppliedStep, LiveSchema, SchemaTransaction, Storage } from "../storage/storage-adapter.ts";
import { checksumOf } from "./checksum.ts";
import { fillPaths } from "./fill-paths.ts";
import {
  LEDGER,
  LEDGER_FORMAT,
  LEDGER_TENANT,
  type LedgerEntry,
  noteStep,
  pendingMigrations,
  progressStep,
  readLedger,
  SDK,
  type Shipped,
  shippedId,
} from "./ledger.ts";
import { type Leftover, leftoversOf } from "./leftovers.ts";
import { type AheadStep, compareSchemas, missingIndexes, planMigration } from "./plan.ts";
import { type PlannedStep, type SchemaWork, schemaWork } from "./schema-work.ts";

export interface SchemaMigration {
  readonly storage: Storage;
  readonly schema: ResolvedSchema;
  /** In the order of the plugins, and within a plugin in the order of its list. */
  readonly shipped: readonly Shipped[];
  /** Those that are installed, with migrations or without. */
  readonly plugins: ReadonlySet<string>;
  readonly clock: () => number;
}

export interface SchemaOutcome {
  readonly steps: readonly PlannedStep[];
  readonly leftovers: readonly Leftover[];
  /** The migrations whose backfill is still to be done, in order. */
  readonly unfinished: readonly Shipped[];
}

/**
 * Waits for the lock, so that of several processes one does it and the others find it done.
 *
 * @throws `schema_mismatch`, `migration_failed`, `migration_edited`, `migration_out_of_order`, `schema_newer`: nothing was changed, but
 * that indexes may have been built ahead of a migration that failed, with their columns.
 */
export async function migrateSchema(migration: SchemaMigration): Promise<SchemaOutcome> {
  const { outcome, ahead } = await look(migration);
  if (outcome) return outcome;
  const done = await buildAhead(migration, ahead);
  const written = await codeOfWritten(migration);
  return inTransaction(migration.storage, "keep", (transaction) =>
    apply(migration, transaction, { purpose: "apply", ahead: done, written }),
  );
}

interface Look {
  /** Where there is nothing to do. */
  readonly outcome?: SchemaOutcome;
  /** What is to be built before everything else. */
  readonly ahead: readonly AheadStep[];
}

/**
 * Nothing is built for a database that would be refused. Where written migrations come first, no index over values that they convert, and
 * none over columns that are not there: a rename may bring them.
 */
function look({ storage, schema, shipped, plugins }: SchemaMigration): Promise<Look> {
  return inTransaction(storage, "undo", async (transaction) => {
    const live = await transaction.liveSchema();
    const pending = pendingMigrations(shipped, await ledgerOf(transaction), plugins);
    const missing = missingIndexes(schema, live);
    if (pending.length === 0) {
      const steps = planMigration(schema, live, storage.migrator.columnType);
      if (steps.length > 0) return { ahead: missing };
      return { outcome: { steps: [], leftovers: leftoversOf(schema, live), unfinished: [] }, ahead: [] };
    }
    const converted = new Set(pending.flatMap(({ migration }) => Object.keys(migration.change ?? {})));
    const ahead = missing.filter((step) => {
      if (step.kind === "add_column" || converted.has(step.table.entity)) return false;
      const columns = live.tables.get(step.table.name)?.columns;
      return step.index.columns.every((column) => columns?.has(column));
    });
    return { ahead };
  });
}

async function buildAhead(
  { storage, schema }: SchemaMigration,
  ahead: readonly AheadStep[],
): Promise<readonly AppliedStep[]> {
  if (ahead.length === 0) return [];
  const names = new Set(ahead.map(nameOf));
  const plan = (live: LiveSchema) => missingIndexes(schema, live).filter((step) => names.has(nameOf(step)));
  return explaining(() => storage.migrator.ahead(plan));
}

function nameOf(step: AheadStep): string {
  return `${step.table.name} ${step.kind === "add_column" ? step.column.name : step.index.name}`;
}

/**
 * Does everything that `migrateSchema` does, and undoes it: what a plan says would work has worked once, but for what a storage only tells in
 * a rehearsal.
 */
export async function planSchema(migration: SchemaMigration): Promise<SchemaOutcome> {
  const written = await codeOfWritten(migration);
  return inTransaction(migration.storage, "undo", (transaction) =>
    apply(migration, transaction, { purpose: "plan", ahead: [], written }),
  );
}

type WrittenCode = typeof import("../later.ts");

/** What carries out written migrations, loaded where there are any, before the transaction begins. */
async function codeOfWritten({ shipped }: SchemaMigration): Promise<WrittenCode | undefined> {
  return shipped.length === 0 ? undefined : import("../later.ts");
}

interface Application {
  readonly purpose: "apply" | "plan";
  readonly ahead: readonly AppliedStep[];
  readonly written: WrittenCode | undefined;
}

/** @throws `schema_mismatch` with everything that differs; what `migrateSchema` throws for a ledger that does not fit. */
export async function verifySchema({ storage, schema, shipped, plugins }: SchemaMigration): Promise<void> {
  const { refuseDifferences } = await import("../later.ts");
  return inTransaction(storage, "undo", async (transaction) => {
    const live = await transaction.liveSchema();
    const ledger = await ledgerOf(transaction);
    const migrations = pendingMigrations(shipped, ledger, plugins).map(shippedId);
    refuseDifferences({ migrations, ...compareSchemas(schema, live, storage.migrator.columnType) });
  });
}

async function apply(
  migration: SchemaMigration,
  transaction: SchemaTransaction,
  { purpose, ahead, written }: Application,
): Promise<SchemaOutcome> {
  const { storage, schema, shipped, plugins, clock } = migration;
  const ledger = await ledgerOf(transaction);
  const pending = pendingMigrations(shipped, ledger, plugins);
  const steps: PlannedStep[] = [];
  const ofSdk = schemaWork({ schema, transaction, shipped: undefined }, steps);
  let isNoted = (await transaction.liveSchema()).tables.has(LEDGER.name);
  const note = async (entry: Parameters<typeof noteStep>[0]) => {
    if (!isNoted) {
      isNoted = true;
      await ofSdk.apply({ kind: "create_table", table: LEDGER });
      const format = { plugin: SDK, migration: LEDGER_FORMAT, checksum: "", state: "applied" } as const;
      await ofSdk.apply(noteStep({ ...format, appliedAt: clock(), steps: [] }));
    }
    await ofSdk.apply(noteStep(entry));
  };

  const unfinished: Shipped[] = [];
  for (const each of pending) {
    if (each.migration.backfill) unfinished.push(each);
    if (ledger.has(shippedId(each))) continue;
    const own: PlannedStep[] = [];
    const work = schemaWork({ schema, transaction, shipped: each }, own);
    await written!.applyRenamesAndChanges(work);
    if (each.migration.backfill) own.push(...backfillSteps(each));
    // What a backfill may read is dropped after it.
    if (!each.migration.backfill || purpose === "plan") await written!.applyDrops(work);
    steps.push(...own);
    await note({
      plugin: each.plugin,
      migration: each.migration.id,
      checksum: checksumOf(each.migration),
      appliedAt: clock(),
      state: each.migration.backfill ? "running" : "applied",
      steps: own.map(({ description }) => description),
    });
  }

  const live = await transaction.liveSchema();
  const automatic = planMigration(schema, live, storage.migrator.columnType);
  const before = steps.length;
  for (const done of ahead) ofSdk.applied(done);
  for (const step of automatic) await ofSdk.apply(step);
  await fillPaths(ofSdk, { before: live, steps: automatic, rehearsal: purpose === "plan" });
  if (steps.length > before) await note(automaticEntry(ledger, steps.slice(before), clock()));
  return { steps, leftovers: leftoversOf(schema, await transaction.liveSchema()), unfinished };
}

/** After its backfill: what it drops, and that it is done. Another process may have done it meanwhile. */
export async function finishMigration(migration: SchemaMigration, shipped: Shipped): Promise<readonly PlannedStep[]> {
  const { applyDrops } = await import("../later.ts");
  return inTransaction(migration.storage, "keep", async (transaction) => {
    const steps: PlannedStep[] = [];
    const entry = (await readLedger(transaction)).get(shippedId(shipped));
    if (entry?.state !== "running") return steps;
    const work: SchemaWork = schemaWork({ schema: migration.schema, transaction, shipped }, steps);
    await applyDrops(work);
    await transaction.write(LEDGER_TENANT, [progressStep(entry, { state: "applied" })]);
    return steps;
  });
}

/** Empty while there is no ledger. */
async function ledgerOf(transaction: SchemaTransaction): Promise<ReadonlyMap<string, LedgerEntry>> {
  const { tables } = await transaction.liveSchema();
  return tables.has(LEDGER.name) ? readLedger(transaction) : new Map();
}

function automaticEntry(ledger: ReadonlyMap<string, LedgerEntry>, steps: readonly PlannedStep[], appliedAt: number) {
  const earlier = [...ledger.values()].filter(({ migration }) => migration.startsWith("automatic ")).length;
  const migration = `automatic ${String(earlier + 1).padStart(6, "0")}`;
  const words = steps.map(({ description }) => description);
  return { plugin: SDK, migration, checksum: "", appliedAt, state: "applied", steps: words } as const;
}

function backfillSteps(shipped: Shipped): PlannedStep[] {
  const migration = shippedId(shipped);
  return Object.keys(shipped.migration.backfill ?? {}).map((entity) => {
    const description = `fill in the records of ${entity} that exist`;
    const sql = [`-- ${description}: by a function of ${migration}`];
    return { kind: "backfill", table: entity, entity, description, risk: "safe", sql, migration };
  });
}

async function inTransaction<T>(
  { migrator }: Storage,
  outcome: "keep" | "undo",
  work: (transaction: SchemaTransaction) => Promise<T>,
): Promise<T> {
  const transaction = rememberTables(await migrator.begin({ rehearsal: outcome === "undo" }));
  try {
    const result = await work(transaction);
    if (outcome === "keep") await transaction.commit();
    else await transaction.rollback();
    return result;
  } catch (error) {
    await transaction.rollback();
    throw explained(error);
  }
}

/** Whoever migrates holds the lock: the tables stay as they were read until a step changes them. */
function rememberTables(transaction: SchemaTransaction): SchemaTransaction {
  let live: Promise<LiveSchema> | undefined;
  return {
    ...transaction,
    liveSchema() {
      live ??= transaction.liveSchema();
      return live;
    },
    apply(step) {
      live = undefined;
      return transaction.apply(step);
    },
  };
}

async function explaining<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(error);
  }
}

/** What an adapter says of equal values is meant for a write of one of them; here they are all there already. */
function explained(cause: unknown): unknown {
  if (!CrmError.is(cause, "not_unique")) return cause;
  const { entity, field, fields = [field] } = cause.details;
  const names = (fields as readonly string[]).join(" and ");
  return new CrmError(
    "not_unique",
    `The records that exist break the new rule that no two of ${entity} have the same ${names}: make them differ first. Nothing was changed.`,
    { details: cause.details, cause },
  );
}

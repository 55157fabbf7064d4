/** What has been done to this database: a table of the SDK's own, with a row for each migration and each set of automatic steps. */
import { CrmError } from "../../errors.ts";
import type { FindQuery, Row, WriteStep } from "../storage/query.ts";
import type { MigrationStep, StorageSession } from "../storage/storage-adapter.ts";
import type { ColumnKind, ColumnSchema, TableSchema } from "../storage/storage-schema.ts";
import { checksumOf } from "./checksum.ts";
import type { AnyMigration } from "./define-migration.ts";

/** Rows of the ledger belong to no tenant of the application. */
export const LEDGER_TENANT = "relata";

/** No entity's table can have this name, as none has two underscores side by side. */
export const LEDGER: TableSchema = {
  name: "relata__ledger",
  entity: "ledger",
  primaryKey: ["tenant_id", "id"],
  columns: [
    column("tenant_id", "text"),
    column("id", "text"),
    column("version", "integer"),
    column("plugin", "text"),
    column("migration", "text"),
    column("checksum", "text"),
    column("applied_at", "instant"),
    column("state", "text"),
    column("position", "json", true),
    column("done", "integer"),
    column("steps", "json"),
  ],
  indexes: [],
  foreignKeys: [],
};

/** What the SDK itself does to its ledger is a migration of a plugin of this name. */
export const SDK = "relata";

export interface LedgerEntry {
  /** "plugin/migration". */
  readonly id: string;
  readonly version: number;
  readonly plugin: string;
  readonly migration: string;
  readonly checksum: string;
  readonly appliedAt: number;
  /** `running`: its tables are changed, its backfill is not at its end. */
  readonly state: "applied" | "running";
  /** How far the backfill is. */
  readonly position: BackfillPosition | undefined;
  /** Records that the backfill has been given. */
  readonly done: number;
  /** In words. */
  readonly steps: readonly string[];
}

export interface BackfillPosition {
  readonly entity: string;
  readonly tenantId: string;
  readonly id: string;
}

/** A migration with the plugin that ships it. */
export interface Shipped {
  readonly plugin: string;
  readonly migration: AnyMigration;
}

export function shippedId({ plugin, migration }: Shipped): string {
  return `${plugin}/${migration.id}`;
}

const ALL: FindQuery = {
  table: LEDGER.name,
  columns: LEDGER.columns.slice(1).map(({ name }) => name),
  where: { kind: "and", of: [] },
  orderBy: [{ column: "id", direction: "asc" }],
  include: [],
};

/** By id. The table must be there. */
export async function readLedger(session: Pick<StorageSession, "find">): Promise<ReadonlyMap<string, LedgerEntry>> {
  const rows = await session.find(ALL, { tenantId: LEDGER_TENANT, params: [] });
  return new Map(rows.map((row) => [row[0] as string, entryOf(row)]));
}

function entryOf([
  id,
  version,
  plugin,
  migration,
  checksum,
  appliedAt,
  state,
  position,
  done,
  steps,
]: Row): LedgerEntry {
  return {
    id,
    version,
    plugin,
    migration,
    checksum,
    appliedAt,
    state,
    position: position === null ? undefined : JSON.parse(position as string),
    done,
    steps: JSON.parse(steps as string),
  } as LedgerEntry;
}

export function noteStep(entry: Omit<LedgerEntry, "id" | "version" | "position" | "done">): MigrationStep {
  const { plugin, migration, checksum, appliedAt, state, steps } = entry;
  const id = `${plugin}/${migration}`;
  const values = [LEDGER_TENANT, id, 1, plugin, migration, checksum, appliedAt, state, null, 0, JSON.stringify(steps)];
  return { kind: "insert_row", table: LEDGER, values };
}

/** Fails with `guard_failed` when another process has changed the row meanwhile. */
export function progressStep(entry: LedgerEntry, change: Partial<LedgerEntry>): WriteStep {
  const { state, position, done } = { ...entry, ...change };
  const { id, version } = entry;
  const stored = position === undefined ? null : JSON.stringify(position);
  return {
    kind: "update",
    table: LEDGER.name,
    columns: ["state", "position", "done", "version"],
    rows: [{ id, version, values: [state, stored, done, version + 1] }],
  };
}

/**
 * The migrations that are to be applied, or to be ended, in order.
 *
 * @throws `migration_edited`, `migration_out_of_order`, `schema_newer`, naming the plugin and the migration.
 */
export function pendingMigrations(
  shipped: readonly Shipped[],
  ledger: ReadonlyMap<string, LedgerEntry>,
  plugins: ReadonlySet<string>,
): readonly Shipped[] {
  const known = new Set(shipped.map(shippedId));
  for (const { id, plugin, migration } of ledger.values()) {
    if (known.has(id) || !(plugins.has(plugin) || plugin === SDK) || migration.startsWith("automatic ")) continue;
    if (plugin === SDK && migration === LEDGER_FORMAT) continue;
    const upgrade = plugin === SDK ? "@relata/core" : plugin === "app" ? "the application" : `the plugin "${plugin}"`;
    throw new CrmError(
      "schema_newer",
      `The database is newer than the code: it has the migration "${migration}" of ${upgrade}, which this version does not know. Upgrade ${upgrade}.`,
      { details: { plugin, migration } },
    );
  }
  const pending: Shipped[] = [];
  for (const each of shipped) {
    const { plugin, migration } = each;
    const entry = ledger.get(shippedId(each));
    if (entry?.state !== "applied") pending.push(each);
    if (!entry) continue;
    if (entry.checksum !== checksumOf(migration)) {
      throw new CrmError(
        "migration_edited",
        `The migration "${migration.id}" of plugin "${plugin}" has been edited since it was applied to this database. Put it back as it was, and write another one.`,
        { details: { plugin, migration: migration.id } },
      );
    }
    const late = pending.find((other) => other.plugin === plugin && !ledger.has(shippedId(other)));
    if (late) {
      throw new CrmError(
        "migration_out_of_order",
        `The migration "${late.migration.id}" of plugin "${plugin}" stands before "${migration.id}", which this database has already. Put it at the end of the list.`,
        { details: { plugin, migration: late.migration.id, before: migration.id } },
      );
    }
  }
  return pending;
}

/** Changes with the layout of the ledger, so that older code refuses a newer one. */
export const LEDGER_FORMAT = "ledger 1";

function column(name: string, kind: ColumnKind, nullable = false): ColumnSchema {
  return { name, kind, meaning: kind, nullable, field: name };
}

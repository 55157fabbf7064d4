/** Fills in records that exist, batch by batch. Each batch and the note of where it ended are one unit of work. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Binding, Kernel } from "../kernel.ts";
import { layoutOf } from "../repository/stored-row.ts";
import type { FindQuery, Row } from "../storage/query.ts";
import type { Storage, StorageSession } from "../storage/storage-adapter.ts";
import { wordsOf } from "../thrown.ts";
import type { Frame } from "../unit-of-work/frame.ts";
import { compareText } from "../value/text.ts";
import type { AnyBackfill } from "./define-migration.ts";
import { type BackfillPosition, LEDGER_TENANT, progressStep, readLedger, type Shipped, shippedId } from "./ledger.ts";
import { migrationFailed } from "./migration-failed.ts";

/** How far a backfill is, after each batch. */
export interface MigrationProgress {
  readonly plugin: string;
  readonly migration: string;
  /** Records that it has been given, those before an interruption included. */
  readonly done: number;
  /** Records that there were when it began, or went on. */
  readonly total: number;
}

export interface Backfilling {
  readonly kernel: Kernel;
  readonly storage: Storage;
  readonly shipped: Shipped;
  onProgress(progress: MigrationProgress): void;
}

const BATCH = 500;

/** Goes on where the ledger says. @throws `migration_failed` with what the backfill has thrown: batches before it are kept. */
export async function runBackfill(options: Backfilling): Promise<void> {
  const { kernel, shipped } = options;
  const entities = Object.entries(shipped.migration.backfill ?? {}).map(([name, backfill]) => {
    const entity = kernel.schema.entities.get(name);
    if (!entity) throw failed(shipped, `fills in records of "${name}", but there is no such entity`, undefined);
    return { entity, backfill };
  });
  const tenants = await Promise.all(entities.map(({ entity }) => tenantsOf(options, entity)));
  const total = await countRecords(
    options,
    entities.map(({ entity }, i) => [entity, tenants[i]!] as const),
  );
  for (const [i, { entity, backfill }] of entities.entries()) {
    const order = entities.slice(i).map((other) => other.entity.name);
    for (const tenantId of tenants[i]!) {
      const target = { entity, backfill, tenantId, order };
      for (let done: number | undefined; ; ) {
        done = await runBatch(options, target);
        if (done === undefined) break;
        options.onProgress({ plugin: shipped.plugin, migration: shipped.migration.id, done, total });
      }
    }
  }
}

interface Target {
  readonly entity: EntitySchema;
  readonly backfill: AnyBackfill;
  readonly tenantId: string;
  /** The names of this entity and those after it: a position in another one is past. */
  readonly order: readonly string[];
}

/** Returns how many records are done, or undefined when none of the tenant's are left. */
async function runBatch(options: Backfilling, target: Target): Promise<number | undefined> {
  const { kernel } = options;
  for (;;) {
    try {
      return await kernel.units.run(undefined, (frame) => batch(options, target, frame));
    } catch (error) {
      // Another process has done the batch meanwhile: go on after it.
      if (!CrmError.is(error, "guard_failed") || error.details.entity !== "ledger") throw error;
    }
  }
}

async function batch({ kernel, shipped }: Backfilling, target: Target, frame: Frame): Promise<number | undefined> {
  const { entity, backfill, tenantId } = target;
  const session = kernel.units.session(frame);
  const entry = (await readLedger(session)).get(shippedId(shipped));
  if (entry?.state !== "running") return undefined;
  const after = startOf(entry.position, target);
  if (after === "past") return undefined;
  const rows = await readBatch(session, target, after);
  const last = rows.at(-1);
  if (!last) return undefined;
  const done = entry.done + rows.length;
  const position = { entity: entity.name, tenantId, id: last[0] as string };
  const steps = [progressStep(entry, { position, done })];
  await kernel.units.write(frame, { tenantId: LEDGER_TENANT, steps, effects: [] });
  const { decode } = layoutOf(entity);
  const binding: Binding = { ...kernel.root, tenantId, frame, plugin: shipped.plugin };
  try {
    const context = kernel.contextFor(binding) as never;
    await kernel.units.inside(frame, () =>
      backfill.run(
        context,
        rows.map((row) => decode(row) as never),
      ),
    );
  } catch (error) {
    throw failed(shipped, `failed while it filled in records of ${entity.name}: ${wordsOf(error)}`, error);
  }
  return done;
}

/** The id after which the tenant's records are still to be done; "past" when all of them are. */
function startOf(position: BackfillPosition | undefined, target: Target): string | undefined | "past" {
  if (!position || !target.order.includes(position.entity)) return undefined;
  if (position.entity !== target.entity.name) return "past";
  if (position.tenantId === target.tenantId) return position.id;
  return compareText(position.tenantId, target.tenantId) > 0 ? "past" : undefined;
}

function readBatch(
  session: Pick<StorageSession, "find">,
  { entity, backfill, tenantId }: Target,
  after: string | undefined,
): Promise<readonly Row[]> {
  const query: FindQuery = {
    table: entity.table.name,
    columns: layoutOf(entity).columns,
    where: { kind: "and", of: [] },
    orderBy: [{ column: "id", direction: "asc" }],
    limit: 0,
    include: [],
    ...(after === undefined ? {} : { after: [{ value: 1, isNull: false }] }),
  };
  return session.find(query, { tenantId, params: [backfill.batch ?? BATCH, ...(after === undefined ? [] : [after])] });
}

async function tenantsOf({ storage }: Backfilling, { table }: EntitySchema): Promise<readonly string[]> {
  const transaction = await storage.migrator.begin();
  try {
    return await transaction.tenants(table.name);
  } finally {
    await transaction.rollback();
  }
}

async function countRecords(
  { storage }: Backfilling,
  tables: readonly (readonly [EntitySchema, readonly string[]])[],
): Promise<number> {
  let total = 0;
  for (const [{ table }, tenants] of tables) {
    for (const tenantId of tenants) {
      const query = {
        table: table.name,
        where: { kind: "and", of: [] },
        groupBy: [],
        measures: [{ kind: "rows" }],
      } as const;
      const [row] = await storage.aggregate(query, { tenantId, params: [] });
      total += Number(row?.[0] ?? 0);
    }
  }
  return total;
}

function failed(shipped: Shipped, what: string, cause: unknown): CrmError {
  const problem = `${what}. What it has done so far is kept; it goes on from there the next time.`;
  return migrationFailed(shipped, problem, { cause });
}

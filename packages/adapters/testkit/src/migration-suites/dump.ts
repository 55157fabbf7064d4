/** Everything that a database holds, as text: two that are equal are equal here. */
import { type CrmOptions, createCrm, type MigrationOptions, planMigrations } from "@relata/core";
import type { LiveSchema } from "@relata/core/adapter";

const SCHEMA = { tables: new Map() };

/** The tables, their columns in order, their rules. */
export async function dumpSchema({ storage }: CrmOptions): Promise<readonly string[]> {
  const opened = await storage.open({ schema: SCHEMA, waitTimeoutMs: 5_000 });
  try {
    let live: LiveSchema = { tables: new Map() };
    await opened.migrator.migrate((found) => {
      live = found;
      return [];
    });
    return [...live.tables].map(([name, table]) => JSON.stringify([name, describeTable(table)])).sort();
  } finally {
    await opened.close();
  }
}

function describeTable({ columns, indexes, foreignKeys }: NonNullable<ReturnType<LiveSchema["tables"]["get"]>>) {
  const keys = foreignKeys.map(({ column, target }) => `${column} → ${target}`).sort();
  return [[...columns], [...indexes.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), keys];
}

/** The records of these entities, of both tenants. */
export async function dumpRecords(options: MigrationOptions, plurals: readonly string[]): Promise<readonly string[]> {
  const crm = (await createCrm({ ...options, migrate: "verify" } as never)) as unknown as AnyCrm;
  const lines: string[] = [];
  for (const tenantId of ["default", "other"]) {
    for (const plural of plurals) {
      const repository = crm.as({ tenantId })[plural] as AnyRepository;
      const { items } = await repository.list({ archived: "include", limit: 1_000 });
      lines.push(...items.map((item) => `${tenantId} ${plural} ${JSON.stringify(item)}`));
    }
  }
  await crm.close();
  return lines;
}

interface AnyRepository {
  list(query: object): Promise<{ readonly items: readonly object[] }>;
}

interface AnyCrm {
  readonly [plural: string]: unknown;
  as(binding: { readonly tenantId: string }): AnyCrm;
  close(): Promise<void>;
}

/** What is left over, in words. */
export async function leftoversIn(options: MigrationOptions): Promise<readonly string[]> {
  const { leftovers } = await planMigrations(options);
  return leftovers.map(({ kind, table, name }) => (kind === "table" ? `table ${name}` : `${kind} ${table}.${name}`));
}

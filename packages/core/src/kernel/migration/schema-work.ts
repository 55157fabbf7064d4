/** A migration under way: what it has done so far, in words and in statements. */
import type { ResolvedSchema } from "../entity/entity-schema.ts";
import { columnName, snake } from "../entity/storage-names.ts";
import type {
  AppliedStep,
  LiveSchema,
  LiveTable,
  MigrationStep,
  SchemaTransaction,
} from "../storage/storage-adapter.ts";
import { describeStep, type Risk } from "./describe-step.ts";
import { LEDGER, type Shipped, shippedId } from "./ledger.ts";

/** One step, as tools show it. */
export interface PlannedStep {
  readonly kind: MigrationStep["kind"] | "convert_values" | "backfill";
  readonly table: string;
  readonly entity: string;
  readonly description: string;
  readonly risk: Risk;
  /** The statements of the database that it takes; a comment where a function is needed. None where it has no language. */
  readonly sql: readonly string[];
  /** "plugin/id", for a step of a written migration. */
  readonly migration?: string;
}

export interface SchemaWork {
  readonly schema: ResolvedSchema;
  readonly transaction: SchemaTransaction;
  /** Whose steps these are; none for automatic ones. */
  readonly shipped: Shipped | undefined;
  live(): Promise<LiveSchema>;
  apply(step: MigrationStep): Promise<void>;
  /** Notes a step that was carried out before. */
  applied(done: AppliedStep): void;
  /** Notes what is done by a function. */
  note(step: Pick<PlannedStep, "kind" | "table" | "entity" | "description" | "risk">): void;
}

/** `steps` receives what is done. */
export function schemaWork(
  options: Pick<SchemaWork, "schema" | "transaction" | "shipped">,
  steps: PlannedStep[],
): SchemaWork {
  const { transaction, shipped } = options;
  const origin = shipped ? { migration: shippedId(shipped) } : {};
  const applied = ({ step, statements }: AppliedStep) => {
    const { description, risk } = describeStep(step);
    const { name, entity } = step.table;
    steps.push({ kind: step.kind, table: name, entity, description, risk, sql: statements, ...origin });
  };
  return {
    ...options,
    live: () => transaction.liveSchema(),
    applied,
    apply: async (step) => applied({ step, statements: await transaction.apply(step) }),
    note(step) {
      const sql = [`-- ${step.description}: by a function of ${origin.migration ?? "the SDK"}`];
      steps.push({ ...step, sql, ...origin });
    },
  };
}

/** The table of an entity, and those whose names begin with it and two underscores: its history. */
export function tablesOfEntity(live: LiveSchema, entity: string): readonly (readonly [string, LiveTable])[] {
  const main = snake(entity);
  return [...live.tables].filter(([name]) => name !== LEDGER.name && (name === main || name.startsWith(`${main}__`)));
}

/** Whether the plugin adds its fields to an entity of somebody else. */
export function isExtension({ schema, shipped }: SchemaWork, entity: string): boolean {
  const owner = schema.entities.get(entity)?.plugin;
  return owner !== undefined && owner !== shipped?.plugin;
}

/** The first column of a field of the plugin whose migration this is. */
export function columnOfField(work: SchemaWork, entity: string, field: string): string {
  const plugin = work.shipped?.plugin ?? "app";
  return columnName(field, isExtension(work, entity) ? plugin : undefined);
}

/** The columns of a field that are there: money and folded text have a second one. */
export function columnsOfField(table: LiveTable, first: string): readonly string[] {
  const second = (suffix: string, ...meanings: readonly string[]) =>
    meanings.includes(table.columns.get(first + suffix)?.meaning ?? "") ? [first + suffix] : [];
  if (!table.columns.has(first)) return [];
  return [first, ...second("_currency", "currency"), ...second("_folded", "folded text", "phone digits")];
}

/** Drops the indexes that name any of the columns; those that are still declared are made anew in the end. */
export async function dropIndexesOver(
  work: SchemaWork,
  { name, entity, columns }: { readonly name: string; readonly entity: string; readonly columns: readonly string[] },
): Promise<void> {
  const table = (await work.live()).tables.get(name);
  for (const index of table?.indexes.values() ?? []) {
    if (!index.columns.some((column) => columns.includes(column))) continue;
    await work.apply({ kind: "drop_index", table: { name, entity }, index });
  }
}

/** Makes a planned step concrete: which rows it means, and which rows its references name. */
import type { Storable, TableSchema, WriteStep } from "@relata/core/adapter";
import { allRows, type ModelRow, type ModelTables, rowsOf } from "../model/tables.ts";
import type { Condition } from "../question/condition.ts";
import { preparePredicate } from "../question/prepare.ts";
import { tableOf } from "../schema/define-table.ts";
import { concreteRoots } from "./concrete-roots.ts";
import { uuidOf } from "./random-values.ts";

/** A value as it is, or a number that chooses the row to be referred to. */
type CellPlan = { readonly value: Storable } | { readonly reference: number };

export interface RowPlan {
  readonly id: number;
  readonly cells: Readonly<Record<string, CellPlan>>;
}

/** Chooses a row that exists; with staleness 1 its version is not the row's. */
interface TargetPlan {
  readonly target: number;
  readonly staleness: number;
}

export type StepPlan =
  | { readonly kind: "insert"; readonly table: string; readonly tick: number; readonly rows: readonly RowPlan[] }
  | {
      readonly kind: "update";
      readonly table: string;
      readonly tick: number;
      readonly columns: readonly string[];
      readonly rows: readonly (TargetPlan & { readonly row: RowPlan })[];
    }
  | { readonly kind: "delete"; readonly table: string; readonly tick: number; readonly rows: readonly TargetPlan[] }
  /** Chooses rows that exist or existed. */
  | { readonly kind: "erase"; readonly table: string; readonly targets: readonly number[] }
  | { readonly kind: "forbid"; readonly table: string; readonly where: Condition };

type PlanOf<Kind extends StepPlan["kind"]> = Extract<StepPlan, { readonly kind: Kind }>;

export function concreteStep(plan: StepPlan, tenantId: string, tables: ModelTables): WriteStep {
  const table = tableOf(tables.schema, plan.table);
  const world: World = { table, tenantId, tables };
  switch (plan.kind) {
    case "insert":
      return insertion(plan, world);
    case "update":
      return change(plan, world);
    case "delete": {
      const rows = chosen(plan.rows, world).map(({ id, version }) => ({ id, version, ...ending(plan, world) }));
      return { kind: "delete", table: table.name, rows, endedBy: `actor ${plan.tick}` };
    }
    case "erase": {
      const known = [...rowsOf(tables, table.name, tenantId), ...pastOf(world)].map((row) => String(row.id));
      const ids = plan.targets.map((target) => known[target % Math.max(1, known.length)] ?? idOf(table, 999));
      return { kind: "erase", table: table.name, ids };
    }
    case "forbid":
      return {
        kind: "forbid",
        table: table.name,
        ...preparePredicate(concreteRoots(plan.where, tenantId, tables)),
        reason: "a random one",
      };
  }
}

function insertion(plan: PlanOf<"insert">, world: World): WriteStep {
  const { table } = world;
  const names = table.columns.slice(1).map((column) => column.name);
  const ids = plan.rows.map((row) => idOf(table, row.id));
  const rows = plan.rows.map((row, at) => {
    const id = ids[at] as string;
    return names.map((name): Storable => {
      if (name === "id") return id;
      if (name === "version") return 1 + lastVersion(id, world);
      if (name === "updated_at") return instantOf(plan, world);
      return concreteCell(row.cells[name], name, { ...world, added: ids });
    });
  });
  return { kind: "insert", table: table.name, columns: names, rows };
}

function change(plan: PlanOf<"update">, world: World): WriteStep {
  const { table } = world;
  const columns = [...plan.columns, "version", ...(table.history === undefined ? [] : ["updated_at"])];
  const rows = chosen(plan.rows, world).map(({ id, version, plan: { row } }) => {
    const values = columns.map((name): Storable => {
      if (name === "version") return version + 1;
      if (name === "updated_at") return instantOf(plan, world);
      return concreteCell(row.cells[name], name, { ...world, added: [] });
    });
    return { id, version, ...ending(plan, world), values };
  });
  return { kind: "update", table: table.name, columns, rows, endedBy: plan.tick === 0 ? null : `actor ${plan.tick}` };
}

function ending(plan: { readonly tick: number }, world: World): { readonly endedAt?: number } {
  return world.table.history === undefined ? {} : { endedAt: instantOf(plan, world) };
}

/** Time never runs backwards. */
function instantOf({ tick }: { readonly tick: number }, { tables }: World): number {
  const instants = [...tables.schema.tables.keys()]
    .flatMap((name) => allRows(tables, name))
    .flatMap((row) => [Number(row.updated_at ?? 0), Number(row.ended_at ?? 0)]);
  return instants.reduce((latest, instant) => Math.max(latest, instant), 0) + tick;
}

function lastVersion(id: string, world: World): number {
  return pastOf(world).reduce((last, row) => (row.id === id ? Math.max(last, Number(row.version)) : last), 0);
}

function pastOf({ table, tenantId, tables }: World): readonly ModelRow[] {
  return table.history === undefined ? [] : rowsOf(tables, table.history, tenantId);
}

interface World {
  readonly table: TableSchema;
  readonly tenantId: string;
  readonly tables: ModelTables;
}

/** Each row at most once; a row that does not exist where there is none. */
function chosen<Plan extends TargetPlan>(plans: readonly Plan[], { table, tenantId, tables }: World) {
  const rows = rowsOf(tables, table.name, tenantId);
  const absent: ModelRow = { id: idOf(table, 999), version: 1 };
  const targets = new Map(plans.map((plan) => [rows[plan.target % Math.max(1, rows.length)] ?? absent, plan]));
  return [...targets].map(([row, plan]) => {
    const version = Number(row.version) + (plan.staleness === 1 ? 1 : 0);
    return { id: String(row.id), version, plan };
  });
}

function concreteCell(
  cell: CellPlan | undefined,
  column: string,
  world: World & { readonly added: readonly string[] },
): Storable {
  if (cell === undefined) throw new Error(`The plan has no value for "${column}".`);
  if ("value" in cell) return cell.value;
  const { table, tenantId, tables } = world;
  const key = table.foreignKeys.find((foreignKey) => foreignKey.column === column);
  const target = tableOf(tables.schema, key?.target ?? table.name);
  const isNullable = table.columns.some(({ name, nullable }) => name === column && nullable);
  const existing = rowsOf(tables, target.name, tenantId).map((row) => String(row.id));
  const ids = target === table ? [...existing, ...world.added] : existing;
  const { reference } = cell;
  if (isNullable && (reference % 5 === 4 || ids.length === 0)) return null;
  if (reference % 37 === 36 || ids.length === 0) return idOf(target, 998);
  return ids[reference % ids.length] as string;
}

function idOf(table: TableSchema, number: number): string {
  const isUuid = table.columns.some(({ name, kind }) => name === "id" && kind === "uuid");
  return isUuid ? uuidOf(number) : `id ${number}`;
}

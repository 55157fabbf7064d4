/** Makes a planned step concrete: which rows it means, and which rows its references name. */
import type { Storable, TableSchema, WriteStep } from "@relata/core/adapter";
import { type ModelRow, type ModelTables, rowsOf } from "../model/tables.ts";
import { tableOf } from "../schema/define-table.ts";
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
  | { readonly kind: "insert"; readonly table: string; readonly rows: readonly RowPlan[] }
  | {
      readonly kind: "update";
      readonly table: string;
      readonly columns: readonly string[];
      readonly rows: readonly (TargetPlan & { readonly row: RowPlan })[];
    }
  | { readonly kind: "delete"; readonly table: string; readonly rows: readonly TargetPlan[] };

export function concreteStep(plan: StepPlan, tenantId: string, tables: ModelTables): WriteStep {
  const table = tableOf(tables.schema, plan.table);
  const world = { table, tenantId, tables };
  switch (plan.kind) {
    case "insert": {
      const names = table.columns.slice(1).map((column) => column.name);
      const ids = plan.rows.map((row) => idOf(table, row.id));
      const rows = plan.rows.map((row, at) => {
        const cells = names.slice(2).map((name) => concreteCell(row.cells[name], name, { ...world, added: ids }));
        return [ids[at] as string, 1, ...cells];
      });
      return { kind: "insert", table: table.name, columns: names, rows };
    }
    case "update": {
      const rows = chosen(plan.rows, world).map(({ id, version, plan: { row } }) => {
        const cells = plan.columns.map((name) => concreteCell(row.cells[name], name, { ...world, added: [] }));
        return { id, version, values: [...cells, version + 1] };
      });
      return { kind: "update", table: table.name, columns: [...plan.columns, "version"], rows };
    }
    case "delete":
      return {
        kind: "delete",
        table: table.name,
        rows: chosen(plan.rows, world).map(({ id, version }) => ({ id, version })),
      };
  }
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

/** What writing to a table needs, made once and kept until tables are altered. */
import { findForbidden, oncePer, type Storable, valueRefused, type WriteStep } from "@relata/core/adapter";
import { blankRow, copyColumns } from "./copy-columns.ts";
import { compileFind, type Find } from "./find.ts";
import type { StoredColumn } from "./stored-column.ts";
import type { StoredRow } from "./stored-row.ts";
import { columnOf, type FindTable, type TableStore } from "./table-store.ts";

export interface WritePlan {
  readonly store: TableStore;
  /** A new row before it has values. */
  readonly blank: StoredRow;
  readonly references: readonly Reference[];
  /** Undefined where the table has no history. */
  history(): HistoryPlan | undefined;
  /** How rows get the values of an insert's columns. @throws `CrmError` `value_refused` where one is left out that a row must have. */
  insertOf(columns: readonly string[]): Assign;
  /** Finds the ids of the rows whose text in this column begins with the first parameter. */
  rebasedOf(column: string): Find;
  /** Finds the rows that a step forbids. */
  forbiddenOf(step: Extract<WriteStep, { readonly kind: "forbid" }>): Find;
}

export interface Reference {
  readonly column: string;
  readonly position: number;
  readonly target: TableStore;
}

export interface HistoryPlan {
  readonly store: TableStore;
  /** The row in the columns of the history. */
  readonly copy: (row: StoredRow) => StoredRow;
  readonly endedAt: StoredColumn;
  readonly endedBy: StoredColumn;
}

/** Puts the values of a step's columns into a row. @throws `CrmError` `value_refused` */
export type Assign = (row: StoredRow, values: readonly Storable[]) => void;

export type PlanOf = (store: TableStore) => WritePlan;

export function createPlans(findTable: FindTable): PlanOf {
  const planHistory = oncePer((store: TableStore): HistoryPlan => {
    const history = findTable(store.schema.history as string);
    const copy = copyColumns(store, history);
    return { store: history, copy, endedAt: columnOf(history, "ended_at"), endedBy: columnOf(history, "ended_by") };
  });
  return oncePer((store) => {
    const finds = new WeakMap<object, Find>();
    const rebased = new Map<string, Find>();
    const { foreignKeys, history } = store.schema;
    return {
      store,
      blank: blankRow(store),
      references: foreignKeys.map(({ column, target }) => {
        const { position } = columnOf(store, column);
        return { column, position, target: findTable(target) };
      }),
      history: () => (history === undefined ? undefined : planHistory(store)),
      insertOf: oncePer((columns: readonly string[]) => {
        refuseOmitted(store, columns);
        return createAssign(store, columns);
      }),
      rebasedOf(column) {
        let find = rebased.get(column);
        if (find === undefined) {
          const where = { kind: "text", column, operator: "startsWith", value: 0 } as const;
          find = compileFind({ table: store.schema.name, columns: ["id"], where, orderBy: [], include: [] }, findTable);
          rebased.set(column, find);
        }
        return find;
      },
      forbiddenOf(step) {
        let find = finds.get(step.where);
        if (find === undefined) {
          find = compileFind(findForbidden(step).query, findTable);
          finds.set(step.where, find);
        }
        return find;
      },
    };
  });
}

export function createAssign(store: TableStore, names: readonly string[]): Assign {
  const columns = names.map((name) => columnOf(store, name));
  return (row, values) => {
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at] as StoredColumn;
      const value = values[at] as Storable;
      const why = column.refusal(value);
      if (why !== undefined) throw valueRefused(store.schema, column.schema.name, { why });
      row[column.position] = column.shared(value);
    }
  };
}

function refuseOmitted({ schema }: TableStore, columns: readonly string[]): void {
  const omitted = schema.columns.find(
    ({ name, nullable, default: preset }) =>
      !nullable && preset === undefined && name !== "tenant_id" && !columns.includes(name),
  );
  if (omitted !== undefined) throw valueRefused(schema, omitted.name, { why: "must not be null" });
}

/** Shows statements to whoever wants to see them. */
import { type ShownStatement, type ShowStatement, stopwatchMs } from "@relata/core/adapter";
import type { SqliteStatements } from "./sqlite-statements.ts";

export type Label = Pick<ShownStatement, "kind" | "tenantId">;

export interface ShownStatements extends SqliteStatements {
  /** Says of the statements of `work` what they are for. */
  labelled<T>(label: Label, work: () => T): T;
}

const CONTROL = /^(begin|commit|rollback|savepoint|release)\b/;

/** The same, each shown when it ends. Everything here is synchronous, so that the label of a call is that of its statements. */
export function createShownStatements(statements: SqliteStatements, onQuery: ShowStatement): ShownStatements {
  const opening: Label = { kind: "migrate", tenantId: undefined };
  let current = opening;

  const show = <T>(text: string, work: () => T, rowsOf: (result: T) => number): T => {
    const control = CONTROL.exec(text)?.[1] as Label["kind"] | undefined;
    const label = control ? { kind: control, tenantId: undefined } : current;
    const start = stopwatchMs();
    let rows = 0;
    let failed = true;
    try {
      const result = work();
      rows = control ? 0 : rowsOf(result);
      failed = false;
      return result;
    } finally {
      onQuery({ ...label, text, timeMs: stopwatchMs() - start, rows, failed });
    }
  };
  return {
    all(sql, values) {
      return show(
        sql,
        () => statements.all(sql, values),
        (rows) => rows.length,
      );
    },
    exec(sql) {
      show(
        sql,
        () => statements.exec(sql),
        () => 0,
      );
    },
    run(sql, values) {
      return show(
        sql,
        () => statements.run(sql, values),
        (changes) => changes,
      );
    },
    execute(statement) {
      return show(
        statement.text,
        () => statements.execute(statement),
        ({ rows, changed }) => changed ?? rows.length,
      );
    },
    labelled(label, work) {
      const outer = current;
      current = label;
      try {
        return work();
      } finally {
        current = outer;
      }
    },
  };
}

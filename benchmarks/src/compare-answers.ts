/** Before anything is timed: do all contestants give the same answers, and leave the same rows behind? */
import { deepStrictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { Entrant } from "./measure.ts";
import type { Workload } from "./workloads.ts";

const OPERATIONS = 3;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** @throws AssertionError naming the contestant that differs from the first one. */
export async function compareAnswers(entrants: readonly Entrant[], workloads: readonly Workload[]): Promise<void> {
  const known = idsIn(entrants[0]!.filename);
  const [expected, ...others] = await Promise.all(
    entrants.map(async ({ name, filename, contestant }) => {
      const named = nameNewIds(known);
      const answers: unknown[] = [];
      for (const workload of workloads) {
        const operate = workload.prepare(contestant);
        for (let operation = 0; operation < OPERATIONS; operation++) {
          answers.push([workload.name, named(plain(await operate(operation)))]);
        }
      }
      return { name, answers, rows: named(rowsOf(filename)) };
    }),
  );
  for (const { name, answers, rows } of others) {
    deepStrictEqual(answers, expected!.answers, `${name} answers otherwise than ${expected!.name}`);
    deepStrictEqual(rows, expected!.rows, `${name} writes other rows than ${expected!.name}`);
  }
}

/** As text, without what only some of the contestants tell of a stage. */
function plain(answer: unknown): unknown {
  return JSON.stringify(answer, (key, value: unknown) => {
    if (key !== "stage") return value;
    const { id, key: stageKey } = value as { readonly id: string; readonly key: string };
    return { id, key: stageKey };
  });
}

/** Ids that were not there before are named by the order in which they are met. */
function nameNewIds(known: ReadonlySet<string>): (text: unknown) => string {
  const names = new Map<string, string>();
  return (text) =>
    String(text).replace(UUID, (id) => {
      if (known.has(id)) return id;
      if (!names.has(id)) names.set(id, `new ${names.size}`);
      return names.get(id)!;
    });
}

const TABLES = ["opportunity", "opportunity_stage_entry"];

function rowsOf(filename: string): string {
  return inDatabase(filename, (database) => {
    const rows = TABLES.map((table) => database.prepare(`select * from ${table} order by version, id`).all());
    return JSON.stringify(rows);
  });
}

function idsIn(filename: string): ReadonlySet<string> {
  return inDatabase(filename, (database) => {
    const tables = database
      .prepare(
        "select t.name from sqlite_schema t, pragma_table_xinfo(t.name) c where t.type = 'table' and c.name = 'id'",
      )
      .all();
    return new Set(
      tables.flatMap(({ name }) =>
        database
          .prepare(`select id from "${name}"`)
          .all()
          .map(({ id }) => id as string),
      ),
    );
  });
}

function inDatabase<T>(filename: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(filename, { readOnly: true });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

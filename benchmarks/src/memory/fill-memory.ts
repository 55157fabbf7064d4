/** Copies the rows of an SQLite file into memory: the same records under the same ids. */
import { DatabaseSync } from "node:sqlite";
import type { ColumnKind, Storable } from "@relata/core/adapter";
import { TENANT } from "../sales/rows.ts";
import { columnsOf, type KeptMemory } from "./kept-memory.ts";

/** What refers to others comes after them. */
const TABLES = ["user", "account", "pipeline", "stage", "exchange_rate", "opportunity", "opportunity_stage_entry"];
const BATCH = 5_000;

export async function fillMemory(kept: KeptMemory, filename: string): Promise<void> {
  const { storage, schema } = kept.opened();
  const database = new DatabaseSync(filename, { readOnly: true });
  for (const table of TABLES) {
    const stored = columnsOf(schema.tables.get(table)!);
    const columns = stored.map(({ name }) => name);
    const statement = database.prepare(
      `select ${columns.map((name) => `"${name}"`).join()} from "${table}" order by id`,
    );
    statement.setReturnArrays(true);
    let rows: Storable[][] = [];
    const insert = async () => {
      if (rows.length > 0) await storage.write(TENANT, [{ kind: "insert", table, columns, rows }]);
      rows = [];
    };
    for (const row of statement.iterate() as Iterable<unknown>) {
      const values = row as readonly (string | number | null)[];
      rows.push(values.map((value, at) => storable(value, stored[at]!.kind)));
      if (rows.length === BATCH) await insert();
    }
    await insert();
  }
  database.close();
}

function storable(value: string | number | null, kind: ColumnKind): Storable {
  if (value === null) return null;
  if (kind === "bigint") return BigInt(value);
  return kind === "boolean" ? value === 1 : value;
}

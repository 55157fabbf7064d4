/** Better ways to write by hand: one statement for all tables of a record, and COPY for many records. */
import { once } from "node:events";
import { from } from "pg-copy-streams";
import type { Contestant } from "../sales/contestant.ts";
import { OPPORTUNITY_TABLE, opportunityOf, STAGE_ENTRY_COLUMNS } from "../sales/rows.ts";
import { INSERT, insertInto, openRaw, type RawOptions } from "./raw.ts";

const INSERT_BOTH = `with stay as (${insertInto("opportunity_stage_entry", STAGE_ENTRY_COLUMNS, OPPORTUNITY_TABLE.length + 1)}) ${INSERT}`;

/** Creates with one data-modifying statement. All else as `raw`. */
export async function oneStatement(options: RawOptions): Promise<Contestant> {
  const { contestant, query, newRows } = await openRaw(options);
  return {
    ...contestant,
    async create(input) {
      const [row, stay] = newRows(input);
      await query("insert both", INSERT_BOTH, [...Object.values(row), ...Object.values(stay)]);
      return opportunityOf(row);
    },
  };
}

/** Creates many with COPY. All else as `raw`. */
export async function copying(options: RawOptions): Promise<Contestant> {
  const { contestant, client, newRows, inTransaction } = await openRaw(options);
  const copy = async (table: string, columns: readonly string[], rows: readonly object[]) => {
    const stream = client.query(from(`copy crm.${table} (${columns.join()}) from stdin`));
    stream.end(rows.map(line).join(""));
    await once(stream, "finish");
  };
  return {
    ...contestant,
    createMany: (inputs) =>
      inTransaction(async () => {
        const rows = inputs.map((input, index) => newRows(input, index));
        const records = rows.map(([row]) => row);
        await copy("opportunity", OPPORTUNITY_TABLE, records);
        const stays = rows.map(([, stay]) => stay);
        await copy("opportunity_stage_entry", STAGE_ENTRY_COLUMNS, stays);
        return records.map(opportunityOf);
      }),
  };
}

/** https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2 */
function line(row: object): string {
  const fields = Object.values(row).map((value: string | number | null) => {
    if (value === null) return "\\N";
    return typeof value === "string" ? value.replace(/[\\\n\r\t]/g, (one) => ESCAPES[one]!) : String(value);
  });
  return `${fields.join("\t")}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

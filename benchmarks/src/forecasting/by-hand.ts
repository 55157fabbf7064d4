/** The roll-up by hand: one query for what is open and one for what is won, each answered by an index that holds all that it adds up. */
import { DatabaseSync } from "node:sqlite";
import type pg from "pg";

/** By owner, month, stage and currency: how many, and their sum in minor units. */
export type HandRow = readonly [
  owner: string,
  month: string,
  stageId: string,
  currency: string,
  count: unknown,
  sum: unknown,
];

export interface Hand {
  rollUp(from: string, until: string): Promise<readonly HandRow[]> | readonly HandRow[];
}

const SIDES = [
  ["open", "expected_close_date"],
  ["won", "actual_close_date"],
] as const;

function indexOf(table: string, [status, day]: (typeof SIDES)[number]): string {
  return `create index hand_${status} on ${table} (tenant_id, status, archived_at, ${day}, owner_id, stage_id, amount_currency, amount)`;
}

/** `monthOf` makes a month of a day, and `p` a parameter. */
function queryOf(table: string, monthOf: (day: string) => string, p: (number: number) => string): string {
  return SIDES.map(
    ([status, day]) => `select owner_id, ${monthOf(day)}, stage_id, amount_currency, count(*), sum(amount) from ${table}
    where tenant_id = 'default' and status = '${status}' and archived_at is null and ${day} >= ${p(1)} and ${day} <= ${p(2)}
    group by owner_id, ${monthOf(day)}, stage_id, amount_currency`,
  ).join(" union all ");
}

export function sqliteHand(filename: string): Hand & { close(): void } {
  const database = new DatabaseSync(filename);
  for (const side of SIDES) database.exec(indexOf("opportunity", side));
  database.exec("analyze");
  const statement = database.prepare(
    queryOf(
      "opportunity",
      (day) => `substr(${day}, 1, 7)`,
      (number) => `?${number}`,
    ),
  );
  statement.setReturnArrays(true);
  return {
    rollUp: (from, until) => statement.all(from, until) as unknown as readonly HandRow[],
    close: () => database.close(),
  };
}

export async function postgresHand(client: pg.Client): Promise<Hand> {
  for (const side of SIDES) await client.query(indexOf("crm.opportunity", side));
  const text = queryOf(
    "crm.opportunity",
    (day) => `to_char(${day}, 'YYYY-MM')`,
    (number) => `$${number}::date`,
  );
  return {
    async rollUp(from, until) {
      const { rows } = await client.query({ name: "roll-up", text, values: [from, until], rowMode: "array" });
      return rows as unknown as readonly HandRow[];
    },
  };
}

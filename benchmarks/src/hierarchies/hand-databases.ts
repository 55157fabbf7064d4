/** The tables that are kept by hand, and statements on them, on both databases. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type pg from "pg";
import type { HandDatabase } from "./contestants.ts";
import { closureOf, type Node } from "./tree-data.ts";

const BATCH = 50_000;

/** The database is the caller's to close. */
export function openSqliteHand(filename: string): HandDatabase & { close(): void } {
  const database = new DatabaseSync(filename);
  database.exec("pragma journal_mode = wal; pragma synchronous = normal; pragma wal_autocheckpoint = 4000");
  const known = new Map<string, StatementSync>();
  const prepared = (text: string) => {
    let statement = known.get(text);
    if (!statement) {
      statement = database.prepare(text);
      statement.setReturnArrays(true);
      known.set(text, statement);
    }
    return statement;
  };
  const all: HandDatabase["all"] = (text) => {
    const statement = prepared(text);
    return (...values) => statement.all(...(values as string[]));
  };
  return {
    id: "?",
    table: (name) => name,
    all,
    planned: all,
    async transaction(work) {
      prepared("begin immediate").run();
      await work((text, ...values) => prepared(text).all(...(values as string[])));
      prepared("commit").run();
    },
    close: () => database.close(),
  };
}

export function writeSqliteHand(filename: string, nodes: readonly Node[]): void {
  const database = new DatabaseSync(filename);
  database.exec(
    `create table hand_node (id text primary key, parent_id text) strict, without rowid;
    create table hand_path (id text primary key, path text not null) strict, without rowid;
    create table hand_closure (ancestor text, descendant text, primary key (ancestor, descendant)) strict, without rowid;
    begin`,
  );
  const [node, path, pair] = ["hand_node", "hand_path", "hand_closure"].map((name) =>
    database.prepare(`insert into ${name} values (?, ?)`),
  );
  for (const each of nodes) {
    node!.run(each.id, each.parent === undefined ? null : nodes[each.parent]!.id);
    path!.run(each.id, each.path);
  }
  for (const [above, id] of closureOf(nodes)) pair!.run(above, id);
  database.exec(
    `commit; create index hand_path_index on hand_path (path, id); create index hand_node_index on hand_node (parent_id);
    create index hand_closure_index on hand_closure (descendant, ancestor); analyze`,
  );
  database.close();
}

export function postgresHand(client: pg.Client): HandDatabase {
  const numbered = (text: string) => {
    let place = 0;
    return text.replaceAll("?", () => `$${++place}`);
  };
  const names = new Map<string, string>();
  const run = async (text: string, ...values: readonly unknown[]) => {
    const name = names.get(text) ?? `hand ${names.size}`;
    names.set(text, name);
    const { rows } = await client.query({ name, text: numbered(text), values: [...values], rowMode: "array" });
    return rows;
  };
  return {
    id: "?::uuid",
    table: (name) => `crm.${name}`,
    all:
      (text) =>
      (...values) =>
        run(text, ...values),
    planned(text) {
      const own = numbered(text);
      return async (...values) => (await client.query({ text: own, values: [...values], rowMode: "array" })).rows;
    },
    async transaction(work) {
      await client.query("begin");
      await work(run);
      await client.query("commit");
    },
  };
}

export async function writePostgresHand(client: pg.Client, nodes: readonly Node[]): Promise<void> {
  await client.query(
    `create table crm.hand_node (id uuid primary key, parent_id uuid);
    create table crm.hand_path (id uuid primary key, path text collate "C" not null);
    create table crm.hand_closure (ancestor uuid, descendant uuid)`,
  );
  const write = async (table: string, types: string, rows: readonly (readonly (string | null)[])[]) => {
    for (let at = 0; at < rows.length; at += BATCH) {
      const batch = rows.slice(at, at + BATCH);
      await client.query(`insert into crm.${table} select * from unnest(${types})`, [
        batch.map(([first]) => first),
        batch.map(([, second]) => second),
      ]);
    }
  };
  const parents = nodes.map(({ id, parent }) => [id, parent === undefined ? null : nodes[parent]!.id] as const);
  await write("hand_node", "$1::uuid[], $2::uuid[]", parents);
  await write(
    "hand_path",
    "$1::uuid[], $2::text[]",
    nodes.map(({ id, path }) => [id, path] as const),
  );
  await write("hand_closure", "$1::uuid[], $2::uuid[]", [...closureOf(nodes)]);
  await client.query(
    `alter table crm.hand_closure add primary key (ancestor, descendant);
    create index on crm.hand_closure (descendant, ancestor);
    create index on crm.hand_path (path, id); create index on crm.hand_node (parent_id)`,
  );
}

/** A graph of contacts and accounts, whose edges are relationships from one day to another, and how it is written past the CRM. */
import { DatabaseSync } from "node:sqlite";
import { createCrm } from "@relata/core";
import type { StorageAdapter } from "@relata/core/adapter";
import { relationships } from "@relata/relationships";
import type pg from "pg";
import { createRandom } from "../measure/random.ts";

/** The day that is asked about. */
export const DAY = "2026-06-01";
/** A day on which the two hubs had their relationships. */
export const HUB_DAY = "1985-06-01";

export function openCrm(storage: StorageAdapter) {
  return createCrm({ storage, plugins: [relationships()], clock: () => Date.parse(`${DAY}T12:00:00Z`) });
}

export type GraphCrm = Awaited<ReturnType<typeof openCrm>>;

/** A relationship, a contact and an account as they are written, for all that others have alike. */
export async function writeOne(crm: GraphCrm): Promise<void> {
  await crm.relationships.defineTypes([{ key: "acquaintance", shape: "symmetric", name: "knows", fromRole: "friend" }]);
  const [one, other] = await crm.contacts.createMany([{ givenName: "Anna" }, { givenName: "Ben" }]);
  await crm.accounts.create({ name: "Works" });
  await crm.relationships.relate({
    type: "acquaintance",
    from: { entityType: "contact", id: one!.id },
    to: { entityType: "contact", id: other!.id },
  });
}

export interface Node {
  readonly entityType: "contact" | "account";
  readonly id: string;
}

export interface Edge {
  readonly id: string;
  readonly from: Node;
  readonly to: Node;
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  /** In ten-thousandths, as it is stored. */
  readonly strength: number;
}

const EDGES_OF_A_NODE = 10;
const HUBS = 20;
const BATCH = 20_000;

export function makeNodes(count: number): readonly Node[] {
  return Array.from({ length: count }, (_, number) => ({
    entityType: number % 3 === 0 ? "account" : "contact",
    id: idOf("7000", number),
  }));
}

/** The first two nodes had so many edges, each to half of all others, until 1989. */
export function hubsOf(nodes: readonly Node[]): readonly [Node, Node] {
  return [nodes[0]!, nodes[1]!];
}

/** From any node to any other; one edge in fifty leads to one of twenty hubs, and one in ten is over. Then those of the two large hubs. */
function* makeEdges(nodes: readonly Node[]): Generator<Edge> {
  const random = createRandom(5);
  const strengths = createRandom(7);
  const strength = () => (1 + strengths(100)) * 100;
  let number = 0;
  for (; number < nodes.length * EDGES_OF_A_NODE; number++) {
    const to = random(50) === 0 ? random(HUBS) : random(nodes.length);
    const year = 1990 + random(36);
    const isPast = random(10) === 0;
    yield {
      id: idOf("8000", number),
      from: nodes[random(nodes.length)]!,
      to: nodes[to]!,
      validFrom: random(5) === 0 ? null : dayIn(year, random),
      validUntil: isPast ? dayIn(Math.min(2025, year + random(10)), random) : random(3) === 0 ? "2099-12-31" : null,
      strength: strength(),
    };
  }
  for (const hub of hubsOf(nodes)) {
    for (let edge = 0; edge < nodes.length / 2; edge++, number++) {
      const from = nodes[HUBS + strengths(nodes.length - HUBS)]!;
      const days = { validFrom: "1980-01-01", validUntil: "1989-12-31" };
      yield { id: idOf("8000", number), from, to: hub, ...days, strength: strength() };
    }
  }
}

function dayIn(year: number, random: (below: number) => number): string {
  return `${year}-${String(1 + random(12)).padStart(2, "0")}-${String(1 + random(28)).padStart(2, "0")}`;
}

/** Scattered over the key. */
function idOf(kind: string, number: number): string {
  return `019b7600-0000-${kind}-8000-${String((number * 7_919_111) % 100_000_007).padStart(12, "0")}`;
}

/** What an edge has in each column in which it differs from others. */
function valuesOf(edge: Edge): Readonly<Record<string, string | number | null>> {
  const { id, from, to, validFrom, validUntil, strength } = edge;
  return {
    id,
    from_type: from.entityType,
    from_id: from.id,
    to_type: to.entityType,
    to_id: to.id,
    valid_from: validFrom,
    valid_until: validUntil,
    strength,
  };
}

/** In the place of the only edge that there is, which says what stands in all other columns. The file must not be open. */
export function writeOnSqlite(filename: string, nodes: readonly Node[]): void {
  const database = new DatabaseSync(filename);
  database.exec("pragma cache_size = -400000; pragma temp_store = memory");
  const indexes = database
    .prepare(
      "select name, sql from sqlite_schema where type = 'index' and tbl_name = 'relationship' and sql is not null",
    )
    .all();
  for (const { name } of indexes) database.exec(`drop index "${name}"`);
  const template = database.prepare("select * from relationship").get() as Record<string, string | number | null>;
  const columns = Object.keys(template);
  const insert = database.prepare(
    `insert into relationship (${columns.join()}) values (${columns.map(() => "?").join()})`,
  );
  database.exec("begin; delete from relationship");
  for (const edge of makeEdges(nodes)) {
    const values = valuesOf(edge);
    insert.run(...columns.map((column) => (column in values ? values[column]! : template[column]!)));
  }
  database.exec("commit");
  for (const { sql } of indexes) database.exec(String(sql));
  database.exec("analyze; pragma wal_checkpoint(truncate)");
  database.close();
}

/** The same. */
export async function writeOnPostgres(client: pg.Client, nodes: readonly Node[]): Promise<void> {
  await client.query(
    "set session_replication_role = replica; set maintenance_work_mem = '512MB'; set work_mem = '256MB'",
  );
  const { rows: indexes } = await client.query<{ readonly name: string; readonly sql: string }>(
    `select indexname as name, indexdef as sql from pg_indexes where schemaname = 'crm' and tablename = 'relationship' and indexname not like '%pkey'
    and not exists (select from pg_constraint where conname = indexname)`,
  );
  for (const { name } of indexes) await client.query(`drop index crm."${name}"`);
  const { rows: columns } = await client.query<{ readonly name: string }>(
    "select column_name as name from information_schema.columns where table_schema = 'crm' and table_name = 'relationship' order by ordinal_position",
  );
  await client.query("create temp table template as select * from crm.relationship; truncate crm.relationship cascade");
  const given = Object.keys(valuesOf(makeEdges(nodes).next().value as Edge));
  const typeOf = (column: string) =>
    column === "id" ? "uuid" : column.startsWith("valid_") ? "date" : column === "strength" ? "bigint" : "text";
  const lists = given.map((column, i) => `$${i + 1}::${typeOf(column)}[]`);
  const values = columns.map(({ name }) => (given.includes(name) ? `e.${name}` : `t.${name}`));
  const text = `insert into crm.relationship (${columns.map(({ name }) => name).join()})
    select ${values.join()} from template t cross join unnest(${lists.join()}) as e (${given.join()})`;
  const write = (batch: readonly Edge[]) => {
    const rows = batch.map(valuesOf);
    return client.query(
      text,
      given.map((column) => rows.map((row) => row[column])),
    );
  };
  let batch: Edge[] = [];
  for (const edge of makeEdges(nodes)) {
    batch.push(edge);
    if (batch.length < BATCH) continue;
    await write(batch);
    batch = [];
  }
  await write(batch);
  for (const { sql } of indexes) await client.query(sql);
  await client.query("reset session_replication_role");
}

/** Records of these nodes, like the first of their entities. The file must not be open. */
export function writeThingsOnSqlite(filename: string, nodes: readonly Node[]): void {
  const database = new DatabaseSync(filename);
  for (const { entityType, id } of nodes) {
    const template = database.prepare(`select * from ${entityType} order by id limit 1`).get()!;
    const columns = Object.keys(template);
    const values = columns.map((column) => (column === "id" ? id : template[column]!));
    database
      .prepare(`insert into ${entityType} (${columns.join()}) values (${columns.map(() => "?").join()})`)
      .run(...values);
  }
  database.close();
}

/** The same. */
export async function writeThingsOnPostgres(client: pg.Client, nodes: readonly Node[]): Promise<void> {
  for (const { entityType, id } of nodes) {
    await client.query(
      `insert into crm.${entityType} select (jsonb_populate_record(t, jsonb_build_object('id', $1::text))).*
      from crm.${entityType} t order by t.id limit 1`,
      [id],
    );
  }
}

/** Statements by hand on the table of relationships and its covering indexes, on both databases. */
import { DatabaseSync } from "node:sqlite";
import type pg from "pg";
import type { Node } from "./graph-data.ts";

export type Direction = "along" | "both";

type Rows<T> = readonly T[] | Promise<readonly T[]>;
type Found = readonly [type: string, id: string, distance: number];

type FoundStep = readonly [...found: Found, edge: string, beforeType: string, beforeId: string];

export interface HandDatabase {
  /** Along edges, the fewest steps to each node and the last of them: that with the smallest id. */
  steps(type: string, id: string, hops: number, day: string): Rows<FoundStep>;
  /** Nodes by the fewest steps. */
  neighbours(direction: Direction): (type: string, id: string, hops: number, day: string) => Rows<Found>;
  /** What is next to any of these, either way. */
  level(ids: readonly string[], day: string): Rows<readonly [type: string, id: string]>;
  /** The ten strongest common connections of two nodes, with the products of their strengths in ten-thousandths. */
  common(a: Node, b: Node, day: string): Rows<readonly [type: string, id: string, strength: number | string]>;
}

/** @param names how the parameters are written: type and id of the one, of the other, and the day */
function commonOf(
  [typeA, idA, typeB, idB, day]: readonly [string, string, string, string, string],
  table: string,
): string {
  const around = (type: string, id: string) =>
    [
      ["from", "to"],
      ["to", "from"],
    ]
      .map(
        ([near, far]) => `select e.${far}_type, e.${far}_id, coalesce(e.strength, 10000) from ${table} e
        where e.${near}_id = ${id} and e.${near}_type = ${type} and ${isValid(day)}`,
      )
      .join(" union all ");
  return `with a (type, id, strength) as (${around(typeA, idA)}), b (type, id, strength) as (${around(typeB, idB)})
    select a.type, a.id, max(a.strength) * max(b.strength) as strength from a join b on b.id = a.id and b.type = a.type
    where not (a.id = ${idA} and a.type = ${typeA}) and not (a.id = ${idB} and a.type = ${typeB})
    group by a.type, a.id order by strength desc, a.type, a.id limit 10`;
}

/** @param day how a parameter with the day is written */
function isValid(day: string): string {
  return `e.tenant_id = 'default' and e.archived_at is null
    and (e.valid_from is null or e.valid_from <= ${day}) and (e.valid_until is null or e.valid_until >= ${day})`;
}

const NEAREST = "select type, id, min(depth) from reached group by type, id having min(depth) > 0";

const FIRST_STEPS = `select type, id, depth, edge, before_type, before_id from (
  select *, row_number() over (partition by type, id order by depth, edge) as place from reached) as placed where place = 1 and depth > 0`;

/** The database is the caller's to close. */
export function openSqliteHand(filename: string): HandDatabase & { close(): void } {
  const database = new DatabaseSync(filename, { readOnly: true });
  const prepared = (text: string) => {
    const statement = database.prepare(text);
    statement.setReturnArrays(true);
    return statement;
  };
  const step = (before: string, node: string) =>
    `select e.${node}_type, e.${node}_id, r.depth + 1 from reached r join relationship e
      on e.${before}_id = r.id and e.${before}_type = r.type and ${isValid("?4")} where r.depth < ?3`;
  const walk = (direction: Direction) =>
    prepared(
      `with recursive reached (type, id, depth) as (values (?1, ?2, 0) union ${step("from", "to")}
      ${direction === "both" ? `union ${step("to", "from")}` : ""}) ${NEAREST}`,
    );
  const next = (before: string, node: string) =>
    `select e.${node}_type, e.${node}_id from relationship e where e.${before}_id in (select value from json_each(?1)) and ${isValid("?2")}`;
  const steps = prepared(
    `with recursive reached (type, id, depth, edge, before_type, before_id) as (values (?1, ?2, 0, null, null, null)
    union select e.to_type, e.to_id, r.depth + 1, e.id, r.type, r.id from reached r join relationship e
      on e.from_id = r.id and e.from_type = r.type and ${isValid("?4")} where r.depth < ?3) ${FIRST_STEPS}`,
  );
  const level = prepared(`${next("from", "to")} union all ${next("to", "from")}`);
  const common = prepared(commonOf(["?1", "?2", "?3", "?4", "?5"], "relationship"));
  return {
    common: (a, b, day) =>
      common.all(a.entityType, a.id, b.entityType, b.id, day) as unknown as readonly [string, string, number][],
    neighbours(direction) {
      const statement = walk(direction);
      return (...values) => statement.all(...values) as unknown as readonly Found[];
    },
    steps: (...values) => steps.all(...values) as unknown as readonly FoundStep[],
    level: (ids, day) => level.all(JSON.stringify(ids), day) as unknown as readonly [string, string][],
    close: () => database.close(),
  };
}

export function postgresHand(client: pg.Client): HandDatabase {
  const run = async <T>(name: string, text: string, values: readonly unknown[]) => {
    const { rows } = await client.query({ name, text, values: [...values], rowMode: "array" });
    return rows as unknown[] as readonly T[];
  };
  const step = (before: string, node: string) =>
    `select e.${node}_type as type, e.${node}_id as id from crm.relationship e
      where e.${before}_id = r.id and e.${before}_type = r.type and ${isValid("$4::date")}`;
  // Only one part of a recursive query may name what it has reached.
  const walk = (direction: Direction) =>
    `with recursive reached (type, id, depth) as (
      select $1::text collate "C", $2::text collate "C", 0 union
      select n.type, n.id, r.depth + 1 from reached r cross join lateral (${step("from", "to")}
      ${direction === "both" ? `union all ${step("to", "from")}` : ""}) n where r.depth < $3::int) ${NEAREST}`;
  const next = (before: string, node: string) =>
    `select e.${node}_type, e.${node}_id from crm.relationship e where e.${before}_id = any($1::text[]) and ${isValid("$2::date")}`;
  const steps = `with recursive reached (type, id, depth, edge, before_type, before_id) as (
    select $1::text collate "C", $2::text collate "C", 0, null::uuid, null::text collate "C", null::text collate "C"
    union select e.to_type, e.to_id, r.depth + 1, e.id, r.type, r.id from reached r join crm.relationship e
      on e.from_id = r.id and e.from_type = r.type and ${isValid("$4::date")} where r.depth < $3::int) ${FIRST_STEPS}`;
  const level = `${next("from", "to")} union all ${next("to", "from")}`;
  const common = commonOf(["$1::text", "$2::text", "$3::text", "$4::text", "$5::date"], "crm.relationship");
  return {
    common: (a, b, day) =>
      run<[string, string, string]>("common", common, [a.entityType, a.id, b.entityType, b.id, day]),
    neighbours(direction) {
      const text = walk(direction);
      return (...values) => run<Found>(`walk ${direction}`, text, values);
    },
    steps: (...values) => run<FoundStep>("steps", steps, values),
    level: (ids, day) => run<[string, string]>("level", level, [ids, day]),
  };
}

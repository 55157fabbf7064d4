/** What the tests' factories do to schemas, as the superuser of the run's server. */
import { randomBytes } from "node:crypto";
import type { StorageSchema } from "@relata/core/adapter";
import pg from "pg";

export interface ServerAdministration {
  /** With its tables, and what refers to them. Does nothing when there is none. @throws when a session holds on to it for 10 seconds. */
  dropSchema(name: string): Promise<void>;
  /** What the schema has now, but for partitions: its tables, views and sequences. */
  relations(name: string): Promise<readonly Relation[]>;
  /** Deletes all rows of the tables, in one transaction, with no trigger and no check of references. */
  deleteRows(name: string, tables: readonly string[]): Promise<void>;
  /** A user who may do nothing yet. Returns the connection string with it. */
  createRole(name: string): Promise<string>;
  /** Lets a user read and write the rows of all tables that the superuser will create in the schema, which is created when it is not there. */
  allowRows(schema: string, role: string): Promise<void>;
  /** With all of its rights. */
  dropRole(name: string): Promise<void>;
  end(): Promise<void>;
}

export interface Relation {
  readonly name: string;
  /** How many columns it has or has had. */
  readonly columns: number;
  /** Whether it has, or has had, rows; true of a partitioned table, which has none itself. */
  readonly used: boolean;
}

export function administer(connectionString: string): ServerAdministration {
  const options = "-c lock_timeout=10s -c client_min_messages=warning";
  const pool = new pg.Pool({ connectionString, options, max: 2, allowExitOnIdle: true });
  pool.on("error", () => undefined);
  return {
    async dropSchema(name) {
      await pool.query(`drop schema if exists ${quote(name)} cascade`);
    },
    async relations(name) {
      const { rows } = await pool.query<Relation>(relationsOf, [name]);
      return rows;
    },
    async deleteRows(name, tables) {
      if (tables.length === 0) return;
      const deletes = tables.map((table) => `delete from ${quote(name)}.${quote(table)};`);
      // One message is one transaction.
      await pool.query(`set local session_replication_role = replica; ${deletes.join(" ")}`);
    },
    async createRole(name) {
      const password = randomBytes(16).toString("hex");
      await pool.query(`create role ${quote(name)} login password '${password}'`);
      const url = new URL(connectionString);
      url.username = name;
      url.password = password;
      return url.href;
    },
    async allowRows(schema, role) {
      const [place, user] = [quote(schema), quote(role)];
      await pool.query(`create schema if not exists ${place}; grant usage on schema ${place} to ${user};
        alter default privileges in schema ${place} grant select, insert, update, delete on tables to ${user}`);
    },
    async dropRole(name) {
      await pool.query(`drop owned by ${quote(name)}; drop role ${quote(name)}`);
    },
    end: () => pool.end(),
  };
}

/** A name that no other schema has: `t_<pid>_<random>`. */
export function newSchemaName(): string {
  return `t_${process.pid}_${randomBytes(5).toString("hex")}`;
}

/** A text that is equal for schemas of equal tables, whatever their order. */
export function shapeOf(schema: StorageSchema): string {
  const tables = [...schema.tables.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return JSON.stringify(tables, (_, value) => (typeof value === "bigint" ? `${value}n` : value));
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

const relationsOf = `
  select
    c.relname as name,
    c.relkind = 'p' or c.relkind = 'r' and coalesce(pg_relation_size(c.oid), 0) > 0 as used,
    c.relnatts as columns
  from pg_class c
  where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
    and not c.relispartition`;

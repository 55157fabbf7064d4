/** What partitions and their rules are called, and what the tables and rules are that these are parts of. */
import type { Lease } from "./postgres-pool.ts";

/** Names of the tables, indexes and foreign keys of partitions, to those of what they are a part of. */
export type PartitionNames = ReadonlyMap<string, string>;

/** Of the tables that are partitioned when it is asked. */
export async function readPartitionNames({ connection }: Lease, schema: string): Promise<PartitionNames> {
  const [answer] = await connection.send({ kind: "find", tenantId: undefined }, [{ text: NAMES, values: [schema] }]);
  return new Map(answer!.rows as [string, string][]);
}

/** A name as the schema knows it; one that is no part of anything stays. */
export function wholeName(names: PartitionNames, name: string | undefined): string | undefined {
  const part = name === undefined ? undefined : names.get(name);
  return part === undefined ? name : wholeName(names, part);
}

const NAMES = `
  select c.relname, p.relname
  from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
    join pg_catalog.pg_class p on p.oid = i.inhparent
    join pg_catalog.pg_namespace n on n.oid = p.relnamespace
  where n.nspname = $1 and c.relispartition
  union
  select k.conname, p.conname
  from pg_catalog.pg_constraint k join pg_catalog.pg_constraint p on p.oid = k.conparentid
    join pg_catalog.pg_namespace n on n.oid = p.connamespace
  where n.nspname = $1 and k.contype = 'f' and k.conname <> p.conname`;

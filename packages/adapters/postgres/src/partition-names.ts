/** Reads what partitions and their rules are called. */
import type { PartitionNames } from "./namespace.ts";
import type { Lease } from "./postgres-pool.ts";

/** Of the tables that are partitioned when it is asked. */
export async function readPartitionNames({ connection }: Lease, schema: string): Promise<PartitionNames> {
  const [answer] = await connection.send({ kind: "find", tenantId: undefined }, [{ text: NAMES, values: [schema] }]);
  return new Map(answer!.rows as [string, string][]);
}

// What follows from nothing being partitioned is decided before the constraints of the whole database are read.
const NAMES = `
  select c.relname, p.relname
  from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
    join pg_catalog.pg_class p on p.oid = i.inhparent
    join pg_catalog.pg_namespace n on n.oid = p.relnamespace
  where n.nspname = $1 and c.relispartition and exists (select from pg_catalog.pg_partitioned_table)
  union all
  select k.conname, p.conname
  from pg_catalog.pg_constraint k join pg_catalog.pg_constraint p on p.oid = k.conparentid
    join pg_catalog.pg_namespace n on n.oid = p.connamespace
  where n.nspname = $1 and k.contype = 'f' and k.conname <> p.conname
    and exists (select from pg_catalog.pg_partitioned_table)`;

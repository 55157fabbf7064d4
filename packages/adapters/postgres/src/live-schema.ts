/** The tables as they are in the database, read from its catalogs. */
import {
  CrmError,
  type ForeignKeySchema,
  type IndexSchema,
  type LiveColumn,
  type LiveSchema,
  type LiveTable,
  type StorageSchema,
} from "@relata/core/adapter";
import { type Namespace, placedName } from "./namespace.ts";
import { POLICIES, policyState } from "./policies.ts";
import type { Answer, Sent } from "./postgres-connection.ts";

/** What the comment of a column of the SDK's begins with; what the column stands for follows. */
export const MEANING = "relata: ";

export interface Expected {
  readonly schema: StorageSchema;
  /** Whether tables have the policies of row-level security. */
  readonly rowLevelSecurity: boolean;
}

/** `send` gives the answers to statements that are sent in one go. */
export async function readLiveSchema(
  send: (statements: readonly Sent[]) => Promise<readonly Answer[]>,
  namespace: Namespace,
  { schema, rowLevelSecurity }: Expected,
): Promise<LiveSchema> {
  const texts = [COLUMNS, RULES, INDEXES, POLICIES];
  const answers = await send(texts.map((text) => ({ text, values: [namespace.schema] })));
  const [columns, rules, indexes, policies] = answers.map(({ rows }) => rows as (string | null)[][]);
  const names = createNames(namespace, schema);
  const tables = new Map<string, TableParts>();
  /** By table and number, as rules and indexes name columns. */
  const numbered = new Map<string, string>();
  for (const [placed, number, name, type, notNull, hasDefault, comment] of columns!) {
    const table = names.table(placed!);
    if (table === undefined) continue;
    const meaning = comment?.startsWith(MEANING) ? comment.slice(MEANING.length) : undefined;
    numbered.set(`${table} ${number}`, name!);
    partsOf(tables, table).columns.set(name!, {
      type: type!,
      nullable: notNull === "f",
      hasDefault: hasDefault === "t",
      ...(meaning === undefined ? {} : { meaning }),
    });
  }
  for (const [placed, number, definition, target] of rules!) {
    const table = names.table(placed!);
    const column = numbered.get(`${table} ${number}`);
    if (table === undefined || column === undefined) continue;
    const { columns, foreignKeys } = partsOf(tables, table);
    const to = target === null ? undefined : names.table(target!);
    if (to !== undefined) foreignKeys.push({ column, target: to });
    if (definition !== null) columns.set(column, { ...columns.get(column)!, values: listedValues(definition!) });
  }
  for (const [placed, placedIndex, unique, numbers] of indexes!) {
    const table = names.table(placed!) ?? "";
    const name = names.index(placedIndex!);
    const columns = numbers!.split(" ").map((number) => numbered.get(`${table} ${number}`)!);
    tables.get(table)?.indexes.set(name, { name, unique: unique === "t", columns });
  }
  const protectedTables = new Map(policies!.map((found) => [names.table(found[0]!), found]));
  for (const [name, table] of tables) {
    const state = policyState(protectedTables.get(name), rowLevelSecurity);
    if (state) table.policies = state;
  }
  refuseForeign(tables, schema, namespace);
  return { tables: new Map([...tables].filter(([name, table]) => schema.tables.has(name) || isOurs(table))) };
}

interface TableParts extends LiveTable {
  policies?: "missing" | "left over";
  readonly columns: Map<string, LiveColumn>;
  readonly indexes: Map<string, IndexSchema>;
  readonly foreignKeys: ForeignKeySchema[];
}

function partsOf(tables: Map<string, TableParts>, name: string): TableParts {
  const parts = tables.get(name) ?? { columns: new Map(), indexes: new Map(), foreignKeys: [] };
  tables.set(name, parts);
  return parts;
}

/** By the columns that all tables of the SDK begin with. */
function isOurs({ columns }: LiveTable): boolean {
  return [...columns.keys()].slice(0, 3).join() === "tenant_id,id,version";
}

/** @throws `schema_mismatch` for a table that is in the way. */
function refuseForeign(tables: ReadonlyMap<string, TableParts>, schema: StorageSchema, namespace: Namespace): void {
  for (const [name, table] of tables) {
    const declared = schema.tables.get(name);
    if (!declared || isOurs(table)) continue;
    const place = `${namespace.schema}.${placedName(namespace, name)}`;
    throw new CrmError(
      "schema_mismatch",
      `There is a table "${place}" already, which is not one of the CRM's. Give postgres() another schema or a prefix, or rename that table. It was left as it is.`,
      { details: { entity: declared.entity, table: place } },
    );
  }
}

/** From the names in the database to those of the schema. Of long names only what is declared is known. */
function createNames(namespace: Namespace, { tables }: StorageSchema) {
  const placed = (names: Iterable<string>) => new Map([...names].map((name) => [placedName(namespace, name), name]));
  const known = placed(tables.keys());
  const knownIndexes = placed([...tables.values()].flatMap(({ indexes }) => indexes.map(({ name }) => name)));
  const bare = (name: string) => (name.startsWith(namespace.prefix) ? name.slice(namespace.prefix.length) : undefined);
  return {
    table: (name: string) => known.get(name) ?? bare(name),
    index: (name: string) => knownIndexes.get(name) ?? bare(name) ?? name,
  };
}

// Each is asked whenever a CRM is opened, of thousands of rows: none has a query of its own for each row.
const COLUMNS = `
  select c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef, d.description
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    join pg_catalog.pg_attribute a on a.attrelid = c.oid
    left join pg_catalog.pg_description d
      on d.objoid = c.oid and d.classoid = 'pg_catalog.pg_class'::regclass and d.objsubid = a.attnum
  where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attnum`;

/** The checks of one column, and the references: of their two columns, the tenant's and the reference, the second. */
const RULES = `
  select c.relname, k.conkey[cardinality(k.conkey)],
    case k.contype when 'c' then pg_get_constraintdef(k.oid) end, t.relname
  from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join pg_catalog.pg_class t on t.oid = k.confrelid and t.relnamespace = n.oid
  where n.nspname = $1 and k.conparentid = 0
    and (k.contype = 'c' and cardinality(k.conkey) = 1 or k.contype = 'f' and cardinality(k.conkey) = 2)
  order by k.oid`;

/** Those that a statement can use: one whose making was interrupted is none. */
const INDEXES = `
  select c.relname, i.relname, x.indisunique, x.indkey::text
  from pg_catalog.pg_index x join pg_catalog.pg_class i on i.oid = x.indexrelid
    join pg_catalog.pg_class c on c.oid = x.indrelid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and not x.indisprimary and x.indisvalid and x.indexprs is null and x.indpred is null`;

/** The texts in the definition of a check, as PostgreSQL writes it: \`ARRAY['a'::text, E'b\\\\c'::text]\`. */
function listedValues(definition: string): readonly string[] {
  return [...definition.matchAll(/(E)?'((?:[^']|'')*)'/g)].map(([, escaped, text = ""]) => {
    const plain = text.replaceAll("''", "'");
    return escaped ? plain.replaceAll("\\\\", "\\") : plain;
  });
}

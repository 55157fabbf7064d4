/** From a FindQuery to its statement and those of its includes. */
import type { FindQuery, StorageSchema } from "@relata/core/adapter";
import { type Kysely, sql } from "kysely";
import { afterCondition, orderBy, orderedRanges, orderTermsOf } from "./compile-order.ts";
import { compileWhere } from "./compile-predicate.ts";
import { createScope, type Source } from "./source.ts";
import type { SqlDialect } from "./sql-dialect.ts";
import { compileStatement, type Fragment, keysSlot, paramSlot, type Statement } from "./statement.ts";

export interface Compiler {
  readonly schema: StorageSchema;
  readonly dialect: SqlDialect;
  readonly kysely: Kysely<unknown>;
}

export interface CompiledFind {
  readonly statement: Statement;
  /** Makes values of what the driver gave, in the row itself. */
  decode(row: unknown[]): void;
  readonly includes: readonly CompiledInclude[];
}

/** `local` and `foreign` are positions in the parent's and the child's rows. */
export interface CompiledInclude {
  readonly cardinality: "one" | "many";
  readonly local: number;
  readonly foreign: number;
  readonly find: CompiledFind;
}

export function compileFind(compiler: Compiler, query: FindQuery): CompiledFind {
  return compiled(compiler, query, rootFragment(compiler, query));
}

function compiled(compiler: Compiler, query: FindQuery, fragment: Fragment): CompiledFind {
  const source = createScope(compiler.schema).source(query.table);
  const decoders = query.columns.flatMap((column, index) => {
    const decode = compiler.dialect.decoder(source.schemaOf(column).kind);
    return decode ? [{ index, decode }] : [];
  });
  return {
    statement: compileStatement(compiler.kysely, fragment),
    decode(row) {
      for (const { index, decode } of decoders) {
        if (row[index] !== null) row[index] = decode(row[index]);
      }
    },
    includes: query.include.map((include) => ({
      cardinality: include.cardinality,
      local: query.columns.indexOf(include.local),
      foreign: include.query.columns.indexOf(include.foreign),
      find: compiled(compiler, include.query, includeFragment(compiler, include.query, include.foreign)),
    })),
  };
}

function rootFragment(compiler: Compiler, query: FindQuery): Fragment {
  // SQLite compiles a statement anew for each value that it finds bare behind `limit`.
  const limit = query.limit === undefined ? sql`` : sql` limit ${paramSlot(query.limit)} + 0`;
  const [range = sql``, ...others] = rangeFragments(compiler, query);
  if (others.length === 0) return sql`${range}${limit}`;
  // An arm is entered only while the limit is not reached, and the second only after the first.
  const arms = [range, ...others].map((arm) => sql`select * from (${arm}${limit})`);
  return sql`${sql.join(arms, sql` union all `)}${limit}`;
}

function rangeFragments({ schema, dialect }: Compiler, query: FindQuery): readonly Fragment[] {
  const scope = createScope(schema);
  const source = scope.source(query.table);
  const where = compileWhere({ dialect, scope }, source, query.where);
  return orderedRanges(query, source).map(({ conditions, terms }) => {
    return sql`select ${columns(dialect, source, query)} ${source.from([...where, ...conditions])}${orderBy(dialect, terms)}`;
  });
}

/** The rows of all parents at once; with a limit, the first ones of each. */
function includeFragment(compiler: Compiler, query: FindQuery, foreign: string): Fragment {
  const { dialect } = compiler;
  const scope = createScope(compiler.schema);
  const source = scope.source(query.table);
  const terms = orderTermsOf(query, source);
  const conditions = [
    dialect.inList(source.column(foreign), keysSlot),
    ...compileWhere({ dialect, scope }, source, query.where),
    ...(query.after ? [afterCondition(terms, query.after)] : []),
  ];
  const from = source.from(conditions);
  if (query.limit === undefined)
    return sql`select ${columns(dialect, source, query)} ${from}${orderBy(dialect, terms)}`;

  const names = query.columns.map((_, index) => sql.id(`c${index}`));
  const named = sql.join(
    query.columns.map((column, index) => sql`${readColumn(dialect, source, column)} as ${names[index]}`),
  );
  const place = sql`row_number() over (partition by ${source.column(foreign)}${orderBy(dialect, terms)})`;
  return sql`select ${sql.join(names)} from (select ${named}, ${place} as ${sql.id("place")} ${from}) as ${sql.id("placed")} where ${sql.id("place")} <= ${paramSlot(query.limit)} order by ${sql.id("place")}`;
}

function columns(dialect: SqlDialect, source: Source, query: FindQuery): Fragment {
  return sql`${sql.join(query.columns.map((column) => readColumn(dialect, source, column)))}`;
}

function readColumn(dialect: SqlDialect, source: Source, column: string): Fragment {
  return dialect.read(source.schemaOf(column).kind, source.column(column));
}

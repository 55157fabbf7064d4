/** From a FindQuery to its statement and those of its includes. */
import { type FindQuery, findForbidden, type Param, type WriteStep } from "@relata/core/adapter";
import { sql } from "kysely";
import { afterCondition, orderBy, orderedRanges, orderTermsOf } from "./compile-order.ts";
import { compileWhere } from "./compile-predicate.ts";
import type { Compiler } from "./compiler.ts";
import type { Conversation, RawRows } from "./conversation.ts";
import { nestedColumns, nestedDecoder, nests } from "./nest-includes.ts";
import { readPast } from "./read-past.ts";
import { shiftParams } from "./shift-params.ts";
import { createScope, type Part, type Scope, type Source } from "./source.ts";
import type { SqlDialect } from "./sql-dialect.ts";
import {
  compileStatement,
  type Fragment,
  keysSlot,
  named,
  paramSlot,
  type Statement,
  type Values,
} from "./statement.ts";

export interface CompiledFind {
  /** The rows, decoded, without their includes: of one statement, or of several. */
  readonly read: ReadRows | ((values: Values) => Conversation<RawRows>);
  readonly includes: readonly CompiledInclude[];
}

export interface ReadRows {
  readonly statement: Statement;
  /** Makes values of what the driver gave, in the row itself. */
  decode(row: unknown[]): void;
}

/** `local` and `foreign` are positions in the parent's and the child's rows. */
export interface CompiledInclude {
  readonly cardinality: "one" | "many";
  readonly local: number;
  readonly foreign: number;
  readonly find: CompiledFind;
}

export function compileFind(compiler: Compiler, query: FindQuery): CompiledFind {
  return compileLevel({ ...compiler, asOf: query.asOf, nests: nests(compiler.dialect, query) }, query);
}

/** The ids of the rows that a step forbids, as a part of a statement whose parameters for it begin at `first`. */
export function compileForbidden(
  compiler: Compiler,
  step: Extract<WriteStep, { readonly kind: "forbid" }>,
  first: number,
): Fragment {
  const { query } = findForbidden(step);
  const limit = query.limit! + first;
  return rootFragment(
    { ...compiler, asOf: undefined, nests: false },
    { ...query, where: shiftParams(query.where, first), limit },
  );
}

/** Both are those of the outermost query. */
interface Context extends Compiler {
  readonly asOf: Param | undefined;
  readonly nests: boolean;
}

/** @param foreign the column that must have one of the keys of the parents: for the query of an include */
function compileLevel(context: Context, query: FindQuery, foreign?: string): CompiledFind {
  const fragment = (wanted: FindQuery, part?: Part) =>
    foreign === undefined ? rootFragment(context, wanted, part) : includeFragment(context, wanted, { foreign, part });
  if (context.nests) {
    const statement = compileStatement(context.kysely, fragment(query));
    return { read: { statement, decode: createNestedDecode(context, query) }, includes: [] };
  }
  return {
    read:
      context.asOf === undefined
        ? { statement: compileStatement(context.kysely, fragment(query)), decode: createDecode(context, query) }
        : readPast(
            { ...context, asOf: context.asOf },
            { query, foreign, fragment, decoding: (wanted) => createDecode(context, wanted) },
          ),
    includes: query.include.map((include) => ({
      cardinality: include.cardinality,
      local: query.columns.indexOf(include.local),
      foreign: include.query.columns.indexOf(include.foreign),
      find: compileLevel(context, include.query, include.foreign),
    })),
  };
}

function createDecode({ schema, dialect }: Compiler, query: FindQuery): (row: unknown[]) => void {
  const source = createScope({ schema, dialect }).source(query.table);
  const decoders = query.columns.flatMap((column, index) => {
    const decode = dialect.decoder(source.schemaOf(column).kind);
    return decode ? [{ index, decode }] : [];
  });
  return (row) => {
    for (const { index, decode } of decoders) {
      if (row[index] !== null) row[index] = decode(row[index]);
    }
  };
}

/** As `createDecode`, with the related rows that stand in the columns behind. */
function createNestedDecode(compiler: Compiler, query: FindQuery): (row: unknown[]) => void {
  const decode = createDecode(compiler, query);
  const width = query.columns.length;
  const decoders = query.include.map((include) => nestedDecoder(compiler, include));
  return (row) => {
    decode(row);
    for (const [i, nested] of decoders.entries()) row[width + i] = nested(JSON.parse(row[width + i] as string));
  };
}

function rootFragment(context: Context, query: FindQuery, part?: Part): Fragment {
  const limit = query.limit === undefined ? sql`` : sql` ${context.dialect.limit(paramSlot(query.limit))}`;
  const lock = query.lock === undefined ? sql`` : sql` ${context.dialect.locks[query.lock]}`;
  const [range = sql``, ...others] = rangeFragments(context, query, part);
  if (others.length === 0) return sql`${range}${limit}${lock}`;
  // An arm is entered only while the limit is not reached, and the second only after the first.
  const arms = [range, ...others].map((arm, i) => sql`select * from (${arm}${limit}${lock}) as ${sql.id(`r${i}`)}`);
  return sql`${sql.join(arms, sql` union all `)}${limit}`;
}

function rangeFragments(context: Context, query: FindQuery, part?: Part): readonly Fragment[] {
  const { dialect } = context;
  const { scope, source } = sourceOf(context, query, part);
  const where = compileWhere({ dialect, scope }, source, query.where);
  return orderedRanges(dialect, query, source).map(({ conditions, terms }) => {
    // The bound of the page stands first: of several on one column, databases seek by that one.
    return sql`select ${columns(context, { scope, source }, query)} ${source.from([...conditions, ...where])}${orderBy(dialect, terms)}`;
  });
}

/** The rows of all parents at once; with a limit, the first ones of each. */
function includeFragment(
  context: Context,
  query: FindQuery,
  { foreign, part }: { readonly foreign: string; readonly part: Part | undefined },
): Fragment {
  const { dialect } = context;
  const { scope, source } = sourceOf(context, query, part);
  const terms = orderTermsOf(query, source);
  const conditions = [
    dialect.inList(source.column(foreign), keysSlot),
    ...compileWhere({ dialect, scope }, source, query.where),
    ...(query.after ? [afterCondition(terms, query.after)] : []),
  ];
  const from = source.from(conditions);
  if (query.limit === undefined)
    return sql`select ${columns(context, { scope, source }, query)} ${from}${orderBy(dialect, terms)}`;

  const names = query.columns.map((_, index) => sql.id(`c${index}`));
  const place = sql`row_number() over (partition by ${source.column(foreign)}${orderBy(dialect, terms)})`;
  return sql`select ${sql.join(names)} from (select ${columns(context, { scope, source }, query)}, ${place} as ${sql.id("place")} ${from}) as ${sql.id("placed")} where ${sql.id("place")} <= ${paramSlot(query.limit)} order by ${sql.id("place")}`;
}

function sourceOf(context: Context, query: FindQuery, part?: Part) {
  const scope = createScope(context, context.asOf);
  return { scope, source: part ? scope.part(query.table, part) : scope.source(query.table) };
}

function columns(
  context: Context,
  { scope, source }: { readonly scope: Scope; readonly source: Source },
  query: FindQuery,
): Fragment {
  const { dialect } = context;
  const own = query.columns.map((column) => readColumn(dialect, source, column));
  const nested = context.nests ? nestedColumns({ ...context, scope }, source, query) : [];
  const texts = nested.map((value) => dialect.read("json", value));
  return sql`${sql.join([...own, ...texts].map(named))}`;
}

function readColumn(dialect: SqlDialect, source: Source, column: string): Fragment {
  return dialect.read(source.schemaOf(column).kind, source.column(column));
}

/** Related rows as columns of the statement that finds their parents, for databases that can make one value of many rows. */
import type { FindQuery, IncludeQuery, RowElement } from "@relata/core/adapter";
import { sql } from "kysely";
import { afterCondition, orderBy, orderTermsOf } from "./compile-order.ts";
import { compileWhere } from "./compile-predicate.ts";
import type { Compiler } from "./compiler.ts";
import { createScope, type Scope, type Source } from "./source.ts";
import type { SqlDialect } from "./sql-dialect.ts";
import { type Fragment, paramSlot } from "./statement.ts";

interface Context extends Compiler {
  readonly scope: Scope;
}

/** Whether the related rows of a query are columns of its statement. */
export function nests({ nested }: SqlDialect, query: FindQuery): boolean {
  return nested !== undefined && query.asOf === undefined && nested.applies(query);
}

/** One value for each include of a query whose rows are those of `parent`, in order. */
export function nestedColumns(context: Context, parent: Source, query: FindQuery): readonly Fragment[] {
  return query.include.map((include) => nestedColumn(context, parent, include));
}

function nestedColumn(context: Context, parent: Source, include: IncludeQuery): Fragment {
  const { dialect, scope } = context;
  const { query, cardinality } = include;
  const source = scope.source(query.table);
  const terms = orderTermsOf(query, source);
  const conditions = [
    sql`${source.column(include.foreign)} = ${parent.column(include.local)}`,
    ...compileWhere({ dialect, scope }, source, query.where),
    ...(query.after ? [afterCondition(terms, query.after)] : []),
  ];
  const values = [
    ...query.columns.map((column) => dialect.read(source.schemaOf(column).kind, source.column(column))),
    ...nestedColumns(context, source, query),
  ];
  const alias = sql.id(scope.name());
  const names = values.map((_, place) => sql.id(`v${place}`));
  const selected = sql.join(values.map((value, place) => sql`${value} as ${names[place]}`));
  const limit =
    cardinality === "one"
      ? sql` limit 1`
      : query.limit === undefined
        ? sql``
        : sql` ${dialect.limit(paramSlot(query.limit))}`;
  const rows = sql`(select ${selected} ${source.from(conditions)}${orderBy(dialect, terms)}${limit}) as ${alias}`;
  const members = names.map((name, place) => (place < query.columns.length ? name : dialect.nested!.member(name)));
  return dialect.nested![cardinality](members, rows);
}

/** Makes values of the related rows that a nested column holds, which are lists of what the driver would give. */
export function nestedDecoder(
  { schema, dialect }: Compiler,
  { query, cardinality }: IncludeQuery,
): (raw: unknown) => RowElement {
  const source = createScope({ schema, dialect }).source(query.table);
  const decoders = [
    ...query.columns.map((column) => dialect.decoder(source.schemaOf(column).kind)),
    ...query.include.map((include) => nestedDecoder({ schema, dialect } as Compiler, include)),
  ];
  const width = query.columns.length;
  const decodeRow = (row: unknown[]): RowElement[] =>
    row.map((value, place) => {
      const decode = decoders[place];
      return decode && (place >= width || value !== null) ? decode(value) : (value as RowElement);
    });
  if (cardinality === "one") return (row) => (row === null ? null : decodeRow(row as unknown[]));
  return (rows) => (rows === null ? [] : (rows as unknown[][]).map(decodeRow));
}

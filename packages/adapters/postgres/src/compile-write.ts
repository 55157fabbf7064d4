/** From steps that do not touch each other's tables to one statement, which writes all of them or, where a guard fails, none. */
import {
  type ColumnSchema,
  CrmError,
  findForbidden,
  type StorageSchema,
  type TableSchema,
  type WriteStep,
} from "@relata/core/adapter";
import {
  type Compiler,
  compileForbidden,
  compileStatement,
  type Fragment,
  lastingColumns,
  paramSlot,
  prefixEnd,
  type Statement,
  tenantSlot,
} from "@relata/sql";
import { sql } from "kysely";
import { fingerprint } from "./namespace.ts";
import { columnType } from "./postgres-dialect.ts";

/** What distinguishes the statements of steps; their values do not, nor how many rows they have beyond one. */
export type WriteShapes = (steps: readonly WriteStep[]) => string;

/** What is inserted and what is forbidden is told by name once: core keeps the columns and the conditions, and gives the same ones again. */
export function createWriteShapes(): WriteShapes {
  const texts = new WeakMap<object, string>();
  const textOf = (part: object) => {
    let text = texts.get(part);
    if (text === undefined) {
      text = fingerprint(JSON.stringify(part));
      texts.set(part, text);
    }
    return text;
  };
  const shapeOf = (step: WriteStep): string => {
    switch (step.kind) {
      case "insert":
        return `insert ${step.table} ${isMany(step)} ${textOf(step.columns)}`;
      case "update":
        return `update ${step.table} ${isMany(step)} ${keepsVersions(step)} ${step.columns.join()}`;
      case "delete":
        return `delete ${step.table} ${isMany(step)} ${keepsVersions(step)}`;
      case "rebase":
        return `rebase ${step.table} ${step.column}`;
      case "erase":
        return `erase ${step.table}`;
      case "forbid":
        return `forbid ${step.table} ${step.params.length} ${textOf(step.where)}`;
    }
  };
  return (steps) => steps.map(shapeOf).join(";");
}

/** The values that the statement of these steps is run with, as parameters of one query. A column of many rows is one list. */
export function writeParams(steps: readonly WriteStep[]): readonly unknown[] {
  return steps.flatMap(stepParams);
}

function stepParams(step: WriteStep): readonly unknown[] {
  switch (step.kind) {
    case "insert":
      return isMany(step) ? columnsOf(step.rows, step.columns.length) : step.rows[0]!;
    case "update":
    case "delete": {
      const { rows, endedBy = null } = step;
      const values = step.kind === "update" ? step.rows.map((row) => row.values) : [];
      const width = step.kind === "update" ? step.columns.length : 0;
      if (!isMany(step)) {
        const [row] = rows;
        return [row!.id, row!.version, row!.endedAt ?? null, endedBy, ...(values[0] ?? [])];
      }
      return [
        rows.map(({ id }) => id),
        rows.map(({ version }) => version),
        rows.map(({ endedAt }) => endedAt ?? null),
        endedBy,
        ...columnsOf(values, width),
      ];
    }
    case "rebase":
      return [step.from, prefixEnd(step.from) ?? null, step.to, step.from.length + 1, step.limit];
    case "erase":
      return [step.ids];
    case "forbid":
      return findForbidden(step).params;
  }
}

/** Its rows tell which steps have failed, by their place, and of which ids: none where all was written. */
export function compileWrite(compiler: Compiler, steps: readonly WriteStep[]): Statement {
  const guarded = steps.filter(({ kind }) => kind === "update" || kind === "delete" || kind === "forbid");
  const failed = sql.id("failed");
  const [only] = steps;
  const alone = steps.length === 1 && only?.kind === "insert";
  const gate = guarded.length === 0 ? undefined : sql`not exists (select 1 from ${failed})`;
  const parts: StepParts[] = [];
  let first = 0;
  for (const [place, step] of steps.entries()) {
    parts.push(stepParts({ compiler, place, first, gate }, step));
    first += paramCount(step);
  }
  if (alone) return compileStatement(compiler.kysely, parts[0]!.writes[0]!.body);

  const failures = parts.flatMap((part, place) =>
    part.failures ? [sql`(select ${sql.lit(place)} as ${sql.id("step")}, ${part.failures})`] : [],
  );
  const ctes = [
    ...parts.flatMap(({ reads }) => reads),
    ...(failures.length === 0 ? [] : [{ name: failed, body: sql.join(failures, sql` union all `) }]),
    // PostgreSQL carries out those that nothing reads from the last to the first: in this order their failures come as the steps do.
    ...parts.flatMap(({ writes }) => writes).reverse(),
  ].map(({ name, body }) => sql`${name} as (${body})`);
  const told = failures.length === 0 ? sql`select 1 where false` : sql`select * from ${failed}`;
  return compileStatement(compiler.kysely, sql`with ${sql.join(ctes)} ${told}`);
}

interface Cte {
  readonly name: Fragment;
  readonly body: Fragment;
}

interface StepParts {
  readonly reads: readonly Cte[];
  /** What to select, and from where, of the ids that fail. */
  readonly failures: Fragment | undefined;
  readonly writes: readonly Cte[];
}

interface StepContext {
  readonly compiler: Compiler;
  readonly place: number;
  /** Where the step's parameters begin. */
  readonly first: number;
  /** True where no guard has failed; absent where there is none. */
  readonly gate: Fragment | undefined;
}

function stepParts(context: StepContext, step: WriteStep): StepParts {
  switch (step.kind) {
    case "insert":
      return { reads: [], failures: undefined, writes: [insertPart(context, step)] };
    case "update":
    case "delete":
      return guardedParts(context, step);
    case "rebase":
      return { reads: [], failures: undefined, writes: [rebasePart(context, step)] };
    case "erase":
      return { reads: [], failures: undefined, writes: [erasePart(context, step)] };
    case "forbid": {
      const found = sql.id(`f${context.place}`);
      const body = compileForbidden(context.compiler, step, context.first);
      return {
        reads: [{ name: found, body }],
        failures: sql`${sql.id("c0")} as ${sql.id("id")} from ${found}`,
        writes: [],
      };
    }
  }
}

function insertPart(
  { compiler, place, first, gate }: StepContext,
  step: Extract<WriteStep, { readonly kind: "insert" }>,
): Cte {
  const table = tableNamed(compiler.schema, step.table);
  const columns = step.columns.map((name) => columnNamed(table, name));
  const names = sql.join([sql.id("tenant_id"), ...columns.map(({ name }) => sql.id(name))]);
  const into = sql`insert into ${compiler.dialect.table(table.name)} (${names})`;
  const where = gate ? sql` where ${gate}` : sql``;
  const name = sql.id(`w${place}`);
  if (isMany(step)) {
    const rows = sql.id("r");
    const values = columns.map((_, i) => sql.id("r", `c${i}`));
    return {
      name,
      body: sql`${into} select ${sql.join([sql`${tenantSlot}::text`, ...values])} from ${unnested(columns, first)} as ${rows} (${sql.join(columns.map((_, i) => sql.id(`c${i}`)))})${where}`,
    };
  }
  const values = [sql`${tenantSlot}::text`, ...columns.map((column, i) => cast(column, first + i))];
  return {
    name,
    body: gate ? sql`${into} select ${sql.join(values)}${where}` : sql`${into} values (${sql.join(values)})`,
  };
}

const NUMBER: ColumnLike = { kind: "integer" };
const TEXT: ColumnLike = { kind: "text" };

/** Rows are locked, in the order of their ids, before they are compared with what is expected: nobody else supersedes them meanwhile. */
function guardedParts(
  { compiler, place, first, gate }: StepContext,
  step: Extract<WriteStep, { readonly kind: "update" | "delete" }>,
): StepParts {
  const { dialect, schema } = compiler;
  const table = tableNamed(schema, step.table);
  const id = columnNamed(table, "id");
  const columns = step.kind === "update" ? step.columns.map((name) => columnNamed(table, name)) : [];
  const target = dialect.table(table.name);
  const [wanted, old] = [sql.id(`i${place}`), sql.id(`o${place}`)];
  const many = isMany(step);
  const fields = ["id", "version", "ended_at", ...columns.map((_, i) => `c${i}`)];
  const ofRow = (name: string, param: number, column: ColumnLike) =>
    sql`${cast(column, first + param)} as ${sql.id(name)}`;
  const input = many
    ? sql`select * from ${sql`unnest(${sql.join([
        list(id, first),
        list(NUMBER, first + 1),
        list(NUMBER, first + 2),
        ...columns.map((column, i) => list(column, first + 4 + i)),
      ])})`} as ${sql.id("r")} (${sql.join(fields.map((name) => sql.id(name)))})`
    : sql`select ${sql.join([
        ofRow("id", 0, id),
        ofRow("version", 1, NUMBER),
        ofRow("ended_at", 2, NUMBER),
        ...columns.map((column, i) => ofRow(`c${i}`, 4 + i, column)),
      ])}`;
  const t = (name: string) => sql.id("t", name);
  const i = (name: string) => sql.id("i", name);
  const match = sql`${t("tenant_id")} = ${tenantSlot} and ${t("id")} = ${i("id")} and ${t("version")} = ${i("version")}`;
  const lasting = lastingColumns(table);
  const strength = sql.raw(step.kind === "update" ? "for no key update" : "for update");
  const history = keepsVersions(step) ? table.history : undefined;
  const kept = sql.join(history === undefined ? [t("id")] : lasting.map(({ name }) => t(name)));
  const reads: Cte[] = [
    { name: wanted, body: input },
    {
      name: old,
      body: sql`select ${kept} from ${target} as ${sql.id("t")} join ${wanted} as ${sql.id("i")} on ${match} order by ${t("id")} ${strength} of ${sql.id("t")}`,
    },
  ];
  const failures = sql`${i("id")}::text as ${sql.id("id")} from ${wanted} as ${sql.id("i")} where not exists (select 1 from ${old} as ${sql.id("o")} where ${sql.id("o", "id")} = ${i("id")})`;
  const go = gate ? sql` and ${gate}` : sql``;
  const writes: Cte[] = [];
  if (history !== undefined) {
    const into = dialect.table(tableNamed(schema, history).name);
    const names = lasting.map(({ name }) => sql.id(name));
    const values = lasting.map(({ name }) => sql.id("o", name));
    writes.push({
      name: sql.id(`h${place}`),
      body: sql`insert into ${into} (${sql.join([sql.id("ended_at"), sql.id("ended_by"), ...names])}) select ${sql.join([i("ended_at"), sql`${paramSlot(first + 3)}::text`, ...values])} from ${old} as ${sql.id("o")} join ${wanted} as ${sql.id("i")} on ${i("id")} = ${sql.id("o", "id")} where ${i("ended_at")} is not null${go}`,
    });
  }
  const name = sql.id(`w${place}`);
  if (step.kind === "delete") {
    writes.push({
      name,
      body: sql`delete from ${target} as ${sql.id("t")} using ${wanted} as ${sql.id("i")} where ${match}${go}`,
    });
  } else {
    const set = sql.join(columns.map((column, at) => sql`${sql.id(column.name)} = ${i(`c${at}`)}`));
    writes.push({
      name,
      body: sql`update ${target} as ${sql.id("t")} set ${set} from ${wanted} as ${sql.id("i")} where ${match}${go}`,
    });
  }
  return { reads, failures, writes };
}

function erasePart(
  { compiler, place, first, gate }: StepContext,
  step: Extract<WriteStep, { readonly kind: "erase" }>,
): Cte {
  const table = tableNamed(compiler.schema, step.table);
  const go = gate ? sql` and ${gate}` : sql``;
  return {
    name: sql.id(`w${place}`),
    body: sql`delete from ${compiler.dialect.table(table.name)} where ${sql.id("tenant_id")} = ${tenantSlot} and ${sql.id("id")} = any(${list(columnNamed(table, "id"), first)})${go}`,
  };
}

function rebasePart(
  { compiler, place, first, gate }: StepContext,
  step: Extract<WriteStep, { readonly kind: "rebase" }>,
): Cte {
  const text = sql.id(columnNamed(tableNamed(compiler.schema, step.table), step.column).name);
  const [from, end, to, rest, limit] = [TEXT, TEXT, TEXT, NUMBER, NUMBER].map((kind, i) => cast(kind, first + i));
  const rebased = sql`${to} || substr(${text}, ${rest}::int)`;
  const go = gate ? sql` and ${gate}` : sql``;
  return {
    name: sql.id(`w${place}`),
    body: sql`update ${compiler.dialect.table(step.table)} set ${text} = case when length(${rebased}) >= ${limit} then left(${rebased}, ${limit}::int - 1) || '*' else ${rebased} end where ${sql.id("tenant_id")} = ${tenantSlot} and ${text} >= ${from} and (${end} is null or ${text} < ${end})${go}`,
  };
}

type ColumnLike = Pick<ColumnSchema, "kind">;

function cast(column: ColumnLike, param: number): Fragment {
  return sql`${paramSlot(param)}::${sql.raw(columnType(column))}`;
}

function list(column: ColumnLike, param: number): Fragment {
  return sql`${paramSlot(param)}::${sql.raw(columnType(column))}[]`;
}

function unnested(columns: readonly ColumnLike[], first: number): Fragment {
  return sql`unnest(${sql.join(columns.map((column, i) => list(column, first + i)))})`;
}

function paramCount(step: WriteStep): number {
  return stepParams(step).length;
}

function isMany(step: Exclude<WriteStep, { readonly kind: "forbid" | "erase" | "rebase" }>): boolean {
  return step.rows.length !== 1;
}

function keepsVersions(step: Extract<WriteStep, { readonly kind: "update" | "delete" }>): boolean {
  return step.rows.some(({ endedAt }) => endedAt !== undefined);
}

function columnsOf(rows: readonly (readonly unknown[])[], width: number): readonly (readonly unknown[])[] {
  return Array.from({ length: width }, (_, i) => rows.map((row) => row[i]));
}

function tableNamed({ tables }: StorageSchema, name: string): TableSchema {
  const table = tables.get(name);
  if (!table) throw new CrmError("invalid_query", `There is no table "${name}" in the schema.`);
  return table;
}

function columnNamed(table: TableSchema, name: string): ColumnSchema {
  const column = table.columns.find((each) => each.name === name);
  if (!column) throw new CrmError("invalid_query", `The table "${table.name}" has no column "${name}".`);
  return column;
}

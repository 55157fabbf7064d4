/** Queries and writes as statements, each shape compiled once. */
import {
  type AggregateQuery,
  type Bindings,
  CrmError,
  type FindQuery,
  findForbidden,
  type Predicate,
  type Row,
  type TraverseQuery,
  traverseByLevels,
  type WriteStep,
} from "@relata/core/adapter";
import { type CompiledAggregate, compileAggregate } from "./compile-aggregate.ts";
import { type CompiledFind, compileFind } from "./compile-find.ts";
import { compileTenants } from "./compile-tenants.ts";
import { type ChangingStep, type CompiledWrite, compileWrite, writeShape } from "./compile-write.ts";
import type { Compiler } from "./compiler.ts";
import type { Conversation, RawRows } from "./conversation.ts";
import { findRows } from "./load-includes.ts";
import { createLru } from "./lru.ts";
import { createKysely, type Statement } from "./statement.ts";

export interface SqlEngine {
  readonly compiler: Compiler;
  find(query: FindQuery, bindings: Bindings): Conversation<readonly Row[]>;
  aggregate(query: AggregateQuery, bindings: Bindings): Conversation<readonly Row[]>;
  traverse(query: TraverseQuery, bindings: Bindings): Conversation<readonly Row[]>;
  /** Whether `traverse` is one statement. */
  walksAtOnce(query: TraverseQuery, bindings: Bindings): boolean;
  write(step: ChangingStep): CompiledWrite;
  /** The ids of rows that the step forbids, the first ones. */
  forbidden(tenantId: string, step: Exclude<WriteStep, ChangingStep>): Conversation<readonly string[]>;
  /** The tenants that have rows in the table. */
  tenants(table: string): Conversation<readonly string[]>;
}

export interface SqlEngineOptions extends Omit<Compiler, "kysely"> {
  /** Where it is absent, and for other walks than it can do, there is a statement for each level and direction. */
  readonly walk?: WalkForm;
}

/** A walk of so many levels at most, without an end and of the present, as one statement, whose rows `read` makes those of the contract. */
export interface WalkForm {
  readonly mostLevels: number;
  compile(compiler: Compiler, query: TraverseQuery): Statement;
  read(query: TraverseQuery, rows: RawRows): readonly Row[];
}

/** Queries are kept as long as core keeps them; the shapes of steps are few, and bounded all the same. */
const WRITE_SHAPES = 500;

export function createSqlEngine({ schema, dialect, walk }: SqlEngineOptions): SqlEngine {
  const compiler: Compiler = { schema, dialect, kysely: createKysely(dialect.kysely) };
  const finds = new WeakMap<FindQuery, CompiledFind>();
  const aggregates = dialect.sums.map((form) => ({
    form,
    compiled: new WeakMap<AggregateQuery, CompiledAggregate>(),
  }));
  const walks = new WeakMap<TraverseQuery, Statement>();
  const writes = createLru<CompiledWrite>(WRITE_SHAPES);
  const prohibitions = createLru<CompiledFind>(WRITE_SHAPES);
  // Core keeps the lists of columns of its entities, and the conditions of what it forbids: their shape is known by the object.
  const inserts = new WeakMap<readonly string[], CompiledWrite>();
  const forbidding = new WeakMap<Predicate, { readonly table: string; readonly find: CompiledFind }>();

  const walksAtOnce: SqlEngine["walksAtOnce"] = ({ end, asOf, depth }, { params }) => {
    if (!walk || end !== undefined || asOf !== undefined || depth === undefined) return false;
    return (params[depth] as number) <= walk.mostLevels;
  };

  const find: SqlEngine["find"] = (query, bindings) =>
    findRows(
      kept(finds, query, () => compileFind(compiler, query)),
      bindings,
    );

  return {
    compiler,
    find,
    walksAtOnce,
    *traverse(query, bindings) {
      if (walksAtOnce(query, bindings)) {
        const statement = kept(walks, query, () => walk!.compile(compiler, query));
        return walk!.read(query, yield { statement, values: bindings });
      }
      const levels = traverseByLevels(query, bindings);
      let level = levels.next();
      while (!level.done) level = levels.next(yield* find(level.value.query, level.value.bindings));
      return level.value;
    },
    *aggregate(query, bindings) {
      let overflow: unknown;
      for (const { form, compiled } of aggregates) {
        try {
          return yield* aggregateRows(
            kept(compiled, query, () => compileAggregate(compiler, query, form)),
            bindings,
          );
        } catch (error) {
          if (!CrmError.is(error, "sum_overflow")) throw error;
          overflow = error;
        }
      }
      throw overflow;
    },
    write(step) {
      const compile = () => writes.getOrMake(writeShape(step), () => compileWrite(compiler, step));
      if (step.kind !== "insert") return compile();
      const known = inserts.get(step.columns);
      if (known?.table.name === step.table) return known;
      const compiled = compile();
      inserts.set(step.columns, compiled);
      return compiled;
    },
    *forbidden(tenantId, step) {
      const { query, params } = findForbidden(step);
      let known = forbidding.get(step.where);
      if (known?.table !== step.table) {
        const find = prohibitions.getOrMake(JSON.stringify(query), () => compileFind(compiler, query));
        known = { table: step.table, find };
        forbidding.set(step.where, known);
      }
      const rows = yield* findRows(known.find, { tenantId, params });
      return rows.map(([id]) => id as string);
    },
    *tenants(table) {
      const rows = yield { statement: compileTenants(compiler, table), values: { tenantId: "", params: [] } };
      return rows.map(([id]) => id as string);
    },
  };
}

function* aggregateRows(aggregate: CompiledAggregate, values: Bindings): Conversation<readonly Row[]> {
  const rows = yield { statement: aggregate.statement, values };
  return rows.map((row) => aggregate.read(row));
}

function kept<K extends object, V>(map: WeakMap<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

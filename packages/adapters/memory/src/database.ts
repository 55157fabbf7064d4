/** A database in memory: its tables, and the queries compiled for them. Synchronous: who may call when is not its concern. */
import {
  type AggregateQuery,
  type Bindings,
  type FindQuery,
  type Row,
  type TraverseQuery,
  traverseByLevels,
  type WriteStep,
} from "@relata/core/adapter";
import { type Aggregate, compileAggregate } from "./aggregate.ts";
import { compileFind, type Find } from "./find.ts";
import { createRun } from "./run.ts";
import { missing, type TableStore } from "./table-store.ts";
import type { UndoLog } from "./undo-log.ts";
import { createPlans } from "./write-plan.ts";
import { writeRows } from "./write-rows.ts";

export interface Database {
  readonly tables: Map<string, TableStore>;
  find(query: FindQuery, bindings: Bindings): readonly Row[];
  aggregate(query: AggregateQuery, bindings: Bindings): readonly Row[];
  tenants(table: string): readonly string[];
  traverse(query: TraverseQuery, bindings: Bindings): readonly Row[];
  write(tenantId: string, steps: readonly WriteStep[], undo: UndoLog): void;
  /** To be called when tables were altered: what was compiled for them is compiled anew. */
  forgetCompiled(): void;
}

export function createDatabase(): Database {
  const tables = new Map<string, TableStore>();
  let finds = new WeakMap<FindQuery, Find>();
  let aggregates = new WeakMap<AggregateQuery, Aggregate>();

  const findTable = (name: string) => {
    const table = tables.get(name);
    if (table === undefined) throw missing(`table "${name}"`);
    return table;
  };

  let planOf = createPlans(findTable);

  const runFind = (query: FindQuery, bindings: Bindings): readonly Row[] => {
    let find = finds.get(query);
    if (find === undefined) {
      find = compileFind(query, findTable);
      finds.set(query, find);
    }
    return find(createRun(bindings));
  };

  return {
    tables,
    find: runFind,
    traverse(query, bindings) {
      const walk = traverseByLevels(query, bindings);
      let level = walk.next();
      while (!level.done) level = walk.next(runFind(level.value.query, level.value.bindings));
      return level.value;
    },
    aggregate(query, bindings) {
      let aggregate = aggregates.get(query);
      if (aggregate === undefined) {
        aggregate = compileAggregate(query, findTable);
        aggregates.set(query, aggregate);
      }
      return aggregate(createRun(bindings));
    },
    tenants(table) {
      const partitions = [...findTable(table).partitions.values()];
      return partitions.filter(({ rows }) => rows.size > 0).map(({ tenantId }) => tenantId);
    },
    write(tenantId, steps, undo) {
      writeRows({ tenantId, steps, findTable, planOf, tables, undo });
    },
    forgetCompiled() {
      finds = new WeakMap();
      aggregates = new WeakMap();
      planOf = createPlans(findTable);
    },
  };
}

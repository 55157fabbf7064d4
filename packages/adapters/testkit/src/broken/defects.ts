/** Mistakes that adapters are known to make, each with a fact that must notice it. */
import {
  type Bindings,
  CrmError,
  type FindQuery,
  type Predicate,
  type Row,
  type RowElement,
  type StorageSession,
  type StorageTransaction,
  type WriteStep,
} from "@relata/core/adapter";
import { secondTenant } from "../bench/store.ts";
import type { Defect } from "./break-adapter.ts";
import { rewriteQuery } from "./rewrite-predicate.ts";

interface KnownDefect extends Defect {
  readonly mistake: string;
  readonly suite: string;
  readonly fact: string;
  /** Whether random programs must notice it as well. */
  readonly random: boolean;
}

/** Another answer to `find`, made from the sound one. */
function finding(change: (sound: StorageSession, query: FindQuery, bindings: Bindings) => Promise<readonly Row[]>) {
  return (sound: StorageSession): Partial<StorageSession> => ({
    find: (query, bindings) => change(sound, query, bindings),
  });
}

const both = (...of: readonly Predicate[]): Predicate => ({ kind: "and", of });

export const knownDefects: readonly KnownDefect[] = [
  {
    mistake: "nulls first in ascending order",
    suite: "order",
    fact: "puts nulls last ascending",
    random: true,
    session: finding(async (sound, query, bindings) => {
      const [key] = query.orderBy;
      if (key?.direction !== "asc" || key.column === "id" || query.after) return sound.find(query, bindings);
      const isNull: Predicate = { kind: "null", column: key.column };
      const { limit, ...whole } = query;
      const first = await sound.find({ ...whole, where: both(query.where, isNull) }, bindings);
      const then = await sound.find({ ...whole, where: both(query.where, { kind: "not", of: isNull }) }, bindings);
      return [...first, ...then].slice(0, limit === undefined ? undefined : Number(bindings.params[limit]));
    }),
  },
  {
    mistake: "ne that misses nulls",
    suite: "null logic",
    fact: "finds null among what differs",
    random: true,
    session: finding((sound, query, bindings) => {
      const strict = (leaf: Predicate): Predicate =>
        leaf.kind === "compare" && leaf.operator === "ne"
          ? both(leaf, { kind: "not", of: { kind: "null", column: leaf.column } })
          : leaf;
      return sound.find(rewriteQuery(query, strict), bindings);
    }),
  },
  {
    mistake: "% as a wildcard",
    suite: "text",
    fact: "takes % literally in contains",
    random: false,
    session: finding((sound, query, bindings) => {
      const params = bindings.params.map((value) => (typeof value === "string" ? value.replaceAll("%", "") : value));
      return sound.find(query, { ...bindings, params });
    }),
  },
  {
    mistake: "updates without their guard",
    suite: "writes",
    fact: "refuses an update with a stale version, with the row's id",
    random: true,
    session: (sound) => ({
      write: async (tenantId, steps) => sound.write(tenantId, await Promise.all(steps.map(unguarded(sound, tenantId)))),
    }),
  },
  {
    mistake: "an or that escapes from the tenant's condition",
    suite: "tenants",
    fact: "finds no rows of others through or, not and empty conditions",
    random: true,
    session: finding(async (sound, query, bindings) => {
      const rows = await sound.find(query, bindings);
      if (query.where.kind !== "or" || query.where.of.length < 2) return rows;
      return [...rows, ...(await sound.find(query, { ...bindings, tenantId: secondTenant }))];
    }),
  },
  {
    mistake: "UTF-16 order",
    suite: "order",
    fact: "orders by code point where UTF-16 would not: U+FF21 comes before U+1F680",
    random: true,
    session: finding(async (sound, query, bindings) => {
      const [key] = query.orderBy;
      const at = key ? query.columns.indexOf(key.column) : -1;
      if (key?.direction !== "asc" || query.after) return sound.find(query, bindings);
      const { limit, ...whole } = query;
      const columns = at < 0 ? [key.column, ...query.columns] : query.columns;
      const rows = await sound.find({ ...whole, columns }, bindings);
      const position = Math.max(at, 0);
      const sorted = [...rows].sort((left, right) => compareUtf16(left[position], right[position]));
      const kept = sorted.slice(0, limit === undefined ? undefined : Number(bindings.params[limit]));
      return at < 0 ? kept.map((row) => row.slice(1)) : kept;
    }),
  },
  {
    mistake: "an include's limit across all parents",
    suite: "includes",
    fact: "limits the related rows of each parent, not of all together",
    random: true,
    session: finding(async (sound, query, bindings) => {
      const rows = await sound.find(query, bindings);
      const left = query.include.map(({ query: { limit } }) =>
        limit === undefined ? Number.POSITIVE_INFINITY : Number(bindings.params[limit]),
      );
      return rows.map((row) =>
        row.map((element, at): RowElement => {
          const include = at - query.columns.length;
          if (include < 0 || query.include[include]?.cardinality !== "many") return element;
          const kept = (element as readonly Row[]).slice(0, left[include]);
          left[include] = (left[include] ?? 0) - kept.length;
          return kept;
        }),
      );
    }),
  },
  {
    mistake: "lists of steps that are not atomic",
    suite: "writes",
    fact: "leaves nothing of the whole list when its last step fails",
    random: true,
    session: (sound) => ({
      write: async (tenantId, steps) => {
        for (const step of steps) await sound.write(tenantId, [step]);
      },
    }),
  },
  {
    mistake: "savepoints that are never taken back",
    suite: "savepoints",
    fact: "takes back what came after the savepoint, and keeps what came before",
    random: true,
    transaction: () => ({ savepoint: async () => ({ release: async () => {}, rollback: async () => {} }) }),
  },
  {
    mistake: "outsiders' writes that join an open unit",
    suite: "isolation",
    fact: "does not lose an outsider's write with the rollback of a unit",
    random: false,
    storage: (sound) => {
      let open: StorageTransaction | undefined;
      return {
        write: (tenantId, steps) => (open ?? sound).write(tenantId, steps),
        begin: async () => {
          const unit = await sound.begin();
          const ended = () => {
            open = undefined;
          };
          open = {
            ...unit,
            commit: () => unit.commit().finally(ended),
            rollback: () => unit.rollback().finally(ended),
          };
          return open;
        },
      };
    },
  },
  {
    mistake: "sums in floating point",
    suite: "figures",
    fact: "sums integers beyond 2^53 exactly",
    random: true,
    session: (sound) => ({
      aggregate: async (query, bindings) => {
        const keys = query.groupBy.length;
        const isSum = (at: number) => query.measures[at - keys]?.kind === "sum";
        const rounded = (value: RowElement, at: number) =>
          isSum(at) && typeof value === "bigint" ? BigInt(Number(value)) : value;
        return (await sound.aggregate(query, bindings)).map((row) => row.map(rounded));
      },
    }),
  },
  {
    mistake: "bigints rounded to numbers",
    suite: "column rules",
    fact: "keeps bigints to the limits of 64 bits exactly",
    random: true,
    session: finding(async (sound, query, bindings) => {
      const rows = await sound.find(query, bindings);
      return rows.map((row) => row.map((value) => (typeof value === "bigint" ? BigInt(Number(value)) : value)));
    }),
  },
  {
    mistake: "values kept with the query",
    suite: "predicates",
    fact: "answers one query object anew for other values, lists, limits and tenants",
    random: true,
    session: (sound) => {
      const first = new WeakMap<FindQuery, Bindings["params"]>();
      return {
        find: (query, { tenantId, params }) => {
          const kept = first.get(query) ?? params;
          first.set(query, kept);
          return sound.find(query, { tenantId, params: kept });
        },
      };
    },
  },
  {
    mistake: "answers that are shared between callers",
    suite: "writes",
    fact: "is not altered by changes to the rows that were written or returned",
    random: false,
    session: (sound) => {
      let kept: Promise<readonly Row[]> | undefined;
      return {
        find: (query, bindings) => {
          kept ??= sound.find(query, bindings);
          return kept;
        },
      };
    },
  },
  {
    mistake: "physical names in errors",
    suite: "foreign keys",
    fact: "refuses an insert that refers to no row, and names the field",
    random: true,
    session: (sound) => ({
      write: (tenantId, steps) => sound.write(tenantId, steps).catch(withPhysicalName),
    }),
  },
  {
    mistake: "migrations that are applied step by step",
    suite: "migrations",
    fact: "applies nothing of a plan when a unique index meets equal values",
    random: false,
    storage: ({ migrator }) => ({
      migrator: {
        ...migrator,
        migrate: async (plan) => {
          let steps: ReturnType<typeof plan> = [];
          await migrator.migrate((live) => {
            steps = plan(live);
            return [];
          });
          for (const step of steps) await migrator.migrate(() => [step]);
          return steps;
        },
      },
    }),
  },
];

function unguarded(sound: StorageSession, tenantId: string) {
  return async (step: WriteStep): Promise<WriteStep> => {
    if (step.kind !== "update") return step;
    const where: Predicate = { kind: "in", column: "id", values: 0 };
    const query: FindQuery = { table: step.table, columns: ["id", "version"], where, orderBy: [], include: [] };
    const found = await sound.find(query, { tenantId, params: [step.rows.map((row) => row.id)] });
    const versions = new Map(found.map(([id, version]) => [id, version]));
    return {
      ...step,
      rows: step.rows.map((row) => ({ ...row, version: Number(versions.get(row.id) ?? row.version) })),
    };
  };
}

function compareUtf16(left: RowElement | undefined, right: RowElement | undefined): number {
  if (typeof left !== "string" || typeof right !== "string") return 0;
  return left < right ? -1 : left > right ? 1 : 0;
}

function withPhysicalName(error: unknown): never {
  if (!CrmError.is(error) || error.details.field === undefined) throw error;
  const field = error.details.field.replace(/([A-Z0-9])/g, (letter) => `_${letter.toLowerCase()}`);
  throw new CrmError(error.code, error.message, { details: { ...error.details, field } });
}

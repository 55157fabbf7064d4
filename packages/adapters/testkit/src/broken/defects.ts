/** Mistakes that adapters are known to make, each with a fact that must notice it. Over 400 lines: it is a list. */
import {
  type Bindings,
  CrmError,
  type FindQuery,
  never,
  type Predicate,
  type Row,
  type RowElement,
  type Storable,
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
        begin: async (options) => {
          const unit = await sound.begin(options);
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
    mistake: "the last condition of a group asked first",
    suite: "groups",
    fact: "groups by the first of several conditions that holds, and by their number where none does",
    random: true,
    session: (sound) => ({
      aggregate: async (query, bindings) => {
        const turned = query.groupBy.map((key) => ("cases" in key ? { cases: key.cases.toReversed() } : key));
        const place = (value: RowElement, at: number) => {
          const key = query.groupBy[at];
          const most = key && "cases" in key ? key.cases.length : 0;
          return typeof value === "number" && value < most ? most - 1 - value : value;
        };
        return (await sound.aggregate({ ...query, groupBy: turned }, bindings)).map((row) => row.map(place));
      },
    }),
  },
  {
    mistake: "an instant at the very start of a bucket counted before it",
    suite: "groups",
    fact: "buckets instants by the last start that is not after them, and the first one before all",
    random: true,
    session: (sound) => ({
      aggregate: (query, { tenantId, params }) => {
        const later = [...params];
        for (const key of query.groupBy) {
          if ("cases" in key || typeof key.bucket !== "object") continue;
          const { bucket } = key;
          for (const start of bucket.startingAt.slice(1)) later[start] = (params[start] as number) + 1;
        }
        return sound.aggregate(query, { tenantId, params: later });
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
  {
    mistake: "superseded rows that are not kept",
    suite: "history",
    fact: "keeps each row of an update as it was, with when and by whom it was ended",
    random: true,
    session: (sound) => ({
      write: (tenantId, steps) => sound.write(tenantId, steps.flatMap(withoutKeeping)),
    }),
  },
  {
    mistake: "deleted rows that are not kept",
    suite: "as-of reads",
    fact: "see a row until it is deleted, and again from when it is inserted again",
    random: true,
    session: (sound) => ({
      write: (tenantId, steps) =>
        sound.write(
          tenantId,
          steps.flatMap((step) => (step.kind === "delete" ? withoutKeeping(step) : [step])),
        ),
    }),
  },
  {
    mistake: "an instant that does not include what began in it",
    suite: "as-of reads",
    fact: "see a version from the instant at which it began up to, and not at, the one at which it ended",
    random: true,
    session: finding((sound, query, bindings) => {
      const { asOf } = query;
      const params = bindings.params.map((value, at) => (at === asOf ? Number(value) - 1 : value));
      return sound.find(query, { ...bindings, params });
    }),
  },
  {
    mistake: "a past without the versions that have ended",
    suite: "as-of reads",
    fact: "filter by the values of then",
    random: true,
    session: finding((sound, query, bindings) => {
      const { asOf, ...now } = query;
      if (asOf === undefined) return sound.find(query, bindings);
      const begun: Predicate = { kind: "compare", column: "updated_at", operator: "lte", value: asOf };
      return sound.find({ ...now, where: both(query.where, begun) }, bindings);
    }),
  },
  {
    mistake: "includes of a past that are read from the present",
    suite: "as-of reads",
    fact: "include related rows as they were, one and many, at every depth",
    random: true,
    session: finding(includedFromThePresent),
  },
  {
    mistake: "relations of a past that are looked up in the present",
    suite: "as-of reads",
    fact: "filter through relations as they were, in either direction and at every depth",
    random: true,
    session: finding(async (sound, query, { tenantId, params }) => {
      const { asOf, table, where } = query;
      if (asOf === undefined || where.kind !== "relation") return sound.find(query, { tenantId, params });
      const now = await sound.find({ table, columns: ["id"], where, orderBy: [], include: [] }, { tenantId, params });
      const found: Predicate = { kind: "in", column: "id", values: params.length };
      return sound.find({ ...query, where: found }, { tenantId, params: [...params, now.map(([id]) => id as string)] });
    }),
  },
  {
    mistake: "figures of a past that are those of the present",
    suite: "as-of reads",
    fact: "count, sum, weigh and compare the values of then",
    random: true,
    session: (sound) => ({
      aggregate: ({ asOf: _, ...query }, bindings) => sound.aggregate(query, bindings),
    }),
  },
  {
    mistake: "erasures that leave the versions that were kept",
    suite: "history",
    fact: "loses a row that is erased from the table and all its versions, of this tenant alone",
    random: true,
    session: (sound) => ({
      write: async (tenantId, steps) => {
        for (const step of steps) {
          if (step.kind !== "erase") continue;
          const query: FindQuery = {
            table: step.table,
            columns: ["id", "version"],
            where: never,
            orderBy: [],
            include: [],
          };
          const where: Predicate = { kind: "in", column: "id", values: 0 };
          const found = await sound.find({ ...query, where }, { tenantId, params: [step.ids] });
          const rows = found.map(([id, version]) => ({ id: String(id), version: Number(version), endedAt: 0 }));
          return sound.write(
            tenantId,
            steps.map((other) => (other === step ? { kind: "delete", table: step.table, rows } : other)),
          );
        }
        return sound.write(tenantId, steps);
      },
    }),
  },
  {
    mistake: "prohibitions that are passed over",
    suite: "history",
    fact: "leaves nothing of a list that forbids what is there, and says which rows and why",
    random: true,
    session: (sound) => ({
      write: (tenantId, steps) =>
        sound.write(
          tenantId,
          steps.filter((step) => step.kind !== "forbid"),
        ),
    }),
  },
  {
    mistake: "hints that are heard while they are given",
    suite: "sharing",
    fact: "passes a hint on to all who listen, and not before it has been given",
    random: false,
    storage() {
      const listeners: (() => void)[] = [];
      return {
        onHint: (listener) => {
          listeners.push(listener);
          return () => {};
        },
        hint: () => {
          for (const listener of listeners) listener();
        },
      };
    },
  },
];

/** The step, and the removal of what it has kept. */
function withoutKeeping(step: WriteStep): readonly WriteStep[] {
  if (step.kind !== "update" && step.kind !== "delete") return [step];
  const rows = step.rows.filter(({ endedAt }) => endedAt !== undefined);
  if (rows.length === 0) return [step];
  const removal: WriteStep = {
    kind: "delete",
    table: `${step.table}__history`,
    rows: rows.map(({ id, version }) => ({ id, version })),
  };
  return [step, removal];
}

async function includedFromThePresent(
  sound: StorageSession,
  query: FindQuery,
  bindings: Bindings,
): Promise<readonly Row[]> {
  if (query.asOf === undefined) return sound.find(query, bindings);
  const rows = await sound.find({ ...query, include: [] }, bindings);
  const completed: Row[] = [];
  for (const row of rows) {
    const elements: RowElement[] = [...row];
    for (const { cardinality, local, foreign, query: inner } of query.include) {
      const key = row[query.columns.indexOf(local)] as Storable;
      const own: Predicate = { kind: "compare", column: foreign, operator: "eq", value: bindings.params.length };
      const related =
        key === null
          ? []
          : await sound.find(
              { ...inner, where: both(inner.where, own) },
              { ...bindings, params: [...bindings.params, key] },
            );
      elements.push(cardinality === "many" ? related : (related[0] ?? null));
    }
    completed.push(elements);
  }
  return completed;
}

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

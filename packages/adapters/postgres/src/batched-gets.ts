/** Reads of single rows by id that are asked for in one tick, sent as one statement. */
import { type Bindings, type FindQuery, oncePer, type Row } from "@relata/core/adapter";

type Find = (query: FindQuery, bindings: Bindings) => Promise<readonly Row[]>;

interface Asked {
  readonly id: string;
  resolve(rows: readonly Row[]): void;
  reject(reason: unknown): void;
}

/**
 * The same `find`, which waits for the end of the tick with a query for one row by its id. What a caller sees is what was committed when the
 * statement is sent, so this is only for calls outside of any unit.
 */
export function batchGets(find: Find): Find {
  const waiting = new Map<FindQuery, Map<string, Asked[]>>();

  const flush = async (query: FindQuery, tenantId: string, asked: readonly Asked[]) => {
    const ids = [...new Set(asked.map(({ id }) => id))];
    try {
      if (ids.length === 1) {
        const rows = await find(query, { tenantId, params: [ids[0]!] });
        for (const [i, { resolve }] of asked.entries()) resolve(i === 0 ? rows : rows.map((row) => [...row]));
        return;
      }
      const rows = await find(manyOf(query), { tenantId, params: [ids] });
      const byId = new Map(rows.map((row) => [row.at(-1) as string, row]));
      for (const { id, resolve } of asked) {
        const row = byId.get(id);
        resolve(row ? [row.slice(0, -1)] : []);
      }
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };
  const flushAll = () => {
    const all = [...waiting];
    waiting.clear();
    for (const [query, tenants] of all) {
      for (const [tenantId, asked] of tenants) void flush(query, tenantId, asked);
    }
  };

  return (query, bindings) => {
    if (!isGet(query)) return find(query, bindings);
    const { tenantId, params } = bindings;
    return new Promise((resolve, reject) => {
      // After the promises that are settled already: what follows from them belongs to the tick.
      if (waiting.size === 0) void Promise.resolve().then(() => process.nextTick(flushAll));
      const tenants = waiting.get(query) ?? new Map<string, Asked[]>();
      waiting.set(query, tenants);
      const asked = tenants.get(tenantId) ?? [];
      tenants.set(tenantId, asked);
      asked.push({ id: params[0] as string, resolve, reject });
    });
  };
}

/** Without other parameters than the id: those of two calls may differ. */
function isGet({ where, include, asOf, after, limit, lock }: FindQuery): boolean {
  const isPlain = include.length === 0 && [asOf, after, limit, lock].every((part) => part === undefined);
  return isPlain && where.kind === "compare" && where.column === "id" && where.operator === "eq" && where.value === 0;
}

const manyOf = oncePer(
  (query: FindQuery): FindQuery => ({
    ...query,
    columns: [...query.columns, "id"],
    where: { kind: "in", column: "id", values: 0 },
  }),
);

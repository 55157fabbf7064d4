/** A unit with a key: done once, whoever asks how often. */
import { CrmError } from "../../errors.ts";
import type { Scope } from "../kernel.ts";
import { pastIsReadOnly } from "../repository/past-is-read-only.ts";
import { encodeNew, layoutOf } from "../repository/stored-row.ts";
import type { TransactionOptions } from "../storage/storage-adapter.ts";
import type { Frame } from "./frame.ts";
import { IDEMPOTENCY_KEY } from "./idempotency-key.ts";
import { NotStorable, readResult, storeResult } from "./stored-result.ts";
import { withKey } from "./unit-options.ts";

type Place = Pick<Scope, "kernel" | "binding">;

interface Once {
  readonly key: string;
  readonly options: TransactionOptions;
}

/** Somebody else has done it, or is doing it now. */
const taken = Symbol("taken");

/**
 * The key is written first: who comes second waits for that, and finds the result, or does it if the first was undone. A result that was
 * forgotten in between makes it a new key.
 */
export async function runOnce<T>(place: Place, work: (frame: Frame) => Promise<T>, once: Once): Promise<T> {
  const { kernel, binding } = place;
  if (binding.asOf !== undefined) throw pastIsReadOnly("transaction with an idempotencyKey", binding.asOf);
  for (;;) {
    const unit = async (frame: Frame) => {
      const id = await insertKey(place, frame, once.key);
      const result = await work(frame);
      await keepResult(place, frame, { id, key: once.key, result });
      return result;
    };
    try {
      return await kernel.units.run(undefined, unit, once.options);
    } catch (error) {
      if (error !== taken) throw withKey(error, once.key);
    }
    const found = await findResult(place, once.key);
    if (found !== undefined) return readResult(found) as T;
  }
}

async function insertKey({ kernel, binding }: Place, frame: Frame, key: string): Promise<string> {
  const entity = kernel.schema.entities.get(IDEMPOTENCY_KEY)!;
  const id = kernel.newId();
  // It is used now, whatever an import dates its records.
  const at = kernel.clock();
  const row = encodeNew({ kernel, binding, entity }, { id, at, values: { key, usedAt: new Date(at) } });
  const step = { kind: "insert", table: entity.table.name, columns: layoutOf(entity).columns, rows: [row] } as const;
  try {
    await kernel.units.write(frame, { tenantId: binding.tenantId, steps: [step], effects: [] });
  } catch (error) {
    // As the first statement of its unit, it meets nothing but another unit with the same key.
    if (CrmError.is(error, "not_unique") || CrmError.is(error, "serialization_failed")) throw taken;
    throw error;
  }
  return id;
}

interface Kept {
  readonly id: string;
  readonly key: string;
  readonly result: unknown;
}

async function keepResult({ kernel, binding }: Place, frame: Frame, { id, key, result }: Kept): Promise<void> {
  const { table } = kernel.schema.entities.get(IDEMPOTENCY_KEY)!;
  const rows = [{ id, version: 1, values: [storable(key, result), 2] }];
  const step = { kind: "update", table: table.name, columns: ["result", "version"], rows } as const;
  await kernel.units.write(frame, { tenantId: binding.tenantId, steps: [step], effects: [] });
}

function storable(idempotencyKey: string, result: unknown): string {
  try {
    return storeResult(result);
  } catch (error) {
    if (!(error instanceof NotStorable)) throw error;
    const where =
      error.path === "" ? "What the transaction returns" : `"${error.path}" of what the transaction returns`;
    throw new CrmError(
      "result_not_storable",
      `${where} ${error.message}, and cannot be stored with its idempotencyKey. Return plain data (JSON, undefined, Date, bigint), such as the ids of what was written, or nothing.`,
      { details: { field: error.path, idempotencyKey } },
    );
  }
}

async function findResult({ kernel, binding }: Place, key: string): Promise<string | undefined> {
  const query = kernel.queries.intern({
    table: kernel.schema.entities.get(IDEMPOTENCY_KEY)!.table.name,
    columns: ["result"],
    where: { kind: "compare", column: "key", operator: "eq", value: 0 } as const,
    orderBy: [],
    include: [],
  });
  const [row] = await kernel.units.session(undefined).find(query, { tenantId: binding.tenantId, params: [key] });
  return row?.[0] as string | undefined;
}

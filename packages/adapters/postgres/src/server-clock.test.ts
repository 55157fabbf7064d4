import type { Storage } from "@relata/core/adapter";
import { expect, inject, it, onTestFinished, vi } from "vitest";
import { postgres } from "./postgres-adapter.ts";

const HOUR_MS = 3_600_000;

/** The clock of this machine, the server's too, as this process sees it. */
function ownClock(): { aheadMs: number; readonly real: () => number } {
  const real = Date.now;
  const own = { aheadMs: 0, real: () => real.call(Date) };
  const spy = vi.spyOn(Date, "now").mockImplementation(() => own.real() + own.aheadMs);
  onTestFinished(() => spy.mockRestore());
  return own;
}

async function open(shown: string[] = []): Promise<Storage> {
  const adapter = postgres({ connectionString: inject("databaseUrl") });
  const onQuery = ({ text }: { text: string }) => void shown.push(text);
  const storage = await adapter.open({ schema: { tables: new Map() }, waitTimeoutMs: 5_000, onQuery });
  onTestFinished(() => storage.close());
  return storage;
}

/** Begin, a savepoint, and all undone. */
const call = async (storage: Storage) => {
  const unit = await storage.begin();
  await unit.savepoint();
  await unit.rollback();
};
const isNear = (ms: number, expected: number) => Math.abs(ms - expected) < 1_000;

it("is the server's, whatever this process takes the time to be, in whole milliseconds", async () => {
  const own = ownClock();
  own.aheadMs = -5 * HOUR_MS + 0.5;
  const storage = await open();
  expect(isNear(storage.now(), own.real())).toBe(true);
  expect(Number.isInteger(storage.now())).toBe(true);
});

it("is measured again by a call that is made over a minute later, once, and not moved by a jump of this process's own", async () => {
  const own = ownClock();
  const shown: string[] = [];
  const storage = await open(shown);
  shown.length = 0;
  own.aheadMs = 59_000;
  await call(storage);
  expect(shown).toHaveLength(3);
  own.aheadMs = HOUR_MS;
  expect(isNear(storage.now(), own.real())).toBe(true);
  shown.length = 0;
  await Promise.all([call(storage), call(storage)]);
  expect(shown.filter((text) => text.includes("clock_timestamp"))).toHaveLength(1);
  expect(isNear(storage.now(), own.real())).toBe(true);
});

it("never steps back when this process's own does", async () => {
  const own = ownClock();
  const storage = await open();
  const before = storage.now();
  own.aheadMs = -HOUR_MS;
  const after = storage.now();
  expect(after).toBeGreaterThanOrEqual(before);
  expect(isNear(after, own.real())).toBe(true);
  await call(storage);
  expect(isNear(storage.now(), own.real())).toBe(true);
});

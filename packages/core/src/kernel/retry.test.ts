import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CrmError } from "../errors.ts";
import { createRetry, ownUnit } from "./retry.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const failing = (code: string) => new CrmError(code, "No.", { retryable: true });

/** The milliseconds at which attempts began that all fail. */
async function beginnings(attempts: number, random: number): Promise<readonly number[]> {
  const retry = createRetry((length) => new Uint8Array(length).fill(random));
  const start = Date.now();
  const began: number[] = [];
  const done = retry(
    async () => {
      began.push(Date.now() - start);
      throw failing("deadlock");
    },
    { attempts },
  ).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  expect(await done).toMatchObject({ code: "deadlock", details: { attempts } });
  return began;
}

it("pauses twice as long each time, up to half a second, and by chance for a part of that", async () => {
  expect(await beginnings(10, 255)).toEqual([0, 5, 15, 35, 75, 155, 315, 635, 1135, 1635]);
  expect(await beginnings(4, 127)).toEqual([0, 2, 7, 17]);
});

it("gives what the first good attempt gives, and tells each its number", async () => {
  const retry = createRetry((length) => new Uint8Array(length));
  const done = retry(
    async (number) => {
      if (number < 3) throw failing("serialization_failed");
      return number;
    },
    { attempts: 5 },
  );
  await vi.runAllTimersAsync();
  expect(await done).toBe(3);
});

it("keeps message, cause and place of the last failure", async () => {
  const cause = new Error("40P01");
  const last = new CrmError("deadlock", "Victim.", { retryable: true, cause, details: { entity: "account" } });
  const retry = createRetry((length) => new Uint8Array(length));
  const done = retry(() => Promise.reject(last), { attempts: 2 }).catch((error: unknown) => error);
  await vi.runAllTimersAsync();
  const error = (await done) as CrmError;
  expect(error).toMatchObject({ message: "Victim.", cause, details: { entity: "account", attempts: 2 } });
  expect(error.stack).toBe(last.stack);
});

it("does not run a single write again that has waited its time, or may have happened", async () => {
  const retry = createRetry((length) => new Uint8Array(length));
  for (const code of ["outcome_unknown", "unit_wait_timeout", "storage_busy"]) {
    let attempts = 0;
    const error = failing(code);
    const run = async () => {
      attempts++;
      throw error;
    };
    await expect(retry(run, ownUnit)).rejects.toBe(error);
    expect([code, attempts]).toEqual([code, 1]);
  }
});

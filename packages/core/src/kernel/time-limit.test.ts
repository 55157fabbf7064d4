import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createTimeLimit } from "./time-limit.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const after = (ms: number, value: string) =>
  new Promise<string>((resolve) => {
    setTimeout(resolve, ms, value);
  });
const late = async () => "late";

it("settles as the work does that ends in time", async () => {
  const inTime = createTimeLimit(100);
  const done = inTime(() => after(99, "done"), late);
  const failed = inTime(async () => Promise.reject(new Error("broken")), late).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(99);
  expect(await done).toBe("done");
  expect(await failed).toEqual(new Error("broken"));
});

it("gives each work its whole time, whatever ran before it", async () => {
  const inTime = createTimeLimit(100);
  const first = inTime(() => after(1_000, "done"), late);
  await vi.advanceTimersByTimeAsync(60);
  let second: string | undefined;
  void inTime(() => after(1_000, "done"), late).then((value) => {
    second = value;
  });
  await vi.advanceTimersByTimeAsync(40);
  expect(await first).toBe("late");
  expect(second).toBeUndefined();
  await vi.advanceTimersByTimeAsync(60);
  expect(second).toBe("late");
});

it("takes one timer for all that comes and goes in its time, and one anew when that has passed", async () => {
  const inTime = createTimeLimit(100);
  for (let round = 0; round < 50; round++) await inTime(async () => "done", late);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(100);
  expect(vi.getTimerCount()).toBe(0);
  const hanging = inTime(() => after(1_000, "done"), late);
  await vi.advanceTimersByTimeAsync(100);
  expect(await hanging).toBe("late");
});

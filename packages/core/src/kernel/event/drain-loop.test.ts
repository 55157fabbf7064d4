import { setTimeout as pause } from "node:timers/promises";
import { expect, it, onTestFinished, vi } from "vitest";
import { drainEvery } from "./drain-loop.ts";

/** Drains that end when they are told to. */
function loop(everyMs: number) {
  const ends: ((result: boolean | Error) => void)[] = [];
  const errors: unknown[] = [];
  let hint = () => {};
  let listening = true;
  const stop = drainEvery({
    everyMs,
    drain: () =>
      new Promise((resolve, reject) => {
        ends.push((result) => (typeof result === "boolean" ? resolve(result) : reject(result)));
      }),
    onHint(listener) {
      hint = listener;
      return () => {
        listening = false;
      };
    },
    onError: (error) => errors.push(error),
  });
  return { ends, errors, stop, hint: () => hint(), isListening: () => listening };
}

it("drains when the time has come, and again so long after the end of that drain", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { ends, stop } = loop(30);
  const drainsAfter = async (ms: number) => {
    await vi.advanceTimersByTimeAsync(ms);
    return ends.length;
  };
  expect([await drainsAfter(29), await drainsAfter(1), await drainsAfter(60)]).toEqual([0, 1, 1]);
  ends[0]!(false);
  expect([await drainsAfter(29), await drainsAfter(1)]).toEqual([1, 2]);
  ends[1]!(false);
  await stop();
});

it("drains at once after a hint, and once more after those that came during a drain", async () => {
  const { ends, hint, stop } = loop(3_600_000);
  hint();
  expect(ends).toHaveLength(1);
  hint();
  hint();
  expect(ends).toHaveLength(1);
  ends[0]!(false);
  await pause(0);
  expect(ends).toHaveLength(2);
  ends[1]!(false);
  await pause(0);
  expect(ends).toHaveLength(2);
  await stop();
});

it("goes on at once where a drain has left something", async () => {
  const { ends, hint, stop } = loop(3_600_000);
  hint();
  ends[0]!(true);
  await pause(0);
  expect(ends).toHaveLength(2);
  ends[1]!(false);
  await stop();
});

it("tells of a drain that failed, and goes on", async () => {
  const { ends, errors, stop } = loop(5);
  await expect.poll(() => ends.length).toBe(1);
  ends[0]!(new Error("no database"));
  await expect.poll(() => ends.length).toBe(2);
  expect(errors).toEqual([new Error("no database")]);
  ends[1]!(false);
  await stop();
});

it("stops with the drain that is under way, and hears no hint any more", async () => {
  const { ends, hint, stop, isListening } = loop(3_600_000);
  hint();
  let stopped = false;
  const stopping = stop().then(() => {
    stopped = true;
  });
  await pause(5);
  expect([stopped, isListening()]).toEqual([false, false]);
  hint();
  ends[0]!(true);
  await stopping;
  hint();
  expect(ends).toHaveLength(1);
});

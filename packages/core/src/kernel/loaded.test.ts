import { expect, it } from "vitest";
import { loadedFunction, loadedFunctions, loadedOnce } from "./loaded.ts";

it("loads once, and gives it at once from then on", async () => {
  let loads = 0;
  const code = loadedOnce(async () => ++loads);
  await expect(code()).resolves.toBe(1);
  expect(code()).toBe(1);
  expect(loads).toBe(1);
});

it("asks anew for what could not be loaded", async () => {
  const answers = [new Error("offline"), 7];
  const code = loadedOnce(async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  });
  await expect(code()).rejects.toThrow("offline");
  await expect(code()).resolves.toBe(7);
  expect(code()).toBe(7);
});

it("calls a function whose code is loaded with its first call, and with its errors", async () => {
  const half = loadedFunction(async () => async (value: number) => {
    if (value % 2 === 1) throw new Error("odd");
    return value / 2;
  });
  expect(await half(8)).toBe(4);
  await expect(half(7)).rejects.toThrow("odd");
  expect(await half(6)).toBe(3);
});

it("makes functions for each context, once, with the first call of one of them", async () => {
  const made: string[] = [];
  const functionsOf = loadedFunctions<string, { name(): Promise<string>; repeat(times: number): Promise<string> }>(
    { name: true, repeat: true },
    async () => (context) => {
      made.push(context);
      return { name: async () => context, repeat: async (times) => context.repeat(times) };
    },
  );
  const [a, b] = [functionsOf("a"), functionsOf("b")];
  expect(Object.keys(a)).toEqual(["name", "repeat"]);
  expect(made).toEqual([]);
  expect(await Promise.all([a.name(), a.repeat(2), b.repeat(3)])).toEqual(["a", "aa", "bbb"]);
  expect(await a.name()).toBe("a");
  expect(made).toEqual(["a", "b"]);
});

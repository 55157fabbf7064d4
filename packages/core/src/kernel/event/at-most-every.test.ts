import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { atMostEvery } from "./at-most-every.ts";

it("works at once, then once for all that was asked meanwhile, and rests again", async () => {
  let worked = 0;
  const ask = atMostEvery(50, () => worked++);
  ask();
  expect(worked).toBe(1);
  for (let i = 0; i < 10; i++) ask();
  expect(worked).toBe(1);
  await expect.poll(() => worked).toBe(2);
  await pause(120);
  expect(worked).toBe(2);
  ask();
  expect(worked).toBe(3);
});

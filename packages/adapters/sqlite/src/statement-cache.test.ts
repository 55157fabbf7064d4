import { expect, it } from "vitest";
import { createStatementCache } from "./statement-cache.ts";

function counting(limit: number) {
  const prepared: string[] = [];
  const cache = createStatementCache(limit, (sql) => {
    prepared.push(sql);
    return { sql };
  });
  return { cache, prepared };
}

it("prepares a statement once", () => {
  const { cache, prepared } = counting(2);
  expect(cache("a")).toBe(cache("a"));
  expect(prepared).toEqual(["a"]);
});

it("keeps the statements used last, and drops those that were not used for two generations", () => {
  const { cache, prepared } = counting(2);
  for (const sql of ["a", "b", "c", "a", "d", "a", "e", "a"]) cache(sql);
  expect(prepared).toEqual(["a", "b", "c", "d", "e"]);
  cache("b");
  expect(prepared).toEqual(["a", "b", "c", "d", "e", "b"]);
});

it("prepares again what failed", () => {
  let works = false;
  const cache = createStatementCache(2, (sql) => {
    if (!works) throw new Error("busy");
    return sql;
  });
  expect(() => cache("a")).toThrow("busy");
  works = true;
  expect(cache("a")).toBe("a");
});

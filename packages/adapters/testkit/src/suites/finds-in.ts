/** Facts that say which rows of a table satisfy a condition. */
import { expect } from "vitest";
import { type Fact, fact } from "../bench/fact.ts";
import type { Given } from "../bench/store.ts";
import type { Condition } from "../question/condition.ts";
import { sales } from "../schema/sales.ts";

/** `ids` are those of the rows, in the order of the ids. */
type Finds = (name: string, where: Condition, ids: readonly string[]) => Fact;

export function findsIn(table: string, given: Given): Finds {
  return (name, where, ids) =>
    fact(name, async (bench) => {
      const store = await bench.open(sales, given);
      expect(await store.list({ table, where })).toEqual(ids);
    });
}

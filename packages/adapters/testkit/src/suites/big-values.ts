/** Values far larger than usual. */
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { refused } from "../bench/refusal.ts";
import { contains, endsWith, eq, isIn, startsWith } from "../question/condition.ts";
import { sales } from "../schema/sales.ts";

const megabyte = "0123456789abcdef".repeat(65_536);

export const bigValues: Suite = {
  name: "big values",
  facts: [
    fact("keeps a text of a megabyte, and finds by it", async (bench) => {
      const store = await bench.open(sales, {
        users: [
          { id: "a", name: megabyte },
          { id: "b", name: `${megabyte}!` },
        ],
      });
      expect(await store.find({ table: "users", columns: ["name"], limit: 1 })).toEqual([[megabyte]]);
      expect(await store.list({ table: "users", where: eq("name", megabyte) })).toEqual(["a"]);
      expect(await store.list({ table: "users", where: isIn("name", [`${megabyte}!`]) })).toEqual(["b"]);
      expect(await store.list({ table: "users", orderBy: ["-name"] })).toEqual(["b", "a"]);
    }),
    fact("finds by the beginning, the end and a part of 200,000 characters", async (bench) => {
      const long = "%_\\*".repeat(50_000);
      const store = await bench.open(sales, {
        users: [
          { id: "a", name: `<${long}>` },
          { id: "b", name: long },
          { id: "c", name: "short" },
        ],
      });
      expect(await store.list({ table: "users", where: contains("name", long) })).toEqual(["a", "b"]);
      expect(await store.list({ table: "users", where: startsWith("name", `<${long}`) })).toEqual(["a"]);
      expect(await store.list({ table: "users", where: endsWith("name", `${long}>`) })).toEqual(["a"]);
    }),
    fact("keeps JSON of a megabyte", async (bench) => {
      const profile = JSON.stringify({ lines: Array.from({ length: 20_000 }, (_, number) => `line "${number}" 🚀`) });
      const store = await bench.open(sales, { accounts: [{ id: "a", profile }] });
      expect(await store.find({ table: "accounts", columns: ["profile"] })).toEqual([[profile]]);
    }),
    fact("keeps many long texts written in one step", async (bench) => {
      const users = Array.from({ length: 200 }, (_, number) => ({
        id: `u${number}`,
        name: `${number}-${megabyte.slice(0, 20_000)}`,
      }));
      const store = await bench.open(sales, { users });
      const measures = [{ kind: "rows" }, { kind: "countDistinct", column: "name" }] as const;
      expect(await store.aggregate({ table: "users", measures })).toEqual([[200, 200]]);
    }),
    fact("keeps long ids and refers by them", async (bench) => {
      const id = "🚀".repeat(100);
      const store = await bench.open(sales, { accounts: [{ id }, { id: `${id}x`, parent_id: id }] });
      expect(await store.list({ table: "accounts", where: eq("parent_id", id) })).toEqual([`${id}x`]);
      expect(await refused(store.insert("accounts", [{ id: "b", parent_id: `${id}y` }]))).toMatchObject({
        code: "reference_not_found",
      });
    }),
  ],
};

/** No two rows of a tenant share the values of a unique rule, or the id. */
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { sales } from "../schema/sales.ts";

const given = {
  accounts: [
    { id: "a", domain: "acme.com" },
    { id: "b", domain: "beta.com" },
    { id: "c", domain: null },
  ],
  deals: [{ id: "d", account_id: "a", name: "Deal" }],
};
const sameDomain = { code: "not_unique", entity: "account", field: "domain" };
const domains = { table: "accounts", columns: ["id", "domain"] };
const untouched = [
  ["a", "acme.com"],
  ["b", "beta.com"],
  ["c", null],
];

export const uniqueRules: Suite = {
  name: "unique rules",
  facts: [
    fact("refuses the insert of a value that exists, and names the field", async (bench) => {
      const store = await bench.open(sales, given);
      expect(await refused(store.insert("accounts", [{ id: "x", domain: "acme.com" }]))).toEqual(sameDomain);
      expect(await store.find(domains)).toEqual(untouched);
    }),
    fact("refuses the update to a value that exists", async (bench) => {
      const store = await bench.open(sales, given);
      expect(await refused(store.update("accounts", [{ id: "b", version: 1, domain: "acme.com" }]))).toEqual(
        sameDomain,
      );
      expect(await store.find(domains)).toEqual(untouched);
    }),
    fact("refuses two equal values in one step", async (bench) => {
      const store = await bench.open(sales, given);
      const twice = [
        { id: "x", domain: "x.com" },
        { id: "y", domain: "y.com" },
        { id: "z", domain: "x.com" },
      ];
      expect(await refused(store.insert("accounts", twice))).toEqual(sameDomain);
      expect(await store.find(domains)).toEqual(untouched);
    }),
    fact("refuses two equal values in two steps of one list", async (bench) => {
      const store = await bench.open(sales, given);
      const list = ["x", "y"].map((id) => store.steps.insert("accounts", [{ id, domain: "x.com" }]));
      expect(await refused(store.write(list))).toEqual(sameDomain);
      expect(await store.find(domains)).toEqual(untouched);
    }),
    fact("names every field of a rule of several columns by its logical name", async (bench) => {
      const store = await bench.open(sales, given);
      const details = await refusedDetails(store.insert("deals", [{ id: "e", account_id: "a", name: "Deal" }]));
      expect(details).toMatchObject({ entity: "deal", field: "accountId", fields: ["accountId", "name"] });
    }),
    fact("allows rows that agree in one of two columns", async (bench) => {
      const store = await bench.open(sales, given);
      await store.insert("deals", [
        { id: "e", account_id: "b", name: "Deal" },
        { id: "f", account_id: "a", name: "Other" },
      ]);
      expect(await store.list({ table: "deals" })).toEqual(["d", "e", "f"]);
    }),
    fact("lets any number of rows have null", async (bench) => {
      const store = await bench.open(sales, given);
      await store.insert("accounts", [
        { id: "x", domain: null },
        { id: "y", domain: null },
      ]);
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b", "c", "x", "y"]);
    }),
    fact("refuses an id that exists, and names the field id", async (bench) => {
      const store = await bench.open(sales, given);
      expect(await refused(store.insert("accounts", [{ id: "a" }]))).toEqual({
        code: "not_unique",
        entity: "account",
        field: "id",
      });
    }),
    fact("refuses one id twice in a step", async (bench) => {
      const store = await bench.open(sales, given);
      const twice = [{ id: "x" }, { id: "x" }];
      expect(await refused(store.insert("accounts", twice))).toEqual({
        code: "not_unique",
        entity: "account",
        field: "id",
      });
      expect(await store.find(domains)).toEqual(untouched);
    }),
    fact("tells texts apart by code point", async (bench) => {
      const store = await bench.open(sales, given);
      const texts = ["ACME.com", "acme.com ", "caf\u00e9", "cafe\u0301", "", " "];
      await store.insert(
        "accounts",
        texts.map((domain, number) => ({ id: `x${number}`, domain })),
      );
      expect(await refused(store.insert("accounts", [{ id: "y", domain: "" }]))).toEqual(sameDomain);
    }),
    fact("lets a row keep its value in an update", async (bench) => {
      const store = await bench.open(sales, given);
      await store.update("accounts", [{ id: "a", version: 1, domain: "acme.com", name: "New" }]);
      expect(await store.find({ table: "accounts", columns: ["name"], limit: 1 })).toEqual([["New"]]);
    }),
    fact(
      "frees a value when its row is deleted or updated, for later steps of the same list as well",
      async (bench) => {
        const store = await bench.open(sales, { accounts: given.accounts });
        const { steps } = store;
        await store.write([
          steps.delete("accounts", [{ id: "a", version: 1 }]),
          steps.insert("accounts", [{ id: "x", domain: "acme.com" }]),
          steps.update("accounts", [{ id: "b", version: 1, domain: "new.com" }]),
          steps.insert("accounts", [{ id: "y", domain: "beta.com" }]),
        ]);
        expect(await store.find(domains)).toEqual([
          ["b", "new.com"],
          ["c", null],
          ["x", "acme.com"],
          ["y", "beta.com"],
        ]);
      },
    ),
    fact("refuses a value that only a later step of the list frees", async (bench) => {
      const store = await bench.open(sales, { accounts: given.accounts });
      const list = [
        store.steps.insert("accounts", [{ id: "x", domain: "acme.com" }]),
        store.steps.delete("accounts", [{ id: "a", version: 1 }]),
      ];
      expect(await refused(store.write(list))).toEqual(sameDomain);
      expect(await store.find(domains)).toEqual(untouched);
    }),
    fact("keeps the rule after values have come and gone", async (bench) => {
      const store = await bench.open(sales, given);
      await store.update("accounts", [{ id: "b", version: 1, domain: "once.com" }]);
      await store.update("accounts", [{ id: "b", version: 2, domain: "twice.com" }]);
      await store.insert("accounts", [{ id: "x", domain: "beta.com" }]);
      expect(await refused(store.insert("accounts", [{ id: "y", domain: "twice.com" }]))).toEqual(sameDomain);
      expect(await refused(store.update("accounts", [{ id: "b", version: 3, domain: "beta.com" }]))).toEqual(
        sameDomain,
      );
    }),
    fact("restores the rule when a unit is rolled back", async (bench) => {
      const store = await bench.open(sales, { accounts: given.accounts });
      const unit = await store.begin();
      await unit.delete("accounts", [{ id: "a", version: 1 }]);
      await unit.insert("accounts", [
        { id: "x", domain: "acme.com" },
        { id: "y", domain: "y.com" },
      ]);
      await unit.rollback();
      expect(await refused(store.insert("accounts", [{ id: "z", domain: "acme.com" }]))).toEqual(sameDomain);
      await store.insert("accounts", [{ id: "z", domain: "y.com" }]);
    }),
    fact("does not mark a broken rule as worth another try", async (bench) => {
      const store = await bench.open(sales, given);
      await expect(store.insert("accounts", [{ id: "x", domain: "acme.com" }])).rejects.toMatchObject({
        retryable: false,
      });
    }),
    fact("lets one of 20 concurrent inserts of a value through", async (bench) => {
      const store = await bench.open(sales);
      const inserts = Array.from({ length: 20 }, (_, number) =>
        store.insert("accounts", [{ id: `a${number}`, domain: "acme.com" }]),
      );
      const outcomes = await Promise.allSettled(inserts);
      expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
      for (const [number, outcome] of outcomes.entries()) {
        if (outcome.status === "rejected") expect(await refused(inserts[number] as Promise<void>)).toEqual(sameDomain);
      }
      expect(await store.find({ table: "accounts", columns: ["domain"] })).toEqual([["acme.com"]]);
    }),
  ],
};

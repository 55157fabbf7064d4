/** Lists are walked page by page, in any order, while others write. */
import { expect } from "vitest";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { codesOf, type SampleCrm } from "./sample-crm.ts";

type Order = NonNullable<NonNullable<Parameters<SampleCrm["specimens"]["list"]>[0]>["orderBy"]>;

/** Ties and nulls in every column; the codes are in the order of creation, and so of the ids. */
async function withSpecimens(bench: CrmBench): Promise<SampleCrm> {
  const crm = await bench.open();
  const eur = (amount: string) => ({ amount, currency: "EUR" });
  const usd = (amount: string) => ({ amount, currency: "USD" });
  await crm.specimens.createMany([
    {
      code: "a",
      weight: 2,
      price: usd("1"),
      title: "b",
      foundOn: "2026-01-02",
      active: false,
      ratio: "0.5",
      seenAt: new Date(2),
    },
    { code: "b", weight: null, price: eur("7"), title: "B", foundOn: null, ratio: "-1", seenAt: new Date(1) },
    { code: "c", weight: 1, price: null, title: null, foundOn: "2026-01-01", active: false, grade: "fair" },
    {
      code: "d",
      weight: 2,
      price: eur("-3"),
      title: "é",
      foundOn: "2026-01-02",
      ratio: "10",
      grade: "poor",
      seenAt: new Date(-1),
    },
    { code: "e", weight: null, price: usd("-9"), title: "a", foundOn: null, active: false, grade: "fine" },
    {
      code: "f",
      weight: 2,
      price: null,
      title: "\u{1F98A}",
      foundOn: "2026-01-01",
      ratio: "9",
      grade: "fair",
      seenAt: new Date(1),
    },
    { code: "g", weight: -1, price: eur("7"), title: "\uFF5E", foundOn: "2025-12-31", ratio: "0.5" },
  ]);
  return crm;
}

const ORDERS: readonly (readonly [Order, string])[] = [
  [[], "a b c d e f g"],
  [[{ id: "desc" }], "g f e d c b a"],
  [[{ weight: "asc" }], "g c a d f b e"],
  [[{ weight: "desc" }], "e b f d a c g"],
  [[{ weight: "asc" }, { code: "desc" }], "g c f d a e b"],
  [[{ weight: "desc" }, { code: "asc" }], "b e a d f c g"],
  [[{ price: "asc" }], "d b g e a c f"],
  [[{ price: "desc" }], "f c a e g b d"],
  [[{ price: "desc" }, { weight: "asc" }], "c f a e g b d"],
  [[{ title: "asc" }], "b e a d g f c"],
  [[{ title: "desc" }], "c f g d a e b"],
  [[{ foundOn: "asc" }, { title: "desc" }], "g c f d a e b"],
  [[{ foundOn: "desc" }, { weight: "desc" }, { code: "asc" }], "b e a d f c g"],
  [[{ ratio: "asc" }], "b a g f d c e"],
  [[{ seenAt: "desc" }], "g e c a f b d"],
  [[{ active: "asc" }, { grade: "asc" }], "c e a f d b g"],
  [[{ active: "desc", grade: "desc" }], "g b d f a e c"],
  [[{ createdAt: "asc" }, { weight: "desc" }], "e b f d a c g"],
];

async function walk(crm: SampleCrm, orderBy: Order, limit: number): Promise<string> {
  const codes: string[] = [];
  let after: string | undefined;
  do {
    const page = await crm.specimens.list({ orderBy, limit, after, select: ["code"] });
    codes.push(...page.items.map(({ code }) => code));
    after = page.next;
  } while (after !== undefined);
  return codes.join(" ");
}

export const pages: CrmSuite = {
  name: "pages",
  facts: [
    crmFact(
      "come in the order asked for: nulls last ascending and first descending, money by currency, ids last",
      async (bench) => {
        const crm = await withSpecimens(bench);
        for (const [orderBy, codes] of ORDERS) {
          const label = JSON.stringify(orderBy);
          expect(`${label}: ${codesOf((await crm.specimens.list({ orderBy })).items)}`).toBe(`${label}: ${codes}`);
        }
      },
    ),
    crmFact("lead through everything once, in every order and with every size", async (bench) => {
      const crm = await withSpecimens(bench);
      for (const [orderBy, codes] of ORDERS) {
        for (const limit of [1, 2, 3, 6, 7, 8]) {
          const label = `${JSON.stringify(orderBy)} by ${limit}`;
          expect(`${label}: ${await walk(crm, orderBy, limit)}`).toBe(`${label}: ${codes}`);
        }
      }
    }),
    crmFact("have a next one exactly when more follows", async (bench) => {
      const crm = await withSpecimens(bench);
      expect((await crm.specimens.list({ limit: 7 })).next).toBeUndefined();
      expect((await crm.specimens.list({ limit: 6 })).next).toBeTypeOf("string");
      expect((await crm.specimens.list({ where: { code: "z" } })).next).toBeUndefined();
    }),
    crmFact("keep to their conditions", async (bench) => {
      const crm = await withSpecimens(bench);
      const query = {
        where: { price: { gte: { amount: "-3", currency: "EUR" } } },
        orderBy: [{ price: "desc" }],
        limit: 2,
      } as const;
      const first = await crm.specimens.list(query);
      const second = await crm.specimens.list({ ...query, after: first.next });
      expect([codesOf(first.items), codesOf(second.items), second.next]).toEqual(["g b", "d", undefined]);
    }),
    crmFact("hold from 1 to 1,000 records, and no other number", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany(Array.from({ length: 1_001 }, (_, number) => ({ id: `c${number}` })));
      expect((await crm.crates.list({ limit: 1 })).items).toHaveLength(1);
      const page = await crm.crates.list({ limit: 1_000 });
      expect(page.items).toHaveLength(1_000);
      expect((await crm.crates.list({ limit: 1_000, after: page.next })).items).toHaveLength(1);
      for (const limit of [0, -1, 1_001, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "10", null, 2n]) {
        await expect(crm.crates.list({ limit: limit as never })).rejects.toMatchObject({
          code: "invalid_query",
          details: { entity: "crate", field: "limit" },
        });
      }
    }),
    crmFact("neither repeat nor miss a record that was there, while others come and go", async (bench) => {
      const crm = await bench.open();
      const at = (number: number) => `s${String(number).padStart(4, "0")}`;
      await crm.specimens.createMany(
        Array.from({ length: 120 }, (_, number) => ({
          code: at(number * 10),
          weight: number % 7 === 0 ? null : number % 5,
        })),
      );
      const seen: string[] = [];
      let after: string | undefined;
      let turn = 0;
      do {
        const page = await crm.specimens.list({ orderBy: [{ weight: "desc" }, { code: "asc" }], limit: 7, after });
        seen.push(...page.items.map(({ code }) => code));
        after = page.next;
        await crm.specimens.createMany([{ code: at(turn * 10 + 1), weight: turn % 5 }, { code: at(turn * 10 + 2) }]);
        const added = await crm.specimens.find({ where: { code: at(turn * 10 + 1) } });
        if (turn % 2 === 0) await crm.specimens.delete(added!.id);
        const last = page.items.at(-1)!;
        if (turn === 3) await crm.specimens.delete(last.id);
        turn++;
      } while (after !== undefined);
      const old = seen.filter((code) => code.endsWith("0"));
      expect(old).toHaveLength(120);
      expect(new Set(old).size).toBe(120);
      expect(new Set(seen).size).toBe(seen.length);
    }),
    crmFact("go on from where they ended, although the record there is gone or has moved", async (bench) => {
      const crm = await withSpecimens(bench);
      const orderBy = [{ weight: "asc" }] as const;
      const page = await crm.specimens.list({ orderBy, limit: 3 });
      expect(codesOf(page.items)).toBe("g c a");
      await crm.specimens.delete(page.items[2]!.id);
      await crm.specimens.update(page.items[1]!.id, { weight: 100 });
      expect(codesOf((await crm.specimens.list({ orderBy, limit: 10, after: page.next })).items)).toBe("d f c b e");
    }),
    crmFact("have cursors that hold numbers and money beyond what a double can", async (bench) => {
      const crm = await bench.open();
      const price = (amount: string) => ({ amount, currency: "EUR" });
      await crm.specimens.createMany([
        { code: "a", price: price("92233720368547758.06"), title: "“x”\n" },
        { code: "b", price: price("92233720368547758.07"), title: "“x”\n\u{1F98A}" },
        { code: "c", price: price("92233720368547758.05"), title: "“x”" },
      ]);
      expect(await walk(crm, [{ price: "asc" }], 1)).toBe("c a b");
      expect(await walk(crm, [{ title: "desc" }], 1)).toBe("b a c");
    }),
  ],
};

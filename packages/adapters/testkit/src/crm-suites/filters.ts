/** Conditions: every operator on every kind of field, null logic, and conditions combined. */
import { expect } from "vitest";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { codesWhere, type SampleCrm, type SpecimenWhere } from "./sample-crm.ts";

const eur = (amount: string) => ({ amount, currency: "EUR" });

/** "n" has nothing but its code. */
async function withSpecimens(bench: CrmBench): Promise<SampleCrm> {
  const crm = await bench.open();
  await crm.crates.createMany([{ id: "c1" }, { id: "c2" }]);
  await crm.specimens.createMany([
    {
      code: "a",
      note: "alpha",
      weight: -5,
      ratio: "-0.25",
      price: eur("5.00"),
      foundOn: "2026-01-31",
      seenAt: new Date("2026-01-31T23:00:00Z"),
      active: true,
      grade: "fine",
      details: { a: 1 },
      crateId: "c1",
    },
    {
      code: "b",
      note: "beta",
      weight: 0,
      ratio: "0",
      price: eur("10.00"),
      foundOn: "2026-02-28",
      seenAt: new Date("2026-02-28T00:00:00Z"),
      active: false,
      grade: "fair",
      details: {},
      crateId: "c2",
    },
    {
      code: "c",
      note: "Beta",
      weight: 10,
      ratio: "10.5",
      price: { amount: "10.00", currency: "USD" },
      foundOn: "2026-03-01",
      seenAt: new Date("2026-02-28T00:00:00.001Z"),
      active: false,
      grade: "poor",
      crateId: "c1",
    },
    {
      code: "d",
      note: "",
      weight: 10,
      ratio: "9.125",
      price: { amount: "7", currency: "JPY" },
      foundOn: "2026-12-31",
      seenAt: new Date("2027-01-01T00:00:00Z"),
      grade: "fine",
    },
    { code: "n" },
  ]);
  return crm;
}

/** Each condition and the codes that it holds for. */
function conditions(name: string, cases: readonly (readonly [SpecimenWhere, string])[]) {
  return crmFact(name, async (bench) => {
    const crm = await withSpecimens(bench);
    for (const [where, codes] of cases) {
      const label = JSON.stringify(where);
      expect(`${label}: ${await codesWhere(crm, where)}`).toBe(`${label}: ${codes}`);
      expect(`${label}: ${await crm.specimens.count({ where })}`).toBe(
        `${label}: ${codes === "" ? 0 : codes.split(" ").length}`,
      );
    }
  });
}

export const filters: CrmSuite = {
  name: "conditions",
  facts: [
    conditions("compare whole numbers", [
      [{ weight: 10 }, "c d"],
      [{ weight: { eq: 0 } }, "b"],
      [{ weight: { ne: 10 } }, "a b n"],
      [{ weight: { lt: 0 } }, "a"],
      [{ weight: { lte: 0 } }, "a b"],
      [{ weight: { gt: 0 } }, "c d"],
      [{ weight: { gte: 0 } }, "b c d"],
      [{ weight: { in: [-5, 10, 99] } }, "a c d"],
      [{ weight: { notIn: [-5, 10] } }, "b n"],
      [{ weight: { between: [-5, 0] } }, "a b"],
      [{ weight: { between: [0, -5] } }, ""],
      [{ weight: { gt: -5, lt: 10 } }, "b"],
    ]),
    conditions("compare decimals by their value, not by their digits", [
      [{ ratio: "10.500" }, "c"],
      [{ ratio: { ne: "0.0" } }, "a c d n"],
      [{ ratio: { gt: "9.125" } }, "c"],
      [{ ratio: { gte: "9.125" } }, "c d"],
      [{ ratio: { lt: "0" } }, "a"],
      [{ ratio: { lte: "0" } }, "a b"],
      [{ ratio: { in: ["10.5", "-0.25"] } }, "a c"],
      [{ ratio: { notIn: ["10.5", "-0.25"] } }, "b d n"],
      [{ ratio: { between: ["-0.25", "9.125"] } }, "a b d"],
    ]),
    conditions("compare money within its currency", [
      [{ price: eur("10") }, "b"],
      [{ price: { eq: eur("10.00") } }, "b"],
      [{ price: { gt: eur("1") } }, "a b"],
      [{ price: { gte: eur("10") } }, "b"],
      [{ price: { lt: eur("1000000") } }, "a b"],
      [{ price: { lte: eur("5") } }, "a"],
      [{ price: { gte: { amount: "7", currency: "JPY" } } }, "d"],
      [{ price: { in: [eur("5"), { amount: "10", currency: "USD" }, { amount: "10", currency: "JPY" }] } }, "a c"],
      [{ price: { between: [eur("5"), eur("10")] } }, "a b"],
      [{ price: { in: [] } }, ""],
    ]),
    conditions("have ne and notIn as the complements of eq and in, also for money and for null", [
      [{ price: { ne: eur("10") } }, "a c d n"],
      [{ price: { notIn: [eur("10"), eur("5")] } }, "c d n"],
      [{ price: { notIn: [] } }, "a b c d n"],
      [{ weight: { notIn: [] } }, "a b c d n"],
      [{ grade: { ne: "fine" } }, "b c n"],
      [{ active: { ne: true } }, "b c"],
    ]),
    conditions("compare days", [
      [{ foundOn: "2026-02-28" }, "b"],
      [{ foundOn: { ne: "2026-02-28" } }, "a c d n"],
      [{ foundOn: { lt: "2026-02-28" } }, "a"],
      [{ foundOn: { lte: "2026-02-28" } }, "a b"],
      [{ foundOn: { gt: "2026-02-28" } }, "c d"],
      [{ foundOn: { gte: "2026-02-28" } }, "b c d"],
      [{ foundOn: { between: ["2026-02-28", "2026-12-31"] } }, "b c d"],
      [{ foundOn: { in: ["2026-01-31", "2026-12-31"] } }, "a d"],
      [{ foundOn: { notIn: ["2026-01-31", "2026-12-31"] } }, "b c n"],
    ]),
    conditions("compare instants to the millisecond", [
      [{ seenAt: new Date("2026-02-28T00:00:00Z") }, "b"],
      [{ seenAt: { eq: new Date("2026-02-28T00:00:00.001Z") } }, "c"],
      [{ seenAt: { ne: new Date("2026-02-28T00:00:00Z") } }, "a c d n"],
      [{ seenAt: { gt: new Date("2026-02-28T00:00:00Z") } }, "c d"],
      [{ seenAt: { gte: new Date("2026-02-28T00:00:00Z") } }, "b c d"],
      [{ seenAt: { lt: new Date("2026-02-28T00:00:00Z") } }, "a"],
      [{ seenAt: { lte: new Date("2026-02-28T00:00:00Z") } }, "a b"],
      [{ seenAt: { between: [new Date("2026-02-28T00:00:00Z"), new Date("2026-02-28T00:00:00.001Z")] } }, "b c"],
      [{ seenAt: { in: [new Date("2027-01-01T00:00:00Z")] } }, "d"],
      [{ seenAt: { notIn: [new Date("2027-01-01T00:00:00Z")] } }, "a b c n"],
      [{ createdAt: { lte: new Date("2026-06-15T10:00:00Z") } }, "a b c d n"],
      [{ createdAt: { lt: new Date("2026-06-15T10:00:00Z") } }, ""],
    ]),
    conditions("compare booleans, lists of values and references", [
      [{ active: true }, "a d n"],
      [{ active: { eq: false } }, "b c"],
      [{ active: { in: [true, false] } }, "a b c d n"],
      [{ active: { notIn: [true] } }, "b c"],
      [{ grade: "fine" }, "a d"],
      [{ grade: { in: ["fine", "poor"] } }, "a c d"],
      [{ grade: { notIn: ["fine", "poor"] } }, "b n"],
      [{ crateId: "c1" }, "a c"],
      [{ crateId: { ne: "c1" } }, "b d n"],
      [{ crateId: { in: ["c1", "c2", "c9"] } }, "a b c"],
      [{ crateId: { notIn: ["c1"] } }, "b d n"],
    ]),
    conditions("compare text by code point, where case counts", [
      [{ note: "beta" }, "b"],
      [{ note: "" }, "d"],
      [{ note: { ne: "beta" } }, "a c d n"],
      [{ note: { lt: "a" } }, "c d"],
      [{ note: { lte: "alpha" } }, "a c d"],
      [{ note: { gt: "alpha" } }, "b"],
      [{ note: { gte: "alpha" } }, "a b"],
      [{ note: { between: ["A", "alpha"] } }, "a c"],
      [{ note: { in: ["beta", "Beta", "BETA"] } }, "b c"],
      [{ note: { notIn: ["beta", "Beta"] } }, "a d n"],
      [{ note: { contains: "eta" } }, "b c"],
      [{ note: { contains: "" } }, "a b c d"],
      [{ note: { startsWith: "B" } }, "c"],
      [{ note: { endsWith: "a" } }, "a b c"],
      [{ note: { startsWith: "b", endsWith: "a", contains: "et" } }, "b"],
      [{ code: { gt: "b" } }, "c d n"],
    ]),
    conditions("hold for null only where null is asked for", [
      [{ weight: null }, "n"],
      [{ weight: { eq: null } }, "n"],
      [{ weight: { ne: null } }, "a b c d"],
      [{ price: null }, "n"],
      [{ price: { ne: null } }, "a b c d"],
      [{ crateId: null }, "d n"],
      [{ note: null }, "n"],
      [{ details: null }, "c d n"],
      [{ details: { isNull: true } }, "c d n"],
      [{ details: { isNull: false } }, "a b"],
      [{ archivedAt: null }, "a b c d n"],
      [{ createdBy: null }, "a b c d n"],
      [{ code: null } as never, ""],
      [{ code: { ne: null } }, "a b c d n"],
    ]),
    conditions("are two-valued under not", [
      [{ not: { weight: 10 } }, "a b n"],
      [{ not: { weight: { gt: 0 } } }, "a b n"],
      [{ not: { weight: { ne: 10 } } }, "c d"],
      [{ not: { weight: null } }, "a b c d"],
      [{ not: { note: { contains: "a" } } }, "d n"],
      [{ not: { weight: { between: [0, 10] } } }, "a n"],
      [{ not: { weight: { in: [] } } }, "a b c d n"],
      [{ not: { price: { gt: eur("1") } } }, "c d n"],
      [{ not: { not: { weight: { lt: 10 } } } }, "a b"],
      [{ not: { and: [{ weight: 10 }, { grade: "fine" }] } }, "a b c n"],
      [{ not: { or: [{ weight: 10 }, { grade: "fine" }] } }, "b n"],
      [{ not: {} }, ""],
    ]),
    conditions("combine with and, or and not", [
      [{}, "a b c d n"],
      [{ and: [] }, "a b c d n"],
      [{ or: [] }, ""],
      [{ weight: {} }, "a b c d n"],
      [{ weight: 10, grade: "fine" }, "d"],
      [{ or: [{ weight: -5 }, { grade: "poor" }] }, "a c"],
      [{ or: [{ weight: -5 }, {}] }, "a b c d n"],
      [{ active: true, or: [{ weight: 10 }, { weight: null }] }, "d n"],
      [{ and: [{ or: [{ code: "a" }, { code: "b" }] }, { or: [{ code: "b" }, { code: "c" }] }] }, "b"],
      [{ or: [{ and: [{ weight: 10 }, { not: { grade: "fine" } }] }, { code: { in: ["n"] } }] }, "c n"],
    ]),
    crmFact("take a list of a thousand values", async (bench) => {
      const crm = await withSpecimens(bench);
      const values = Array.from({ length: 1_000 }, (_, number) => number);
      expect(await codesWhere(crm, { weight: { in: values } })).toBe("b c d");
      expect(await codesWhere(crm, { weight: { notIn: values } })).toBe("a n");
      expect(await codesWhere(crm, { price: { in: values.map((value) => eur(String(value))) } })).toBe("a b");
      expect(await codesWhere(crm, { price: { notIn: values.map((value) => eur(String(value))) } })).toBe("c d n");
    }),
    crmFact("combine 5,000 conditions", async (bench) => {
      const crm = await withSpecimens(bench);
      const values = Array.from({ length: 5_000 }, (_, number) => number);
      expect(await codesWhere(crm, { or: values.map((weight) => ({ weight })) })).toBe("b c d");
      expect(await codesWhere(crm, { and: values.map((weight) => ({ weight: { ne: weight } })) })).toBe("a n");
    }),
    crmFact("find a record by its id, and by several", async (bench) => {
      const crm = await withSpecimens(bench);
      const { items } = await crm.specimens.list({ orderBy: [{ code: "asc" }] });
      const [a, b] = items.map(({ id }) => id) as [string, string];
      expect(await codesWhere(crm, { id: a })).toBe("a");
      expect(await codesWhere(crm, { id: { in: [a, b] } })).toBe("a b");
      expect(await codesWhere(crm, { id: { notIn: [a, b] } })).toBe("c d n");
      expect(await codesWhere(crm, { id: { gt: a } })).toBe("b c d n");
    }),
  ],
};

import * as fc from "fast-check";
import { expect, it } from "vitest";
import { openCrm, thingsOf } from "../relationships-fixture.ts";

const NAMES = ["Anna", "Ben", "Cleo", "Dan"] as const;

/** What is true: at most one of each kind between two. */
const facts = fc.uniqueArray(
  fc
    .record({ from: fc.constantFrom(...NAMES), to: fc.constantFrom(...NAMES), kind: fc.constantFrom("boss", "pal") })
    .filter(({ from, to }) => from !== to),
  { selector: ({ from, to, kind }) => `${kind} ${kind === "pal" ? [from, to].sort() : [from, to]}` },
);

/** How each is told: from one side or from both, with one role or with both, once or several times, in any order. */
const tellings = fc.infiniteStream(
  fc.record({
    side: fc.boolean(),
    times: fc.integer({ min: 1, max: 3 }),
    mirrors: fc.integer({ min: 0, max: 2 }),
    both: fc.boolean(),
  }),
);

const WORDS = { boss: ["boss", "worker"], pal: ["pal", "pal"] } as const;

async function openNamed() {
  const crm = await openCrm();
  const { thing, nameOf } = await thingsOf(crm, NAMES.join(", "));
  await crm.relationships.defineTypes([
    { key: "boss", name: "boss of", inverseName: "works for", fromRole: "boss", toRole: "worker", mayReverse: true },
    { key: "pal", name: "pal of", shape: "symmetric", fromRole: "pal" },
  ]);
  return { crm, thing, nameOf };
}

it("makes each relationship once, however often, from whichever side and in whatever order it is told", async () => {
  const run = fc.asyncProperty(facts, tellings, fc.infiniteStream(fc.nat()), fc.boolean(), async (...given) => {
    const [all, told, order, isToldTwice] = given;
    const { crm, thing, nameOf } = await openNamed();
    const rows = all.flatMap(({ from, to, kind }) => {
      const { side, times, mirrors, both } = told.next().value!;
      const [role, inverseRole] = WORDS[kind as "boss" | "pal"];
      const along = { from: thing[from], to: thing[to], role, ...(both ? { inverseRole } : {}) };
      const against = { from: thing[to], to: thing[from], role: inverseRole, ...(both ? { inverseRole: role } : {}) };
      const [first, second] = side ? [along, against] : [against, along];
      const turned = isToldTwice ? Math.max(1, mirrors) : mirrors;
      return [...Array.from({ length: times }, () => first), ...Array.from({ length: turned }, () => second)];
    });
    const shuffled = rows
      .map((row) => ({ row, at: order.next().value! }))
      .sort((a, b) => a.at - b.at)
      .map(({ row }) => row);
    const dry = await crm.relationships.importRelationships(shuffled, { isToldTwice, dryRun: true });
    const report = await crm.relationships.importRelationships(shuffled, { isToldTwice });
    expect({ ...dry, isDryRun: false }).toEqual(report);
    expect(report).toMatchObject({ created: all.length, leftOut: rows.length - all.length });
    expect(report.mirrors + report.doubles).toBe(report.leftOut);
    expect(report.findings.every(({ row, of }) => of! < row)).toBe(true);
    const again = await crm.relationships.importRelationships(shuffled, { isToldTwice });
    expect(again).toMatchObject({ created: 0, unchanged: all.length });
    const textOf = (kind: string, ends: string[]) => `${kind} ${kind === "pal" ? ends.sort() : ends}`;
    const { edges } = await crm.relationships.exportJson();
    expect(edges.map(({ type, from, to }) => textOf(type, [nameOf(from), nameOf(to)])).sort()).toEqual(
      all.map(({ kind, from, to }) => textOf(kind, [from, to])).sort(),
    );
  });
  await fc.assert(run, { numRuns: 25 });
}, 60_000);

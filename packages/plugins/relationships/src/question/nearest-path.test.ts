/** One shortest path on a day, by the storage's walk, beside the search for many. */
import { memory } from "@relata/memory";
import fc from "fast-check";
import { expect, it } from "vitest";
import { drawGraph, openCrm } from "./question-fixture.ts";

const names = "ABCDE123";
const name = fc.constantFrom(...names);
const days = fc.constantFrom("", "2026-01-01..2026-03-31", "2026-03-01..", "..2026-02-28");
const tie = fc
  .tuple(name, name, fc.constantFrom("0", "0.5", ""), days)
  .filter(([a, b]) => a !== b)
  .map(([a, b, strength, span]) => [`${a}${b}`, strength, span].filter((part) => part !== "").join(" "));
const side = fc.uniqueArray(name, { minLength: 1, maxLength: 2 });
const queries = fc.record(
  {
    on: fc.constantFrom("2026-01-15", "2026-03-15"),
    maxHops: fc.constantFrom(2, 6),
    minStrength: fc.constant("0.3"),
    entities: fc.constantFrom(["contact"], ["account"], ["contact", "account"]),
    certainty: fc.constantFrom("stated" as const, "certain" as const, "possible" as const),
  },
  { requiredKeys: ["on"] },
);

it("is as short as the first of many, and one of them", { timeout: 60_000 }, async () => {
  const { crm } = await openCrm(memory());
  const ask = crm.relationships;
  const graph = fc.array(tie, { minLength: 4, maxLength: 14 });
  const questions = fc.array(fc.tuple(side, side, queries), { minLength: 8, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(graph, questions, async (ties, asked) => {
      const { things } = await drawGraph(crm, names, ties);
      for (const [from, to, query] of asked) {
        const sets = [things(from.join("")), things(to.join(""))] as const;
        const many = await ask.shortestPaths(...sets, { ...query, count: 100 });
        const one = await ask.shortestPaths(...sets, query);
        expect(one).toHaveLength(Math.min(many.length, 1));
        if (one[0]) expect(many.filter(({ steps }) => steps.length === many[0]!.steps.length)).toContainEqual(one[0]);
      }
    }),
    { numRuns: 60 },
  );
});

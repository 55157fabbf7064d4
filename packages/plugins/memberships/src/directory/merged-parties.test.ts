import fc from "fast-check";
import { expect, it } from "vitest";
import type { Place } from "./listed-parties.ts";
import { mergedParties } from "./merged-parties.ts";

const order = (a: Place, b: Place) => {
  const text = ({ id, keys }: Place) => `${keys[0] ?? "~"} ${keys[1] ?? "~"} ${id}`;
  return text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0;
};

it("walks several lists as if they were one, each party once, however long the parts are that are read", () => {
  const key = fc.option(fc.constantFrom("a", "b", "c"));
  const party = fc.record({ id: fc.integer({ min: 10, max: 40 }).map(String), keys: fc.tuple(key, key) });
  // The keys of a party are the same in every list.
  const parties = fc.uniqueArray(party, { selector: ({ id }) => id, maxLength: 30 });
  const lists = parties.chain((all) => fc.tuple(...[0, 1, 2].map(() => fc.subarray(all))));
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 5 }), (given, size) => {
      const sorted = given.map((list) => list.toSorted(order));
      const found: Place[] = [];
      let isAll = false;
      while (!isAll) {
        const last = found.at(-1);
        const parts = sorted.map((list) => {
          const rest = last ? list.filter((each) => order(each, last) > 0) : list;
          return { items: rest.slice(0, size), isAll: rest.length < size };
        });
        const merged = mergedParties(parts);
        found.push(...merged.items);
        ({ isAll } = merged);
      }
      const expected = [...new Map(given.flat().map((each) => [each.id, each])).values()].sort(order);
      expect(found).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

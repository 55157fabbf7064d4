/** Rows that are taken one after another, beside a plain model that looks for a circle on each day. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { type AccountRow, acceptRows } from "./accept-rows.ts";

const days = ["2026-01-01", "2026-01-02", "2026-01-03"];
const plain = { kind: "subsidiary", share: null } as const;
const always = { validFrom: null, validUntil: null } as const;
const rules = { shape: "graph", existing: "keep", choiceOf: () => "detach" as const } as const;
const empty = { byChild: new Map(), above: [] };
const rowsOf = (pairs: readonly (readonly [child: string, parent: string])[]): AccountRow[] =>
  pairs.map(([childId, parentId], row) => ({ row, childId, parentId, ...plain, ...always }));

it("takes each row that closes no circle with those before it on any day, and tells the circle of each other one", () => {
  const account = fc.nat(5);
  const day = fc.option(fc.nat(2), { nil: null });
  const edge = fc.record({ child: account, parent: account, from: day, until: day });
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 25 }), (edges) => {
      const rows = edges
        .filter(({ child, parent, from, until }) => child !== parent && (from ?? 0) <= (until ?? 2))
        .map(({ child, parent, from, until }, row) => ({
          ...{ row, childId: `a${child}`, parentId: `a${parent}`, ...plain },
          ...{ validFrom: from === null ? null : days[from]!, validUntil: until === null ? null : days[until]! },
        }));
      const holds = (row: (typeof rows)[number], on: string) =>
        (row.validFrom ?? on) <= on && on <= (row.validUntil ?? on);
      const standing: typeof rows = [];
      const refused: number[] = [];
      for (const row of rows) {
        const isTwice = standing.some(
          (each) =>
            each.childId === row.childId &&
            each.parentId === row.parentId &&
            days.some((on) => holds(each, on) && holds(row, on)),
        );
        const isAbove = (id: string, on: string): boolean =>
          id === row.childId ||
          standing.some((each) => each.childId === id && holds(each, on) && isAbove(each.parentId, on));
        if (isTwice || days.some((on) => holds(row, on) && isAbove(row.parentId, on))) refused.push(row.row);
        else standing.push(row);
      }
      const accepted = acceptRows(rows, empty, rules);
      expect(accepted.problems.map(({ row }) => row)).toEqual(refused);
      for (const { path, row } of accepted.problems) {
        if (!path) continue;
        expect(path.slice(0, 2)).toEqual([rows[row]!.childId, rows[row]!.parentId]);
        expect(path.at(-1)).toBe(path[0]);
        const steps = path.slice(1, -1).map((id, i) => [id, path[i + 2]]);
        const circles = days.filter((on) =>
          steps.every(([childId, parentId]) =>
            standing.some(
              (each) => each.row < row && each.childId === childId && each.parentId === parentId && holds(each, on),
            ),
          ),
        );
        expect(circles.some((on) => holds(rows[row]!, on))).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

it("takes 10,000 rows that are one tangle, and a chain of 2,000 with a row back to its top from each link, in a few seconds", {
  timeout: 30_000,
}, () => {
  const started = process.cpuUsage();
  const chain = Array.from({ length: 2_000 }, (_, i) => i + 1).flatMap((i) => [
    [`${i}`, `${i - 1}`] as const,
    ["0", `${i}`] as const,
  ]);
  expect(acceptRows(rowsOf(chain), empty, rules).problems).toHaveLength(2_000);
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return String(seed % 3_000);
  };
  const tangle = Array.from({ length: 10_000 }, () => [random(), random()] as const);
  const accepted = acceptRows(rowsOf(tangle), empty, rules);
  const kept = [...accepted.standing.values()].flat().length;
  expect(kept + accepted.problems.length).toBe(10_000);
  expect(process.cpuUsage(started).user / 1_000).toBeLessThan(15_000);
});

it("replaces all that is stored where the rows together make a tree, and else leaves out only rows that close a circle", () => {
  const parents = fc.tuple(...Array.from({ length: 6 }, (_, i) => fc.option(fc.nat(5), { nil: null }).map(below(i))));
  const said = fc.uniqueArray(fc.record({ child: fc.nat(5), parent: fc.option(fc.nat(5), { nil: null }) }), {
    selector: ({ child }) => child,
  });
  fc.assert(
    fc.property(parents, said, (before, given) => {
      const above = before.flatMap((parent, child) =>
        parent === null ? [] : [{ id: `e${child}`, childId: `${child}`, parentId: `${parent}`, ...plain, ...always }],
      );
      const rows = given
        .filter(({ child, parent }) => child !== parent)
        .map(({ child, parent }, row): AccountRow => {
          const place = { row, childId: `${child}`, ...always };
          return parent === null ? { ...place, parentId: null } : { ...place, parentId: `${parent}`, ...plain };
        });
      const byChild = new Map(above.map((edge) => [edge.childId, [edge]]));
      const accepted = acceptRows(rows, { byChild, above }, { ...rules, shape: "tree", existing: "replace" });
      const result = new Map(above.map(({ childId, parentId }) => [childId, parentId]));
      const wanted = new Map(result);
      const set = (tree: Map<string, string>, childId: string, parentId: string | null | undefined) =>
        parentId ? tree.set(childId, parentId) : tree.delete(childId);
      for (const { childId, parentId } of rows) set(wanted, childId, parentId);
      for (const [childId, edges] of accepted.standing) {
        expect(edges.length).toBeLessThan(2);
        set(result, childId, edges[0]?.parentId);
      }
      expect(isTree(result)).toBe(true);
      if (isTree(wanted)) expect(accepted.problems).toEqual([]);
      for (const { row, problem } of accepted.problems) {
        const { childId, parentId } = rows[row]!;
        expect(problem).toBe("cycle");
        expect(result.get(childId)).toBe(byChild.get(childId)?.[0]?.parentId);
        expect(isTree(new Map(result).set(childId, parentId!))).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});

/** Stored trees have no circle: who stands below somebody does so below one with a lower number. */
function below(child: number): (parent: number | null) => number | null {
  return (parent) => (parent !== null && parent < child ? parent : null);
}

function isTree(parents: ReadonlyMap<string, string>): boolean {
  return [...parents.keys()].every((start) => {
    let id = parents.get(start);
    for (let steps = 0; id !== undefined && steps < parents.size; steps++) id = parents.get(id);
    return id === undefined;
  });
}

it("turns a chain of 5,000 stored edges round, whose rows come from the top down", { timeout: 30_000 }, () => {
  const stored = Array.from({ length: 5_000 }, (_, i) => ({
    ...{ id: `e${i}`, childId: `${i + 1}`, parentId: `${i}`, ...plain, ...always },
  }));
  const rows = rowsOf(Array.from({ length: 5_000 }, (_, i) => [`${i}`, `${i + 1}`] as const));
  const top: AccountRow = { row: 5_000, childId: "5000", parentId: null, ...always };
  const byChild = new Map(stored.map((edge) => [edge.childId, [edge]]));
  const replacing = { ...rules, shape: "tree", existing: "replace" } as const;
  const accepted = acceptRows([...rows, top], { byChild, above: stored }, replacing);
  expect(accepted.problems).toEqual([]);
  expect(accepted.atTop).toEqual([5_000]);
});

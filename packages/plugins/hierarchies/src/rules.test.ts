/** The pure rules, against what one would write who does not care for speed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DayEdge } from "./arrange.ts";
import { carve, type PlannedEdge } from "./carve.ts";
import { findClash, findExcess } from "./check-children.ts";
import { controllersOf, nearestControllers, ownedEdges } from "./control.ts";
import { effectiveShares } from "./effective-shares.ts";
import { type DatedEdge, findCycle } from "./find-cycle.ts";
import { includes } from "./valid-on.ts";

const days = Array.from({ length: 6 }, (_, i) => `2026-01-0${i + 1}`);
const day = fc.option(fc.constantFrom(...days), { nil: null });
const validity = fc
  .record({ validFrom: day, validUntil: day })
  .filter(({ validFrom, validUntil }) => !validFrom || !validUntil || validFrom <= validUntil);
const account = fc.constantFrom("A", "B", "C", "D", "E");
const holds = (edge: PlannedEdge | DatedEdge, on: string) => includes(edge, { validFrom: on, validUntil: on });

/** Whether one gets from an account to itself over edges that hold on the day. */
function hasCycleOn(edges: readonly DatedEdge[], on: string): boolean {
  let left = edges.filter((edge) => holds(edge, on));
  for (;;) {
    const children = new Set(left.map(({ childId }) => childId));
    const next = left.filter(({ parentId }) => children.has(parentId));
    if (next.length === left.length) return left.length > 0;
    left = next;
  }
}

describe("findCycle", () => {
  it("finds a circle where there is one on some day, and names one that holds on its day", () => {
    const edge = validity.chain((valid) =>
      fc.record({ childId: account, parentId: account }).map((ids) => ({ ...ids, ...valid })),
    );
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 12 }), (edges) => {
        const cycle = findCycle(edges);
        const some = ["2025-12-31", ...days, "2026-02-01"].some((on) => hasCycleOn(edges, on));
        expect(cycle !== undefined).toBe(some);
        if (!cycle) return;
        expect(cycle.path[0]).toBe(cycle.path.at(-1));
        cycle.edges.forEach((each, i) => {
          expect([each.childId, each.parentId]).toEqual([cycle.path[i], cycle.path[i + 1]]);
          expect(holds(each, cycle.on)).toBe(true);
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it("bears a chain of 50,000 accounts that is turned around every year", { timeout: 60_000 }, () => {
    const chain = (year: number) =>
      Array.from({ length: 50_000 }, (_, i) => {
        const [low, high] = year % 2 === 0 ? [i, i + 1] : [i + 1, i];
        return { childId: `${low}`, parentId: `${high}`, validFrom: `${year}-01-01`, validUntil: `${year}-12-31` };
      });
    expect(findCycle([...chain(2025), ...chain(2026)])).toBe(undefined);
    const late = { childId: "50000", parentId: "0", validFrom: "2026-12-31", validUntil: null };
    const cycle = findCycle([...chain(2025), ...chain(2026), late]);
    expect([cycle?.on, cycle?.path.length]).toEqual(["2026-12-31", 50_002]);
  });
});

describe("the edges of one account", () => {
  const edge = fc.tuple(validity, fc.constantFrom("P", "Q", "R"), fc.constantFrom(null, "10", "33.4", "60", "100"));
  const edges = fc.array(
    edge.map(([valid, parentId, share]) => ({
      childId: "C",
      kind: "subsidiary" as const,
      parentId,
      share,
      ...valid,
    })),
    { maxLength: 6 },
  );
  const everyDay = ["0001-01-01", ...days, "9999-12-31"];

  it("clash where two hold on one day", () => {
    fc.assert(
      fc.property(edges, fc.boolean(), (all, sameParent) => {
        const clashes = everyDay.filter((on) => {
          const parents = all.filter((each) => holds(each, on)).map(({ parentId }) => parentId);
          return sameParent ? new Set(parents).size < parents.length : parents.length > 1;
        });
        expect(findClash(all, { sameParent })?.on).toBe(clashes[0]);
      }),
      { numRuns: 1_000 },
    );
  });

  it("are too much from the first day on which their shares are more than the whole", () => {
    fc.assert(
      fc.property(edges, (all) => {
        const total = (on: string) =>
          all.reduce((sum, each) => sum + (holds(each, on) ? Math.round(Number(each.share ?? 0) * 10) : 0), 0);
        expect(findExcess(all)?.on).toBe(everyDay.find((on) => total(on) > 1_000));
      }),
      { numRuns: 1_000 },
    );
  });

  it("lose the days that are cut out, and no others", () => {
    fc.assert(
      fc.property(edges, validity, (all, cut) => {
        const left = carve(
          all.map((each, i) => ({ ...each, id: `${i}` })),
          cut,
        );
        for (const on of ["2025-12-31", ...days, "2026-01-07"]) {
          const parents = (of: readonly PlannedEdge[]) =>
            of
              .filter((each) => holds(each, on))
              .map(({ parentId }) => parentId)
              .toSorted();
          expect(parents(left)).toEqual(includes(cut, { validFrom: on, validUntil: on }) ? [] : parents(all));
        }
        const kept = left.flatMap(({ id }) => id ?? []);
        expect(new Set(kept).size).toBe(kept.length);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** A graph without circles, in which shares of one account are at most the whole. */
const graph = fc
  .array(fc.tuple(fc.nat(6), fc.nat(6), fc.integer({ min: 1, max: 20 })), { maxLength: 16 })
  .map((drawn) => {
    const shares = new Map<number, Map<number, number>>();
    for (const [a, b, share] of drawn) {
      const [parent, child] = [Math.min(a, b), Math.max(a, b)];
      const own = shares.get(child) ?? new Map<number, number>();
      const left = 20 - [...own.values()].reduce((sum, each) => sum + each, 0);
      if (parent === child || own.has(parent) || left === 0) continue;
      shares.set(child, own.set(parent, Math.min(share, left)));
    }
    return [...shares].flatMap(([child, own]) =>
      [...own].map(([parent, share]): DayEdge => {
        const ids = { id: `${parent}-${child}`, childId: `${child}`, parentId: `${parent}` };
        return { ...ids, share: `${share * 5}`, kind: "subsidiary" };
      }),
    );
  });

describe("ownership", () => {
  it("is control where shares of who is controlled already, taken together, exceed half", () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const controllers = nearestControllers(ownedEdges(edges, "graph"));
        for (let owner = 0; owner <= 6; owner++) {
          const controlled = new Set([`${owner}`]);
          for (let size = 0; size < controlled.size; ) {
            size = controlled.size;
            for (let id = 0; id <= 6; id++) {
              const votes = edges.filter(({ childId, parentId }) => childId === `${id}` && controlled.has(parentId));
              if (votes.reduce((sum, { share }) => sum + Number(share), 0) > 50) controlled.add(`${id}`);
            }
          }
          const found = Array.from({ length: 7 }, (_, id) => `${id}`).filter(
            (id) => id === `${owner}` || controllersOf(controllers, id).includes(`${owner}`),
          );
          expect(found).toEqual([...controlled].toSorted());
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("is the sum over all paths of the product of their shares, from either end", () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const owned = ownedEdges(edges, "graph");
        const along = (from: number, to: number): bigint =>
          from === to
            ? 20n ** 7n
            : edges
                .filter(({ parentId }) => parentId === `${from}`)
                .reduce((sum, { childId, share }) => sum + (along(Number(childId), to) * BigInt(share!)) / 100n, 0n);
        for (let owner = 0; owner <= 6; owner++) {
          const down = effectiveShares(owned, `${owner}`, "down");
          for (let id = 0; id <= 6; id++) {
            const wanted = Number(along(owner, id)) / 20 ** 7;
            expect(Number(down.get(`${id}`)?.effective.toFixed() ?? 0) / 100).toBeCloseTo(wanted, 12);
            const up = effectiveShares(owned, `${id}`, "up").get(`${owner}`)?.effective.toFixed();
            expect(up ?? "0").toBe(down.get(`${id}`)?.effective.toFixed() ?? "0");
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

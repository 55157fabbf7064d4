/** The best paths of random graphs beside all simple paths, one after another. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { FULL, productOf } from "./cost.ts";
import type { Answer, SearchEdge, Wanted } from "./search-graph.ts";
import { type PathSearch, searchPaths } from "./search-paths.ts";

/** Answers from memory, and tells what was asked. What has more than `most` edges is a hub. */
function run(
  edges: readonly SearchEdge[],
  { most = Number.POSITIVE_INFINITY, ...search }: PathSearch & { readonly most?: number },
) {
  const asked: string[] = [];
  const { first, last } = search.during;
  const turned = edges.map(({ near, far, ...edge }) => ({ ...edge, near: far, far: near }));
  const all = [...edges, ...turned].filter((edge) => edge.first <= last && edge.last >= first);
  const edgesOf = (key: string) => all.filter(({ near }) => near === key);
  const answer = ({ nodes, strongest }: Wanted): Answer<SearchEdge> => {
    if (strongest === undefined) {
      asked.push(...nodes);
      const hubs = nodes.filter((key) => edgesOf(key).length > most);
      const read = nodes.filter((key) => !hubs.includes(key));
      return { edges: read.flatMap(edgesOf), hubs: new Map(hubs.map((key) => [key, edgesOf(key).length])) };
    }
    asked.push(`${nodes.join()}:${strongest}`);
    const ordered = edgesOf(nodes[0]!).toSorted((a, b) => b.strength - a.strength);
    const told = ordered.slice(0, strongest);
    return { edges: told, rest: told.length < ordered.length ? told.at(-1)!.strength : 0 };
  };
  const walk = searchPaths<SearchEdge>(search);
  let step = walk.next();
  while (!step.done) step = walk.next(answer(step.value));
  const paths = step.value.map(({ nodes, edges: over }) =>
    nodes.map((node, i) => node + (over[i]?.id ?? "")).join(" "),
  );
  return { paths, asked };
}

/** All simple paths, in their order. */
function allPaths(edges: readonly SearchEdge[], search: PathSearch): readonly string[] {
  const [starts, ends] = [new Set(search.starts), new Set(search.ends)];
  const found: { nodes: string[]; edges: SearchEdge[] }[] = [];
  const go = (nodes: string[], over: SearchEdge[]) => {
    const at = nodes.at(-1)!;
    const first = Math.max(search.during.first, ...over.map((edge) => edge.first));
    if (first > Math.min(search.during.last, ...over.map((edge) => edge.last))) return;
    if (ends.has(at)) {
      if (over.length === 0 || !starts.has(at)) found.push({ nodes, edges: over });
      return;
    }
    if (over.length === search.maxHops) return;
    for (const edge of edges) {
      for (const [near, far] of [
        [edge.near, edge.far],
        [edge.far, edge.near],
      ] as const)
        if (near === at && !nodes.includes(far) && !starts.has(far)) go([...nodes, far], [...over, edge]);
    }
  };
  for (const start of starts) go([start], []);
  const product = ({ edges: over }: (typeof found)[number]) =>
    search.byStrength
      ? over.reduce((value, { strength }) => value * BigInt(strength), 1n) * BigInt(FULL) ** BigInt(9 - over.length)
      : 0n;
  const texts = (path: (typeof found)[number]) =>
    path.nodes.flatMap((node, i) => [String(path.edges[i - 1]?.id ?? ""), node]);
  const less = (a: readonly string[], b: readonly string[]) => {
    for (let i = 1; i < a.length; i += 2) {
      if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
      if (a[i - 1] !== b[i - 1]) return a[i - 1]! < b[i - 1]! ? -1 : 1;
    }
    return 0;
  };
  return found
    .toSorted((a, b) => {
      const [p, q] = [product(a), product(b)];
      return p !== q ? (p > q ? -1 : 1) : a.edges.length - b.edges.length || less(texts(a), texts(b));
    })
    .slice(0, search.count)
    .map((path) => path.nodes.map((node, i) => node + (path.edges[i]?.id ?? "")).join(" "));
}

const things = ["a", "b", "c", "d", "e", "f", "g"];
const thing = fc.constantFrom(...things);
const edges = fc
  .array(
    fc.record({
      near: thing,
      far: thing,
      first: fc.constantFrom(Number.NEGATIVE_INFINITY, 1, 2, 3, 4),
      last: fc.constantFrom(2, 3, 4, 5, Number.POSITIVE_INFINITY),
      strength: fc.constantFrom(1, 2_500, 5_000, 8_000, 9_999, FULL),
    }),
    { maxLength: 16 },
  )
  .map((found) =>
    found.map(
      (edge, i): SearchEdge => ({ ...edge, id: String(i).padStart(2, "0"), last: Math.max(edge.first, edge.last) }),
    ),
  );

const searches = fc.record({
  starts: fc.array(thing, { minLength: 1, maxLength: 3 }),
  ends: fc.array(thing, { minLength: 1, maxLength: 3 }),
  count: fc.integer({ min: 1, max: 6 }),
  maxHops: fc.integer({ min: 1, max: 6 }),
  byStrength: fc.boolean(),
  atOnce: fc.constantFrom(1, 2, 50),
  most: fc.constantFrom(1, 2, 4, Number.POSITIVE_INFINITY),
  firstPart: fc.constantFrom(1, 2, 1_000),
  during: fc.constantFrom(
    { first: 3, last: 3 },
    { first: 2, last: 4 },
    { first: Number.NEGATIVE_INFINITY, last: Number.POSITIVE_INFINITY },
  ),
});

it("finds the paths that are first among all simple paths, by edges and by strengths, whose edges share a day", () => {
  fc.assert(
    fc.property(edges, searches, (all, search) => {
      expect(run(all, search).paths).toEqual(allPaths(all, search));
    }),
    { numRuns: 3_000 },
  );
});

const chain = (text: string, strength = FULL): SearchEdge[] =>
  text.split(" ").map((pair, i) => ({
    ...{ id: `${pair}${i}`, near: pair[0]!, far: pair[1]!, strength },
    ...{ first: Number.NEGATIVE_INFINITY, last: Number.POSITIVE_INFINITY },
  }));
const always = { first: Number.NEGATIVE_INFINITY, last: Number.POSITIVE_INFINITY };

it("reads what is between the two, and not what lies behind them", () => {
  const line = chain("ab bc cd de ef fg gh hi ij jk");
  const search = { starts: ["e"], ends: ["g"], count: 1, maxHops: 6, byStrength: false, during: always };
  expect(run(line, search)).toEqual({ paths: ["eef4 ffg5 g"], asked: ["e", "g"] });
});

it("does not read weak ties where a strong way is found", () => {
  const strong = chain("ax xb", 9_000);
  const weak = chain("ap pq qb xr rs", 1_000);
  const search = { starts: ["a"], ends: ["b"], count: 1, maxHops: 6, byStrength: true, during: always };
  const { paths, asked } = run([...strong, ...weak], search);
  expect(paths).toEqual(["aax0 xxb1 b"]);
  expect(asked).toEqual(["a", "b"]);
});

it("multiplies strengths exactly", () => {
  expect(productOf([])).toBe("1");
  expect(productOf([FULL, FULL])).toBe("1");
  expect(productOf([5_000, 5_000, FULL])).toBe("0.25");
  expect(productOf([1, 1, 1, 3])).toBe("0.0000000000000003");
});

/** Random families and jobs, against a model that goes through all ways on each day. */
import { type CrmOptions, createCrm } from "@relata/core";
import { addDays } from "@relata/core/plugin";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { relationships } from "../relationships.ts";
import type { InferenceRuleInput } from "./rule-schemas.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory(), 60],
  ["SQLite", async () => sqlite({ filename: ":memory:" }), 12],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp()))), 6],
] as const;

const PEOPLE = 6;
const FIRMS = 2;
const DAYS = 6;
const dayOf = (place: number) => addDays("2026-01-01", place);

interface Edge {
  readonly type: "parent_child" | "employment" | "marriage";
  readonly from: number;
  readonly to: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly strength: number | null;
}

const span = fc
  .tuple(fc.option(fc.nat(DAYS - 1)), fc.option(fc.nat(DAYS - 1)))
  .map(([a, b]) => (a !== null && b !== null && b < a ? { first: b, last: a } : { first: a, last: b }));
const strength = fc.option(fc.constantFrom(0.5, 0.8, 1));
/** One who is older is the parent, so that nobody is an own ancestor; people come first, then firms. */
const edge = fc
  .tuple(
    fc.constantFrom("parent_child", "parent_child", "employment", "marriage"),
    fc.nat(PEOPLE - 2),
    fc.nat(99),
    span,
    strength,
  )
  .map(([type, from, other, days, strong]): Edge => {
    const to = type === "employment" ? PEOPLE + (other % FIRMS) : from + 1 + (other % (PEOPLE - 1 - from));
    return { type: type as Edge["type"], from, to, ...days, strength: strong };
  });

const rules: readonly (InferenceRuleInput & { readonly ways: readonly (readonly (keyof typeof moves)[])[] })[] = [
  {
    ...{ key: "grandparent", name: "grandparent of", inverseName: "grandchild of", fromRole: "g", toRole: "c" },
    ...{ steps: [{ role: "child" }, { role: "child" }], ways: [["child", "child"]] },
  },
  {
    ...{ key: "cousin", name: "cousin of", fromRole: "cousin", shape: "symmetric" },
    steps: [{ role: "parent" }, { role: "parent" }, { role: "child" }, { role: "child" }],
    ways: [["parent", "parent", "child", "child"]],
  },
  {
    ...{ key: "sibling_in_law", name: "in-law of", fromRole: "in_law", shape: "symmetric" },
    steps: [{ role: "spouse" }, { role: "parent" }, { role: "child" }],
    ways: [
      ["spouse", "parent", "child"],
      ["parent", "child", "spouse"],
    ],
  },
  {
    ...{ key: "close_colleague", name: "colleague of", fromRole: "colleague", shape: "symmetric", minStrength: 0.5 },
    ...{ steps: [{ role: "employer" }, { role: "employee" }], ways: [["employer", "employee"]] },
  },
];

const moves = {
  child: (edges: readonly Edge[], at: number) =>
    edges.filter((e) => e.type === "parent_child" && e.from === at).map((e) => [e, e.to] as const),
  parent: (edges: readonly Edge[], at: number) =>
    edges.filter((e) => e.type === "parent_child" && e.to === at).map((e) => [e, e.from] as const),
  employer: (edges: readonly Edge[], at: number) =>
    edges.filter((e) => e.type === "employment" && e.from === at).map((e) => [e, e.to] as const),
  employee: (edges: readonly Edge[], at: number) =>
    edges.filter((e) => e.type === "employment" && e.to === at).map((e) => [e, e.from] as const),
  spouse: (edges: readonly Edge[], at: number) =>
    edges
      .filter((e) => e.type === "marriage" && (e.from === at || e.to === at))
      .map((e) => [e, e.from === at ? e.to : e.from] as const),
};

type Kinds = readonly (keyof typeof moves)[];

interface Going {
  readonly seen: readonly number[];
  readonly left: Kinds;
  readonly product: number | null;
}

/** The ends of all ways on one day, with the greatest product. */
function endsOn(
  edges: readonly Edge[],
  { seen, left, product }: Going,
  least: number,
): readonly (readonly [number, number | null])[] {
  const at = seen.at(-1)!;
  const [kind, ...rest] = left;
  if (!kind) return (product ?? 1) < least ? [] : [[at, product]];
  return moves[kind](edges, at).flatMap(([{ strength: own }, to]) =>
    seen.includes(to)
      ? []
      : endsOn(
          edges,
          {
            seen: [...seen, to],
            left: rest,
            product: own === null ? product : Number(((product ?? 1) * own).toFixed(6)),
          },
          least,
        ),
  );
}

const validOn = (place: number) => (e: Edge) => (e.first ?? -1) <= place && place <= (e.last ?? DAYS);
const reversedKind = {
  child: "parent",
  parent: "child",
  employer: "employee",
  employee: "employer",
  spouse: "spouse",
} as const;

async function open(storage: CrmOptions["storage"]) {
  const crm = await createCrm({ storage, plugins: [relationships()] });
  onTestFinished(() => crm.close());
  const loose = { mayOverlap: true, mayReverse: true };
  await crm.relationships.defineTypes([
    { key: "parent_child", name: "parent of", inverseName: "child of", fromRole: "parent", toRole: "child", ...loose },
    {
      key: "employment",
      name: "employee of",
      inverseName: "employer of",
      fromRole: "employee",
      toRole: "employer",
      ...loose,
    },
    { key: "marriage", shape: "symmetric", name: "spouse of", fromRole: "spouse", ...loose },
  ]);
  const build = async (edges: readonly Edge[]) => {
    const people = await crm.contacts.createMany(Array.from({ length: PEOPLE }, () => ({ givenName: "P" })));
    const firms = await crm.accounts.createMany(Array.from({ length: FIRMS }, () => ({ name: "F" })));
    const things = [
      ...people.map(({ id }) => ({ entityType: "contact", id })),
      ...firms.map(({ id }) => ({ entityType: "account", id })),
    ];
    await crm.relationships.relateMany(
      edges.map(({ type, from, to, first, last, strength: own }) => ({
        ...{ type, from: things[from]!, to: things[to]! },
        ...(first === null ? {} : { validFrom: dayOf(first) }),
        ...(last === null ? {} : { validUntil: dayOf(last) }),
        ...(own === null ? {} : { strength: String(own) }),
      })),
    );
    return things;
  };
  return { crm, build };
}

describe.each(storages)("rules over random relationships, on %s", { timeout: 60_000 }, (_, make, numRuns) => {
  it("find what a model finds, on each day and over all days, from one thing and between two", async () => {
    const { crm, build } = await open(await make());
    await fc.assert(
      fc.asyncProperty(
        fc.array(edge, { maxLength: 14 }),
        fc.nat(PEOPLE - 1),
        fc.nat(DAYS - 1),
        async (edges, start, place) => {
          const things = await build(edges);
          const placeOf = new Map(things.map(({ id }, at) => [id, at]));
          for (const { ways, ...rule } of rules) {
            const directions =
              rule.shape === "symmetric"
                ? [ways]
                : [ways, ways.map((way) => way.toReversed().map((kind) => reversedKind[kind]))];
            const model = (on: number) =>
              directions.flatMap((kinds, side) => {
                const ends = new Map<number, number | null>();
                for (const way of kinds)
                  for (const [to, product] of endsOn(
                    edges.filter(validOn(on)),
                    { seen: [start], left: way, product: null },
                    rule.minStrength ?? 0,
                  )) {
                    const known = ends.get(to) ?? null;
                    ends.set(to, known === null ? product : Math.max(known, product ?? 0));
                  }
                return [...ends].map(([to, product]) => `${side ? rule.inverseName : rule.name} ${to} ${product}`);
              });
            const told = (all: Awaited<ReturnType<typeof crm.relationships.inferred>>) =>
              all.map(({ name, far, strength: found }) => `${name} ${placeOf.get(far.id)} ${found}`).sort();
            const onDay = await crm.relationships.inferred(things[start]!, { rules: [rule], on: dayOf(place) });
            expect(told(onDay)).toEqual(model(place).sort());
            const any = await crm.relationships.inferred(things[start]!, { rules: [rule], on: null });
            for (let on = 0; on < DAYS; on++) {
              const held = any.filter(({ days }) =>
                days.some((d) => (d.validFrom ?? "") <= dayOf(on) && dayOf(on) <= (d.validUntil ?? "9")),
              );
              const ends = (all: readonly string[]) => all.map((line) => line.replace(/ [^ ]+$/, "")).sort();
              expect(ends(told(held))).toEqual(ends(model(on)));
            }
            for (const answer of any.slice(0, 2))
              expect(
                (
                  await crm.relationships.inferredBetween(things[start]!, answer.far, { rules: [rule], on: null })
                ).filter(({ name }) => name === answer.name),
              ).toEqual([answer]);
          }
        },
      ),
      { numRuns },
    );
  });
});

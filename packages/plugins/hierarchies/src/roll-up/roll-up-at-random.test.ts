/** Random groups and records against a plain model that shares no code with the plugin: it follows every way by itself. */
import { type CrmOptions, count, max, min, sum } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeHierarchy, makeTree, openCrm } from "../group-fixture.ts";
import { latest } from "./measures.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

async function open(make: () => Promise<CrmOptions["storage"]>, options: Partial<CrmOptions> = {}) {
  const crm = await openCrm({ storage: await make(), ...options });
  onTestFinished(() => crm.close());
  return crm;
}

interface Edge {
  readonly child: number;
  readonly parent: number;
  /** Thousandths of a per cent. */
  readonly share: number;
}

interface Shipment {
  readonly account: number;
  readonly boxes: number | null;
  readonly cents: number | null;
  readonly currency: "EUR" | "JPY";
  readonly day: number | null;
}

const SIZE = 7;

/** Parents come before their children, so that there are no circles; in a tree each has one at most. */
const edges = (tree: boolean) =>
  fc
    .uniqueArray(
      fc.record({ child: fc.integer({ min: 1, max: SIZE - 1 }), parent: fc.nat(SIZE - 1), share: fc.nat(100_000) }),
      { selector: ({ child, parent }) => (tree ? `${child}` : `${child} ${parent}`), maxLength: tree ? SIZE : 12 },
    )
    .map((list) => list.map((edge): Edge => ({ ...edge, parent: edge.parent % edge.child })))
    .map((list) => list.filter((edge, at) => list.findIndex((other) => sameEnds(edge, other)) === at))
    .map(withinTheWhole);

const sameEnds = (a: Edge, b: Edge) => a.child === b.child && a.parent === b.parent;

/** The shares of one account are at most the whole of it. */
function withinTheWhole(list: readonly Edge[]): readonly Edge[] {
  return list.map((edge) => {
    const parents = list.filter(({ child }) => child === edge.child).length;
    return { ...edge, share: Math.floor(edge.share / parents) };
  });
}

const shipments = fc.array(
  fc.record({
    account: fc.nat(SIZE - 1),
    boxes: fc.option(fc.integer({ min: -9, max: 9 })),
    cents: fc.option(fc.integer({ min: -99_999, max: 99_999 })),
    currency: fc.constantFrom("EUR" as const, "JPY" as const),
    day: fc.option(fc.integer({ min: 10, max: 14 })),
  }),
  { maxLength: 12 },
);

const measures = {
  number: count(),
  boxes: sum("boxes"),
  value: sum("value"),
  euros: sum("value", { in: "EUR", on: "2026-06-01" }),
  dated: sum("value", { in: "EUR", on: "shippedOn" }),
  least: min("value"),
  last: max("shippedOn"),
  latest: latest("label", { by: "shippedOn" }),
};

/** How many ways there are from an account down to another, each with the product of its shares, in units of 10^-5 for each edge. */
function waysFrom(
  list: readonly Edge[],
  top: number,
): readonly { readonly to: number; readonly shares: readonly number[] }[] {
  const below = list.filter(({ parent }) => parent === top);
  return [
    { to: top, shares: [] },
    ...below.flatMap(({ child, share }) =>
      waysFrom(list, child).map(({ to, shares }) => ({ to, shares: [share, ...shares] })),
    ),
  ];
}

const LONGEST = SIZE;
const UNIT = 100_000n;

/** The part of `to` that `top` owns, times 10^(5 × LONGEST). */
function partOf(list: readonly Edge[], top: number, to: number): bigint {
  return waysFrom(list, top)
    .filter((way) => way.to === to)
    .reduce((all, { shares }) => {
      const product = shares.reduce((so, share) => so * BigInt(share), 1n);
      return all + product * UNIT ** BigInt(LONGEST - shares.length);
    }, 0n);
}

/** Half to even. */
function rounded(numerator: bigint, denominator: bigint): bigint {
  const floor = numerator / denominator - (numerator % denominator < 0n ? 1n : 0n);
  const twice = (numerator - floor * denominator) * 2n;
  return twice > denominator || (twice === denominator && floor % 2n !== 0n) ? floor + 1n : floor;
}

const euros = (cents: bigint) => {
  const size = (cents < 0n ? -cents : cents).toString().padStart(3, "0");
  return { amount: `${cents < 0n ? "-" : ""}${size.slice(0, -2)}.${size.slice(-2)}`, currency: "EUR" };
};
const yen = (amount: bigint) => ({ amount: amount.toString(), currency: "JPY" });
const dayOf = ({ day }: Shipment) => (day === null ? null : `2026-01-${day}`);
const labelOf = ({ boxes, cents }: Shipment) => `${boxes} ${cents}`;

/** A yen is 0.007 euros until 12 January and 0.013 from then on: thousandths of a euro, a tenth of a cent. */
const perMille = (day: string) => (day < "2026-01-12" ? 7n : 13n);

interface Modelled {
  readonly list: readonly Edge[];
  readonly all: readonly Shipment[];
  readonly weighted: boolean;
}

function modelOf({ list, all, weighted }: Modelled, top: number) {
  const reached = new Set(waysFrom(list, top).map(({ to }) => to));
  const below = all.filter(({ account }) => reached.has(account));
  const scale = UNIT ** BigInt(LONGEST);
  const part = ({ account }: Shipment) => (weighted ? partOf(list, top, account) : scale);
  const total = (of: readonly Shipment[], value: (each: Shipment) => bigint, divisor = 1n) =>
    rounded(
      of.reduce((so, each) => so + value(each) * part(each), 0n),
      scale * divisor,
    );
  const valued = below.filter(({ cents }) => cents !== null);
  const inCurrency = (currency: string) => valued.filter((each) => each.currency === currency);
  // In thousandths of a cent: cents of euros are thousands of them, and a yen is `perMille` tenths of a cent.
  const converted = (day: (each: Shipment) => string) =>
    valued.length === 0
      ? null
      : euros(
          total(valued, (each) => BigInt(each.cents!) * (each.currency === "EUR" ? 10n : perMille(day(each))), 10n),
        );
  const boxed = below.filter(({ boxes }) => boxes !== null);
  const least = (currency: "EUR" | "JPY") => {
    const amounts = inCurrency(currency).map(({ cents }) => cents!);
    return amounts.length === 0 ? [] : [(currency === "EUR" ? euros : yen)(BigInt(Math.min(...amounts)))];
  };
  const dated = below.filter(({ day }) => day !== null);
  const last = dated.length === 0 ? null : `2026-01-${Math.max(...dated.map(({ day }) => day!))}`;
  const latestLabels = dated
    .filter((each) => dayOf(each) === last)
    .map(labelOf)
    .sort();
  return {
    number: below.length,
    boxes: boxed.length === 0 ? null : Number(total(boxed, ({ boxes }) => BigInt(boxes!))),
    value: [
      ...(inCurrency("EUR").length === 0 ? [] : [euros(total(inCurrency("EUR"), ({ cents }) => BigInt(cents!)))]),
      ...(inCurrency("JPY").length === 0 ? [] : [yen(total(inCurrency("JPY"), ({ cents }) => BigInt(cents!)))]),
    ],
    euros: converted(() => "2026-06-01"),
    dated: converted((each) => dayOf(each)!),
    least: [...least("EUR"), ...least("JPY")],
    last,
    latest: latestLabels.at(-1) ?? null,
  };
}

/** Yen without a day cannot be converted on it. */
const canBeDated = (each: Shipment) => each.currency === "EUR" || each.day !== null || each.cents === null;

describe.each(storages)("roll-ups at random on %s", (storage, make) => {
  const runs = storage === "memory" ? 40 : 8;

  it.each(["tree", "graph"] as const)("are what a plain model says, in a %s", { timeout: 120_000 }, async (shape) => {
    const crm = await open(make);
    await crm.exchangeRates.createMany([
      { baseCurrency: "JPY", quoteCurrency: "EUR", day: "2026-01-01", rate: "0.007" },
      { baseCurrency: "JPY", quoteCurrency: "EUR", day: "2026-01-12", rate: "0.013" },
    ]);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(edges(shape === "tree"), shipments, fc.boolean(), async (list, made, weighted) => {
        const all = made.filter(canBeDated);
        const names = Array.from({ length: SIZE }, (_, i) => `${i}`);
        const ids = await makeTree(crm, names);
        const hierarchy = `run${run++}`;
        const stored = list.map(({ child, parent, share }) => {
          return [ids[child]!, ids[parent]!, (share / 1_000).toFixed(3)] as const;
        });
        await makeHierarchy(crm, { key: hierarchy, shape, edges: stored });
        await crm.shipments.createMany(
          all.map((each) => ({
            senderId: ids[each.account]!,
            label: labelOf(each),
            boxes: each.boxes,
            value:
              each.cents === null
                ? null
                : each.currency === "EUR"
                  ? euros(BigInt(each.cents))
                  : yen(BigInt(each.cents)),
            shippedOn: dayOf(each),
          })),
        );
        const query = { entity: "shipment", by: "senderId", hierarchy, weighted, measures } as const;
        const named = new Map(names.map((name) => [ids[name]!, Number(name)]));
        const rows = await crm.hierarchies.rollUpAll(query);
        const standing = new Set(list.flatMap(({ child, parent }) => [child, parent]));
        expect(new Set(rows.map(({ id }) => named.get(id)))).toEqual(standing);
        for (const { id, own, total } of rows) {
          const at = named.get(id)!;
          expect(total).toEqual(modelOf({ list, all, weighted }, at));
          expect(own).toEqual(modelOf({ list: [], all, weighted }, at));
        }
        const [first] = rows;
        if (first)
          expect(await crm.hierarchies.rollUp(first.id, query)).toEqual({ own: first.own, total: first.total });
      }),
      { numRuns: runs },
    );
  });

  it("are the same in the default hierarchy, of one account and of all", { timeout: 120_000 }, async () => {
    const crm = await open(make);
    await crm.exchangeRates.create({ baseCurrency: "JPY", quoteCurrency: "EUR", day: "2026-01-01", rate: "0.007" });
    await crm.exchangeRates.create({ baseCurrency: "JPY", quoteCurrency: "EUR", day: "2026-01-12", rate: "0.013" });
    await fc.assert(
      fc.asyncProperty(edges(true), shipments, fc.nat(SIZE - 1), async (list, made, top) => {
        const all = made.filter(canBeDated);
        const names = Array.from({ length: SIZE }, (_, i) => `${i}`);
        const parentOf = (at: number) => list.find(({ child }) => child === at)?.parent;
        const ids = await makeTree(
          crm,
          names.map((name) => (parentOf(Number(name)) === undefined ? name : `${parentOf(Number(name))}/${name}`)),
        );
        await crm.shipments.createMany(
          all.map((each) => ({
            senderId: ids[each.account]!,
            label: labelOf(each),
            boxes: each.boxes,
            value:
              each.cents === null
                ? null
                : each.currency === "EUR"
                  ? euros(BigInt(each.cents))
                  : yen(BigInt(each.cents)),
            shippedOn: dayOf(each),
          })),
        );
        const query = { entity: "shipment", by: "senderId", measures } as const;
        const { own, total } = await crm.hierarchies.rollUp(ids[top]!, query);
        expect(total).toEqual(modelOf({ list, all, weighted: false }, top));
        const [first] = await crm.hierarchies.rollUpAll({ ...query, under: ids[top]! });
        expect(first).toMatchObject({ id: ids[top], own, total });
      }),
      { numRuns: runs },
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tally } from "../roll-up/tally.ts";
import { isSameTally, type Judgement, judge } from "./judge.ts";

const eur = (units: number): Tally => new Map([["EUR", BigInt(units)]]);
const plain = (tally: Tally) => Object.fromEntries([...tally].map(([currency, units]) => [currency, Number(units)]));

/** Ann is above Ben, who is above Cid and Dee. */
const managerOf = new Map([
  ["ann", null],
  ["ben", "ann"],
  ["cid", "ben"],
  ["dee", "ben"],
]);
const userIds = ["ann", "ben", "cid", "dee"];
const own = new Map([
  ["ann", eur(1)],
  ["ben", eur(10)],
  ["cid", eur(100)],
  ["dee", eur(1_000)],
]);

/** "ben>cid=50": Ben says that Cid's figure is 50; "+": adds; "*": of the whole. */
function said(word: string): Judgement {
  const [, byId = "", userId = "", whole, sign, units = ""] = /^(\w+)>(\w+)(\*?)([=+])(-?\d+)$/.exec(word) ?? [];
  return {
    ...{ id: word, userId, byId, kind: byId === userId ? "owner" : "manager", currency: "EUR", units: BigInt(units) },
    mode: sign === "=" ? "absolute" : "difference",
    whole: whole === "*",
  };
}

const viewsOf = (words: readonly string[], userId: string, managers = managerOf) => {
  const views = judge({ userIds, managerOf: managers, own, judgements: words.map(said) }).get(userId)!;
  return {
    views: [
      views.ownerOnly,
      views.withoutAdjustments,
      views.withoutOwnerAdjustment,
      views.withoutManagerAdjustment,
      views.forecast,
    ].map((tally) => Number(tally.get("EUR") ?? 0n)),
    states: Object.fromEntries(views.judged.map(({ judgement, state }) => [judgement.id, state])),
    beneath: Object.fromEntries(
      views.judged.map(({ judgement, beneath }) => [judgement.id, Number(beneath.get("EUR") ?? 0n)]),
    ),
    below: views.adjustmentsBelow,
  };
};

describe("judge", () => {
  it("adds up what is owned where nobody says anything", () => {
    expect(viewsOf([], "ann").views).toEqual([1, 1_111, 1_111, 1_111, 1_111]);
    expect(viewsOf([], "ben").views).toEqual([10, 1_110, 1_110, 1_110, 1_110]);
    expect(viewsOf([], "dee").views).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
  });

  it("replaces all that lies beneath by an absolute adjustment, and adds a difference to it", () => {
    expect(viewsOf(["ben>dee=700"], "ben").views).toEqual([10, 1_110, 810, 810, 810]);
    expect(viewsOf(["ben>dee=700", "ben>ben=900"], "ben").views).toEqual([10, 1_110, 810, 900, 900]);
    expect(viewsOf(["ben>dee=700", "ben>ben+50"], "ben").views).toEqual([10, 1_110, 810, 860, 860]);
    expect(viewsOf(["ben>dee=700", "ben>ben=900", "ann>ben+-20"], "ben").views).toEqual([10, 1_110, 810, 900, 880]);
    expect(viewsOf(["ben>dee=700", "ben>ben=900", "ann>ben+-20"], "ann")).toMatchObject({
      views: [1, 1_111, 881, 881, 881],
      below: 3,
    });
    expect(viewsOf(["dee>dee=600", "ben>dee+5"], "dee")).toMatchObject({
      views: [1_000, 1_000, 1_000, 600, 605],
      beneath: { "dee>dee=600": 1_000, "ben>dee+5": 600 },
    });
  });

  it("applies what those above say from the nearest upwards: the last word is the topmost absolute one", () => {
    expect(viewsOf(["ann>dee=500", "ben>dee=700", "dee>dee+1"], "dee")).toEqual({
      views: [1_000, 1_000, 1_000, 1_001, 500],
      states: { "dee>dee+1": "replaced", "ben>dee=700": "replaced", "ann>dee=500": "counts" },
      beneath: { "dee>dee+1": 1_000, "ben>dee=700": 1_001, "ann>dee=500": 700 },
      below: 0,
    });
    expect(viewsOf(["ann>dee+7", "ben>dee=700"], "dee").views.at(-1)).toBe(707);
    expect(viewsOf(["ann>dee+7", "ben>dee=700"], "ben").views).toEqual([10, 1_110, 817, 817, 817]);
  });

  it("leaves out what somebody says who stands above no longer", () => {
    const moved = new Map([...managerOf, ["dee", "ann"]]);
    expect(viewsOf(["ben>dee=700"], "dee", moved)).toMatchObject({
      views: [1_000, 1_000, 1_000, 1_000, 1_000],
      states: { "ben>dee=700": "not_above" },
    });
    expect(viewsOf(["ben>dee=700"], "ann", moved)).toMatchObject({ views: [1, 1_111, 1_111, 1_111, 1_111], below: 0 });
  });

  it("keeps currencies apart, unless the whole is judged", () => {
    const mixed: Tally = new Map([
      ["EUR", 100n],
      ["USD", 30n],
    ]);
    const figures = (words: readonly string[]) => {
      const judgements = words.map(said);
      return plain(
        judge({ userIds: ["cid"], managerOf, own: new Map([["cid", mixed]]), judgements }).get("cid")!.forecast,
      );
    };
    expect(figures(["cid>cid=80"])).toEqual({ EUR: 80, USD: 30 });
    expect(figures(["cid>cid*=120"])).toEqual({ EUR: 120 });
    expect(figures(["cid>cid*+5"])).toEqual({ EUR: 105, USD: 30 });
    expect(figures(["cid>cid*=120", "ben>cid+1"])).toEqual({ EUR: 121 });
  });

  it("agrees with a plain recursion on random trees and adjustments", () => {
    fc.assert(
      fc.property(programs, ({ parents, amounts, words }) => {
        const ids = parents.map((_, i) => `u${i}`);
        const managers = new Map(parents.map((parent, i) => [ids[i]!, parent === null ? null : ids[parent]!]));
        const judgements = words.map((word, i): Judgement => {
          const [userId, byId] = [ids[word.user % ids.length]!, ids[word.by % ids.length]!];
          const kind = userId === byId ? "owner" : "manager";
          return { ...word, id: `${i}`, userId, byId, kind, units: BigInt(word.units) };
        });
        const distinct = judgements.filter(
          (one, at) => judgements.findIndex((other) => slotOf(one) === slotOf(other)) === at,
        );
        const views = judge({
          ...{ userIds: ids, managerOf: managers, judgements: distinct },
          own: new Map(ids.map((id, i) => [id, new Map(Object.entries(amounts[i]!).map(([k, v]) => [k, BigInt(v)]))])),
        });
        const model = modelOf(parents, amounts, distinct);
        for (const [i, id] of ids.entries()) {
          const { forecast, withoutAdjustments, withoutManagerAdjustment } = views.get(id)!;
          expect(nonZero(plain(forecast))).toEqual(nonZero(model.seenAbove(i)));
          expect(nonZero(plain(withoutManagerAdjustment))).toEqual(nonZero(model.seenByOwner(i)));
          expect(nonZero(plain(withoutAdjustments))).toEqual(nonZero(model.plain(i)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("takes what is not there for nothing", () => {
    expect(isSameTally(eur(0), new Map())).toBe(true);
    expect(isSameTally(eur(5), new Map([["USD", 5n]]))).toBe(false);
  });
});

type Plain = Readonly<Record<string, number>>;

const currencies = ["EUR", "USD"] as const;
const SIZE = 8;

const programs = fc.record({
  parents: fc
    .array(fc.option(fc.nat(SIZE), { freq: 4 }), { minLength: 1, maxLength: SIZE })
    .map((list) => list.map((parent, i) => (parent === null || i === 0 ? null : parent % i))),
  amounts: fc.array(fc.record({ EUR: fc.nat(999), USD: fc.nat(999) }), { minLength: SIZE, maxLength: SIZE }),
  words: fc.array(
    fc.record({
      user: fc.nat(SIZE),
      by: fc.nat(SIZE),
      mode: fc.constantFrom("absolute" as const, "difference" as const),
      currency: fc.constantFrom(...currencies),
      whole: fc.boolean(),
      units: fc.integer({ min: -500, max: 999 }),
    }),
    { maxLength: 14 },
  ),
});

/** As it is stored: of one author one for each currency, and one of the whole. */
const slotOf = ({ userId, byId, currency, whole }: Judgement) => [userId, byId, whole ? "" : currency].join();

const nonZero = (tally: Plain) => Object.fromEntries(Object.entries(tally).filter(([, units]) => units !== 0));
const sum = (all: readonly Plain[]): Plain =>
  Object.fromEntries(currencies.map((each) => [each, all.reduce((total, one) => total + (one[each] ?? 0), 0)]));

/** The definition, followed from each user downwards again and again. */
function modelOf(parents: readonly (number | null)[], amounts: readonly Plain[], judgements: readonly Judgement[]) {
  const reports = (i: number) => parents.flatMap((parent, at) => (parent === i ? [at] : []));
  const say = (figure: Plain, user: number, by: number): Plain => {
    const words = judgements.filter(({ userId, byId }) => userId === `u${user}` && byId === `u${by}`);
    let said = figure;
    for (const { mode, currency, units } of words.filter((word) => !word.whole))
      said = { ...said, [currency]: (mode === "absolute" ? 0 : (said[currency] ?? 0)) + Number(units) };
    for (const { mode, currency, units } of words.filter((word) => word.whole))
      said = mode === "absolute" ? { [currency]: Number(units) } : sum([said, { [currency]: Number(units) }]);
    return said;
  };
  const plainOf = (i: number): Plain => sum([amounts[i]!, ...reports(i).map(plainOf)]);
  const seenByOwner = (i: number): Plain => say(sum([amounts[i]!, ...reports(i).map(seenAbove)]), i, i);
  function seenAbove(i: number): Plain {
    let figure = seenByOwner(i);
    for (let by = parents[i] ?? null; by !== null; by = parents[by] ?? null) figure = say(figure, i, by);
    return figure;
  }
  return { plain: plainOf, seenByOwner, seenAbove };
}

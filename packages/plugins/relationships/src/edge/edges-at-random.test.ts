import * as fc from "fast-check";
import { expect, it } from "vitest";
import { edgesAround } from "../edges-around.ts";
import { asContext, onEveryStorage, type TestedCrm, thingsOf } from "../relationships-fixture.ts";

const PEOPLE = ["A", "B", "C", "D"] as const;
const DAYS = Array.from({ length: 8 }, (_, at) => `2026-01-0${at + 1}`);
const FIRST = "2025-12-31";
const LAST = "2026-01-09";
/** One day before all, those in between, one after all. */
const ALL_DAYS = [FIRST, ...DAYS, LAST];

interface ModelType {
  readonly key: string;
  readonly isSymmetric: boolean;
  readonly mayOverlap: boolean;
  readonly mayReverse: boolean;
  readonly mayRelateToSelf: boolean;
  readonly limit?: { readonly end: "from" | "to"; readonly most: number; readonly primary: boolean };
}

const types: readonly ModelType[] = [
  {
    key: "strict",
    isSymmetric: false,
    mayOverlap: false,
    mayReverse: false,
    mayRelateToSelf: false,
    limit: { end: "to", most: 2, primary: false },
  },
  {
    key: "first",
    isSymmetric: false,
    mayOverlap: false,
    mayReverse: true,
    mayRelateToSelf: false,
    limit: { end: "from", most: 1, primary: true },
  },
  {
    key: "alike",
    isSymmetric: true,
    mayOverlap: false,
    mayReverse: false,
    mayRelateToSelf: true,
    limit: { end: "from", most: 2, primary: false },
  },
  { key: "loose", isSymmetric: false, mayOverlap: true, mayReverse: false, mayRelateToSelf: true },
];

interface ModelEdge {
  readonly type: ModelType;
  readonly from: string;
  readonly to: string;
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly isPrimary: boolean;
  readonly retracted: boolean;
}

type Model = ReadonlyMap<number, ModelEdge>;

const isOn = (edge: ModelEdge, day: string) =>
  !edge.retracted && (edge.validFrom ?? FIRST) <= day && day <= (edge.validUntil ?? LAST);

/** Every rule, day by day, by counting. */
function isAllowed(model: Model): boolean {
  const all = [...model.values()].filter(({ retracted }) => !retracted);
  if (all.some(({ validFrom, validUntil }) => validFrom !== null && validUntil !== null && validUntil < validFrom))
    return false;
  if (all.some(({ type, from, to }) => from === to && !type.mayRelateToSelf)) return false;
  return ALL_DAYS.every((day) =>
    types.every((type) =>
      isAllowedOn(
        all.filter((edge) => edge.type === type && isOn(edge, day)),
        type,
      ),
    ),
  );
}

function isAllowedOn(edges: readonly ModelEdge[], { isSymmetric, mayOverlap, mayReverse, limit }: ModelType): boolean {
  for (const a of PEOPLE)
    for (const b of PEOPLE) {
      const along = edges.filter(({ from, to }) => from === a && to === b).length;
      const against = edges.filter(({ from, to }) => from === b && to === a).length;
      if (!mayOverlap && (isSymmetric && a !== b ? along + against : along) > 1) return false;
      if (!isSymmetric && !mayReverse && a !== b && along > 0 && against > 0) return false;
    }
  if (!limit) return true;
  const counted = edges.filter(({ isPrimary }) => isPrimary || !limit.primary);
  return PEOPLE.every((who) => {
    const those = counted.filter(({ from, to }) =>
      isSymmetric ? from === who || to === who : (limit.end === "from" ? from : to) === who,
    );
    return those.length <= limit.most;
  });
}

const day = fc.option(fc.constantFrom(...DAYS), { nil: null });
const person = fc.constantFrom(...PEOPLE);
const draft = fc.record({
  type: fc.constantFrom(...types),
  ...{ from: person, to: person, validFrom: day, validUntil: day, isPrimary: fc.boolean() },
});
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("relate" as const), draft }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("relateMany" as const),
      drafts: fc.array(draft, { minLength: 2, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("end" as const), at: fc.nat(30), on: fc.constantFrom(...DAYS) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("correct" as const),
      at: fc.nat(30),
      validFrom: day,
      validUntil: day,
      isPrimary: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("supersede" as const), at: fc.nat(30), on: fc.constantFrom(...DAYS) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("retract" as const, "reopen" as const), at: fc.nat(30) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const addDay = (on: string, days: number) => ALL_DAYS[ALL_DAYS.indexOf(on) + days]!;

/** The model after a step; undefined where the step is refused. */
function applied(model: Model, next: Step): Model | undefined {
  const after = new Map(model);
  const add = (edge: Omit<ModelEdge, "retracted">) => after.set(after.size, { ...edge, retracted: false });
  if (next.do === "relate") add(next.draft);
  else if (next.do === "relateMany") next.drafts.map(add);
  else {
    const edge = model.get(next.at)!;
    const { retracted, validFrom, validUntil } = edge;
    switch (next.do) {
      case "end":
        if (retracted || (validUntil ?? LAST) < next.on) return undefined;
        after.set(next.at, { ...edge, validUntil: next.on });
        break;
      case "correct":
        if (retracted) return undefined;
        after.set(next.at, {
          ...edge,
          validFrom: next.validFrom,
          validUntil: next.validUntil,
          isPrimary: next.isPrimary,
        });
        break;
      case "supersede":
        if (retracted || (validUntil ?? LAST) < next.on || (validFrom ?? FIRST) >= next.on) return undefined;
        after.set(next.at, { ...edge, validUntil: addDay(next.on, -1) });
        add({ ...edge, validFrom: next.on });
        break;
      case "retract":
        after.set(next.at, { ...edge, retracted: true });
        break;
      case "reopen":
        if (!retracted && validUntil === null) return undefined;
        after.set(next.at, retracted ? { ...edge, retracted: false } : { ...edge, validUntil: null });
        break;
      default:
        next satisfies never;
    }
  }
  return isAllowed(after) ? after : undefined;
}

/** "strict A>B" as each of the two sees it, on each day. */
function pairsOf(model: Model): readonly string[] {
  const found = [...model.values()].flatMap((edge) => {
    const { type, from, to } = edge;
    const once =
      type.isSymmetric && from === to
        ? [`${from} ${type.key} ${to}`]
        : [`${from} ${type.key} ${to}`, `${to} ${type.key}' ${from}`];
    const told = type.isSymmetric ? once.map((text) => text.replace("'", "")) : once;
    return ALL_DAYS.filter((on) => isOn(edge, on)).flatMap((on) => told.map((text) => `${on} ${text}`));
  });
  return found.toSorted();
}

async function play(crm: TestedCrm, clock: { tick(): void }, program: readonly Step[]) {
  const { thing, nameOf } = await thingsOf(crm, PEOPLE.join(", "));
  const { relate, relateMany, end, correct, supersede, retract, reopen } = crm.relationships;
  const ids: string[] = [];
  let model: Model = new Map();
  const told = async (handle: TestedCrm) => {
    const found: string[] = [];
    for (const on of ALL_DAYS)
      for (const { type, way, near, far } of await edgesAround(asContext(handle), Object.values(thing), { on }))
        found.push(
          `${on} ${nameOf(near)} ${type.key}${way === "against" && type.shape !== "symmetric" ? "'" : ""} ${nameOf(far)}`,
        );
    return found.toSorted();
  };
  const inputOf = ({ type, from, to, ...values }: Omit<ModelEdge, "retracted">) => {
    return { ...values, type: type.key, from: thing[from]!, to: thing[to]! };
  };
  const past: { readonly at: Date; readonly pairs: readonly string[] }[] = [];
  for (const given of program) {
    if ("at" in given && ids.length === 0) continue;
    const next: Step = "at" in given ? { ...given, at: given.at % ids.length } : given;
    const carryOut = async () => {
      if (next.do === "relate") ids.push((await relate(inputOf(next.draft))).id);
      else if (next.do === "relateMany") ids.push(...(await relateMany(next.drafts.map(inputOf))).map(({ id }) => id));
      else {
        const id = ids[next.at]!;
        if (next.do === "end") await end(id, { on: next.on });
        else if (next.do === "correct")
          await correct(id, { validFrom: next.validFrom, validUntil: next.validUntil, isPrimary: next.isPrimary });
        else if (next.do === "supersede") ids.push((await supersede(id, { on: next.on })).record.id);
        else if (next.do === "retract") await retract(id);
        else await reopen(id);
      }
    };
    const expected = applied(model, next);
    const outcome = await carryOut().then(
      () => "taken",
      (error: { readonly code?: string; readonly message: string }) => error.code ?? error.message,
    );
    const refusals = [
      "relationship_overlap",
      "relationship_reversed",
      "too_many_relationships",
      "invalid_input",
      "relationship_ended",
      "relationship_retracted",
      "relationship_not_ended",
    ];
    expect(expected ? ["taken"] : refusals).toContain(outcome);
    model = expected ?? model;
    clock.tick();
    past.push({ at: await crm.settled(), pairs: pairsOf(model) });
    clock.tick();
  }
  // Each is found from both sides on each day, and as it was after each step.
  expect(await told(crm)).toEqual(pairsOf(model));
  for (const { at, pairs } of past.filter((_, step) => step % 3 === 0))
    expect(await told(crm.asOf(at) as TestedCrm)).toEqual(pairs);
  for (const person of Object.values(thing)) await crm.contacts.delete(person.id);
}

onEveryStorage((open, storage) => {
  it("keep the rules on every day, and are found from both sides, like a model that counts", async () => {
    let now = Date.UTC(2026, 5, 15);
    const clock = {
      tick: () => {
        now += 1_000;
      },
    };
    const crm = await open({ clock: () => now });
    await crm.relationships.defineTypes(
      types.map(({ key, isSymmetric, limit, ...rules }) => ({
        ...{
          key,
          name: key,
          fromRole: key,
          shape: isSymmetric ? ("symmetric" as const) : ("paired" as const),
          ...rules,
        },
        ...(isSymmetric ? {} : { inverseName: key, toRole: `${key} other` }),
        limits: limit ? [limit] : [],
      })),
    );
    const run = fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), (program) =>
      play(crm, clock, program),
    );
    await fc.assert(run, { numRuns: storage === "memory" ? 60 : 12, seed: 10 });
  });
});

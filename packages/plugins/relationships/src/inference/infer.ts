/** What follows by rules: from one thing, or between two. Evaluated when it is asked for; nothing is written. */
import { compareText, type RecordReference } from "@relata/core/plugin";
import type { Certainty } from "../edge/edge-days.ts";
import { type DayInterval, holdsOn } from "../interval/day-interval.ts";
import { unionOf } from "../interval/interval-sets.ts";
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { thingKey } from "../things.ts";
import { type Need, type Reading, type StepReader, stepReader } from "./read-steps.ts";
import { backward, type ReadyRule, type ReadyStep, type Types } from "./resolve-rule.ts";
import { compareWays, extended, type InferenceWay, joined, reversed, signOf, startOf } from "./ways.ts";

/** That one thing is something to another by a rule, and why. */
export interface Inferred {
  /** The key of the rule. */
  readonly rule: string;
  readonly near: RecordReference;
  readonly far: RecordReference;
  /** What the near one is to the far one: "grandparent of". */
  readonly name: string;
  /** What the far one is to the near one: "grandchild". */
  readonly role: string;
  /** `inferred`; or, where the same is recorded, imported or stated by one of the two, that: it takes precedence. */
  readonly basis: "inferred" | RelationshipRecord["basis"];
  /** The days on which it holds, in order: of its ways together, or of what takes precedence. */
  readonly days: readonly DayInterval[];
  /** The greatest product of strengths of a way; null where nothing says how strong. */
  readonly strength: number | null;
  /** What it rests on, the strongest way first. */
  readonly ways: readonly InferenceWay[];
  /** The relationships that say the same, where there are any. */
  readonly told: readonly RelationshipRecord[];
}

export interface Inference {
  readonly rules: readonly ReadyRule[];
  readonly types: Types;
  /** Undefined: on any days. */
  readonly on: string | undefined;
  readonly certainty: Certainty;
  /** Rests only on relationships that are seen so; any unless given. */
  readonly visibility?: readonly RelationshipRecord["visibility"][] | undefined;
  /** Relationships that are read, and ways of one rule that are followed: more are refused. */
  readonly maxEdges: number;
}

/** Ways of one rule that are still to be followed. */
interface Walk {
  readonly rule: ReadyRule;
  readonly steps: readonly ReadyStep[];
  readonly entities: readonly (ReadonlySet<string> | undefined)[];
  readonly ways: readonly InferenceWay[];
}

/** By the rules in their order, then by the other thing. */
export async function inferFrom(
  context: RelationshipsContext,
  thing: RecordReference,
  inference: Inference,
): Promise<readonly Inferred[]> {
  const reader = readerOf(context, inference);
  const rules = inference.rules.filter(({ startEntities }) => mayBe(startEntities, thing));
  const walks = rules.map(
    (rule): Walk => ({ rule, steps: rule.steps, entities: rule.entities, ways: [startOf(thing)] }),
  );
  await reader.load(rules.flatMap(({ means }) => needsOf(means, [thing])));
  const done = await follow(context, { reader, walks, maxEdges: inference.maxEdges });
  const found = rules.map((rule, at) => ({ rule, ways: done[at]! }));
  return answersOf(found, { thing, reader, inference });
}

/** From both ends at once, so that what both have in common is found though it is a hub. */
export async function inferBetween(
  context: RelationshipsContext,
  [near, far]: readonly [RecordReference, RecordReference],
  inference: Inference,
): Promise<readonly Inferred[]> {
  const reader = readerOf(context, inference);
  const rules = inference.rules.filter(
    ({ startEntities, entities }) => mayBe(startEntities, near) && mayBe(entities.at(-1), far),
  );
  await reader.load(rules.flatMap(({ means }) => needsOf(means, [near])));
  const walks = rules.flatMap((rule): readonly Walk[] => {
    const half = Math.ceil(rule.steps.length / 2);
    const [first, second] = [rule.steps.slice(0, half), rule.steps.slice(half)];
    const back = rule.entities.slice(half - 1, -1).reverse();
    return [
      { rule, steps: first, entities: rule.entities, ways: [startOf(near)] },
      { rule, steps: backward(second), entities: back, ways: [startOf(far)] },
    ];
  });
  const done = await follow(context, { reader, walks, maxEdges: inference.maxEdges });
  const found = rules.map((rule, at) => ({
    rule,
    ways: meet(context, rule, { forth: done[at * 2]!, back: done[at * 2 + 1]!, maxEdges: inference.maxEdges }),
  }));
  return answersOf(found, { thing: near, reader, inference });
}

/** All rules go one step at a time, so that the reads of a step are shared. In the order of the walks. */
async function follow(
  context: RelationshipsContext,
  {
    reader,
    walks,
    maxEdges,
  }: { readonly reader: StepReader; readonly walks: readonly Walk[]; readonly maxEdges: number },
): Promise<readonly (readonly InferenceWay[])[]> {
  const ways = walks.map((walk) => walk.ways);
  const depth = Math.max(0, ...walks.map(({ steps }) => steps.length));
  for (let at = 0; at < depth; at++) {
    await reader.load(
      walks.flatMap(({ steps }, i) =>
        needsOf(
          steps[at],
          ways[i]!.map(({ things }) => things.at(-1)!),
        ),
      ),
    );
    walks.forEach((walk, i) => {
      const step = walk.steps[at];
      if (step) ways[i] = nextWays(context, { walk, step, at, ways: ways[i]!, reader, maxEdges });
    });
  }
  return ways;
}

interface Next {
  readonly walk: Walk;
  readonly step: ReadyStep;
  readonly at: number;
  readonly ways: readonly InferenceWay[];
  readonly reader: StepReader;
  readonly maxEdges: number;
}

function nextWays(
  context: RelationshipsContext,
  { walk: { rule, entities }, step, at, ways, reader, maxEdges }: Next,
): readonly InferenceWay[] {
  const next: InferenceWay[] = [];
  for (const way of ways) {
    const seen = new Set<string>();
    for (const [typeId, directions] of step) {
      for (const direction of directions) {
        for (const stride of reader.of(way.things.at(-1)!, typeId, direction)) {
          if (!mayBe(entities[at], stride.far) || seen.has(`${stride.edge.id} ${thingKey(stride.far)}`)) continue;
          seen.add(`${stride.edge.id} ${thingKey(stride.far)}`);
          const longer = extended(way, stride, rule.rule);
          if (longer) next.push(longer);
        }
      }
    }
    if (next.length > maxEdges) throw tooManyWays(context, rule, maxEdges);
  }
  return next;
}

/** So many pairs of ways are tried for each that may be told. */
const TRIED = 10;

function meet(
  context: RelationshipsContext,
  rule: ReadyRule,
  {
    forth,
    back,
    maxEdges,
  }: { readonly forth: readonly InferenceWay[]; readonly back: readonly InferenceWay[]; readonly maxEdges: number },
): readonly InferenceWay[] {
  const byEnd = Map.groupBy(back.map(reversed), (way) => thingKey(way.things[0]!));
  const whole: InferenceWay[] = [];
  let tried = 0;
  for (const way of forth) {
    const others = byEnd.get(thingKey(way.things.at(-1)!)) ?? [];
    // Ways that do not fit each other make none, however many of them meet at a hub.
    tried += others.length;
    if (tried > TRIED * maxEdges) throw tooManyWays(context, rule, maxEdges);
    for (const other of others) {
      const both = joined(way, other, rule.rule);
      if (both) whole.push(both);
    }
    if (whole.length > maxEdges) throw tooManyWays(context, rule, maxEdges);
  }
  return whole;
}

function tooManyWays(context: RelationshipsContext, { rule }: ReadyRule, maxEdges: number) {
  return context.error("inference_too_many_ways", { entity: "inferenceRule", rule: rule.key, maxEdges });
}

interface Asked {
  readonly thing: RecordReference;
  readonly reader: StepReader;
  readonly inference: Inference;
}

function answersOf(
  found: readonly { readonly rule: ReadyRule; readonly ways: readonly InferenceWay[] }[],
  { thing, reader, inference }: Asked,
): readonly Inferred[] {
  // A rule that is the same from both ends is found from both.
  const byAnswer = new Map<string, { readonly rule: ReadyRule; readonly ways: Map<string, InferenceWay> }>();
  for (const { rule, ways } of found) {
    for (const way of ways) {
      const far = way.things.at(-1)!;
      if (thingKey(far) === thingKey(thing)) continue;
      if (inference.on !== undefined && !holdsOn(way.days, inference.on)) continue;
      const side = rule.rule.shape === "symmetric" ? "" : rule.direction;
      const key = `${rule.rule.key}\n${side}\n${thingKey(far)}`;
      const answer = byAnswer.get(key) ?? { rule, ways: new Map<string, InferenceWay>() };
      byAnswer.set(key, answer);
      answer.ways.set(signOf(way), way);
    }
  }
  const places = new Map(inference.rules.map((rule, place) => [rule, place]));
  return [...byAnswer.values()]
    .map(({ rule, ways }) => ({
      place: places.get(rule)!,
      answer: answerOf(rule, [...ways.values()], { thing, reader, inference }),
    }))
    .sort((a, b) => a.place - b.place || compareText(thingKey(a.answer.far), thingKey(b.answer.far)))
    .map(({ answer }) => answer);
}

/** Of those that say the same, what one of the two stated weighs most, then what was recorded. */
const weights = ["stated", "recorded", "imported"] as const;

function answerOf(
  rule: ReadyRule,
  ways: readonly InferenceWay[],
  { thing, reader, inference: { on } }: Asked,
): Inferred {
  const far = ways[0]!.things.at(-1)!;
  const same = [...(rule.means ?? [])].flatMap(([typeId, directions]) =>
    directions.flatMap((way) =>
      reader
        .of(thing, typeId, way)
        .filter((stride) => thingKey(stride.far) === thingKey(far) && (on === undefined || holdsOn(stride.days, on))),
    ),
  );
  const basis = weights.find((each) => same.some(({ edge }) => edge.basis === each)) ?? "inferred";
  const weighing = same.filter(({ edge }) => edge.basis === basis);
  const sorted = ways.toSorted(compareWays);
  const { name, inverseName, fromRole, toRole } = rule.rule;
  const isForth = rule.direction === "along" || rule.rule.shape === "symmetric";
  return {
    ...{ rule: rule.rule.key, near: thing, far, basis },
    name: isForth ? name : (inverseName ?? name),
    role: isForth ? (toRole ?? fromRole) : fromRole,
    days: unionOf((weighing.length > 0 ? weighing : sorted).map(({ days }) => days)),
    strength: greatest(weighing.map((each) => each.strength)) ?? greatest(sorted.map((each) => each.strength)),
    ways: sorted,
    told: same.map(({ edge }) => edge),
  };
}

function greatest(strengths: readonly (number | null)[]): number | null {
  const known = strengths.filter((each) => each !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function readerOf(
  context: RelationshipsContext,
  { rules, types, on, certainty, visibility, maxEdges }: Inference,
): StepReader {
  const all = [...types.values()];
  const reading: Reading = {
    ...{ on, certainty, visibility, maxEdges, isOver: rules.some(({ rule }) => !rule.overlapping) },
    strengths: new Map(
      all.map(({ id, defaultStrength }) => [id, defaultStrength === null ? null : Number(defaultStrength)]),
    ),
    typeKeys: new Map(all.map(({ id, key }) => [id, key])),
  };
  return stepReader(context, reading);
}

function needsOf(step: ReadyStep | undefined, things: readonly RecordReference[]): readonly Need[] {
  if (!step) return [];
  return [...step].flatMap(([typeId, ways]) =>
    ways.flatMap((way) => things.map((thing): Need => ({ thing, typeId, way }))),
  );
}

function mayBe(entities: ReadonlySet<string> | undefined, { entityType }: RecordReference): boolean {
  return entities === undefined || entities.has(entityType);
}

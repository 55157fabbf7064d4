/** Edges that stand already, and the circle that one more would close with them. */
import { compareText } from "@relata/core/plugin";
import { type Cycle, type DatedEdge, knotNumbers } from "../find-cycle.ts";
import { firstDay, lastDay } from "../valid-on.ts";

export interface StandingGraph<E> {
  /** Takes the first edges out, and brings the second ones in. */
  exchange(gone: Iterable<E>, come: Iterable<E>): void;
  /** The circle of one day that this edge would close, itself first; undefined where there is none. No edge to itself. */
  closedBy(edge: E): Cycle<E> | undefined;
}

/** An edge that stands, between its two places. */
interface Link<E> {
  readonly edge: E;
  readonly from: string;
  readonly until: string;
  /** Whither it leads in either direction. */
  readonly up: Place<E>;
  readonly down: Place<E>;
}

interface Place<E> {
  readonly knot: number | undefined;
  readonly up: Link<E>[];
  readonly down: Link<E>[];
  /** How it was reached, of the latest look in either direction. */
  readonly reached: { up?: Reached<E>; down?: Reached<E> };
}

interface Reached<E> {
  readonly look: Look<E>;
  readonly steps: Step<E>[];
}

/** A place that is reached on some days, and by which edge from where. */
interface Step<E> {
  readonly place: Place<E>;
  readonly from: string;
  readonly until: string;
  readonly edge?: E;
  readonly before?: Step<E>;
}

/** Goes up or down, one edge at a time, the nearest first. */
interface Look<E> {
  readonly direction: "up" | "down";
  readonly steps: Step<E>[];
  /** Where it goes on: in `steps`, and in the links of that place. */
  step: number;
  link: number;
}

/**
 * `possible` are all edges that may ever stand. Only an edge within a knot of these (strongly connected, whatever the day) can close a
 * circle: for no other one is anything looked at. For those in a knot two looks, up from the parent and down from the child, take turns edge
 * by edge, and the first that comes to an end ends both: what is new at the bottom or at the top costs next to nothing.
 */
export function standingGraph<E extends DatedEdge>(possible: readonly E[]): StandingGraph<E> {
  const knots = knotNumbers(possible);
  const places = new Map<string, Place<E>>();
  const links = new Map<E, Link<E>>();
  const placeOf = (id: string) => {
    const known = places.get(id);
    if (known) return known;
    const place: Place<E> = { knot: knots.get(id), up: [], down: [], reached: {} };
    places.set(id, place);
    return place;
  };
  const linkOf = (edge: E): Link<E> | undefined => {
    const [down, up] = [placeOf(edge.childId), placeOf(edge.parentId)];
    if (down.knot === undefined || down.knot !== up.knot) return undefined;
    return { edge, from: firstDay(edge), until: lastDay(edge), up, down };
  };
  return {
    exchange(gone, come) {
      for (const edge of gone) {
        const link = links.get(edge);
        if (!link) continue;
        links.delete(edge);
        link.down.up.splice(link.down.up.indexOf(link), 1);
        link.up.down.splice(link.up.down.indexOf(link), 1);
      }
      for (const edge of come) {
        const link = linkOf(edge);
        if (!link) continue;
        links.set(edge, link);
        link.down.up.push(link);
        link.up.down.push(link);
      }
    },
    closedBy(edge) {
      const link = linkOf(edge);
      const met = link && meet(link);
      if (!met) return undefined;
      const edges = [edge, ...edgesTo(met.up).reverse(), ...edgesTo(met.down)];
      return {
        ...{ edges, path: [...edges.map(({ childId }) => childId), edge.childId] },
        on: laterOf(met.up.from, met.down.from),
      };
    },
  };
}

/** Where the ways up from the parent meet the ways down from the child, on a day on which both lead there. */
function meet<E>({ up, down, from, until }: Link<E>): { readonly up: Step<E>; readonly down: Step<E> } | undefined {
  const above = lookFrom({ place: up, from, until }, "up");
  const below = lookFrom({ place: down, from, until }, "down");
  for (;;) {
    const higher = goOn(above);
    if (higher === "end") return undefined;
    const under = higher && sameDay(higher, below);
    if (under) return { up: higher, down: under };
    const lower = goOn(below);
    if (lower === "end") return undefined;
    const over = lower && sameDay(lower, above);
    if (over) return { up: over, down: lower };
  }
}

function lookFrom<E>(start: Step<E>, direction: Look<E>["direction"]): Look<E> {
  const look: Look<E> = { direction, steps: [start], step: 0, link: 0 };
  start.place.reached[direction] = { look, steps: [start] };
  return look;
}

/** The place to which the next edge leads; undefined where it leads nowhere on these days, or where the look was before. */
function goOn<E>(look: Look<E>): Step<E> | undefined | "end" {
  const { direction, steps } = look;
  while (steps[look.step]!.place[direction].length === look.link) {
    look.step++;
    look.link = 0;
    if (look.step === steps.length) return "end";
  }
  const before = steps[look.step]!;
  const link = before.place[direction][look.link++]!;
  let { from, until } = before;
  if (link.from > from) from = link.from;
  if (link.until < until) until = link.until;
  if (from > until) return undefined;
  const place = link[direction];
  const reached = place.reached[direction];
  const known = reached?.look === look ? reached.steps : [];
  if (known.some((each) => each.from <= from && until <= each.until)) return undefined;
  const step: Step<E> = { place, from, until, edge: link.edge, before };
  if (known.length > 0) known.push(step);
  else place.reached[direction] = { look, steps: [step] };
  steps.push(step);
  return step;
}

/** A step of the other look to the same place on a day of both. */
function sameDay<E>({ place, from, until }: Step<E>, other: Look<E>): Step<E> | undefined {
  const reached = place.reached[other.direction];
  if (reached?.look !== other) return undefined;
  return reached.steps.find((each) => each.from <= until && from <= each.until);
}

/** The edges of the way, the last one first. */
function edgesTo<E>(end: Step<E>): E[] {
  const edges: E[] = [];
  for (let step: Step<E> | undefined = end; step?.edge; step = step.before) edges.push(step.edge);
  return edges;
}

function laterOf(day: string, other: string): string {
  return compareText(day, other) > 0 ? day : other;
}

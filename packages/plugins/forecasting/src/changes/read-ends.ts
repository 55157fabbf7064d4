/** Reads both ends of a comparison: of what has not changed between them, as far as that can be told, only what it adds up to. */
import type { AskedScope } from "../roll-up/ask-forecast.ts";
import { addTallies, nothing, type Tally } from "../roll-up/tally.ts";
import type { Dated } from "./attribute-change.ts";
import {
  countStandings,
  type End,
  readCounterparts,
  readNeighbours,
  readStandings,
  type Standings,
  sumStandings,
} from "./read-standings.ts";
import type { Standing } from "./standing.ts";

export interface AskedEnds {
  readonly start: End;
  readonly end: End;
  readonly from: Date;
  readonly period: { readonly from: string; readonly until: string } | null;
  isInPeriod(standing: Dated): boolean;
  /** Whether something may count otherwise although it has not changed itself. */
  readonly dependsOnOthers: boolean;
}

export interface Ends {
  /** What counts at either end, at both of them; of what has not changed, nothing. */
  readonly before: Standings;
  readonly after: Standings;
  /** What all that has not changed adds up to at both ends, by category. */
  readonly unchanged: ReadonlyMap<Standing["category"], Tally>;
}

const MOST_CHANGED = 10_000;

export async function readEnds(asked: AskedEnds): Promise<Ends> {
  return (asked.dependsOnOthers ? undefined : await readChanged(asked)) ?? (await readWhole(asked));
}

/** What counts, as a condition. */
function conditionOf({ period }: AskedEnds): object {
  if (period === null) return { status: "open" };
  const days = { between: [period.from, period.until] };
  return {
    or: [
      { status: "open", expectedCloseDate: days },
      { status: "won", actualCloseDate: days },
    ],
  };
}

async function readWhole(asked: AskedEnds): Promise<Ends> {
  const { start, end, from } = asked;
  const before = await readStandings(start, conditionOf(asked));
  const after = await readStandings(end, conditionOf(asked));
  const gone = [...before.keys()].filter((id) => !after.has(id));
  const come = [...after.values()].filter(({ id, createdAt }) => !before.has(id) && createdAt <= from);
  const formerly = await readCounterparts(start, idsOf(come));
  const now = await readCounterparts(end, gone);
  return { before: new Map([...before, ...formerly]), after: new Map([...after, ...now]), unchanged: new Map() };
}

/**
 * Only what has another version at the end. What was deleted or archived since cannot be told in this way: undefined where fewer are
 * found than counted at the start, and where so many have changed that reading the whole costs less.
 */
async function readChanged(asked: AskedEnds): Promise<Ends | undefined> {
  const { start, end, from, isInPeriod } = asked;
  const after = await readNeighbours(end, { updatedAt: { gt: from } });
  const older = [...after.values()].filter(({ createdAt }) => createdAt <= from);
  if (older.length > MOST_CHANGED) return undefined;
  const before = await readCounterparts(start, idsOf(older));
  const same = await sumStandings(end, { and: [conditionOf(asked), { updatedAt: { lte: from } }] });
  const known = [...before.values()].filter((standing) => standing.share !== 0n && isInPeriod(standing));
  const number = same.reduce((sum, { count }) => sum + count, known.length);
  if (number !== (await countStandings(start, conditionOf(asked)))) return undefined;
  const unchanged = new Map<Standing["category"], Tally>();
  for (const { category, tally } of same)
    unchanged.set(category, addTallies(unchanged.get(category) ?? nothing, tally));
  return { before, after, unchanged };
}

function idsOf(standings: readonly Standing[]): readonly string[] {
  return standings.map(({ id }) => id);
}

/** Whether a condition is about the records' own fields alone. */
export function isOfOwnFields(condition: unknown, { at }: Pick<AskedScope, "at">): boolean {
  const { fields } = at.entities().find(({ name }) => name === "opportunity")!;
  const own = new Set(fields.map(({ name }) => name));
  const check = (each: unknown): boolean =>
    Array.isArray(each)
      ? each.every(check)
      : Object.entries(each ?? {}).every(([key, inner]) =>
          key === "and" || key === "or" || key === "not" ? check(inner) : own.has(key),
        );
  return check(condition);
}

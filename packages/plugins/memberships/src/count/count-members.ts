/** How many members there are on a day: one scan of the spans of the day, grouped by what the rules make of them. */
import { compareText, count } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, parsed } from "../asked.ts";
import { spanStates } from "../chain/membership-span.ts";
import type { MembershipsContext } from "../parts.ts";
import { statusesOf } from "../status/read-rules.ts";
import { ageBandOf, agesSchema } from "./age-bands.ts";
import { askedPrograms, ofPrograms, type ProgramsQuery, programsFields, type RuledPrograms } from "./asked-programs.ts";
import { onDay, statusCases } from "./rule-conditions.ts";

const keys = ["status", "level", "program", "age"] as const;
type CountKey = (typeof keys)[number];

export interface CountMembersQuery extends ProgramsQuery {
  /** Today, unless given. */
  readonly on?: string | undefined;
  /** What the rows are counted by; one row of all, unless given. */
  readonly by?: readonly CountKey[] | undefined;
  /** The first ages of bands: `[18, 65]` gives "0-17", "18-64" and "65+". Of 0 to 150; ten years each from 10 on, unless given. */
  readonly ages?: readonly number[] | undefined;
}

/** What it is not counted by is null. */
export interface MemberCount {
  readonly status: string | null;
  readonly levelId: string | null;
  readonly programId: string | null;
  /** Null where the day of birth is not known, and of accounts. */
  readonly age: string | null;
  /** Those that count as members. */
  readonly members: number;
  /** All that there have been by the day, whatever their status. */
  readonly memberships: number;
}

export interface MemberCounts {
  readonly day: string;
  readonly members: number;
  readonly memberships: number;
  /** In the order of their keys. */
  readonly rows: readonly MemberCount[];
}

const querySchema = z.strictObject({
  ...programsFields,
  on: daySchema.optional(),
  by: z.array(z.enum(keys)).max(4).default([]),
  ages: agesSchema.optional(),
});

/**
 * One query for each state of programs that have the same rules: the index of spans has the states first, and with them all that a status needs. Of `crm.asOf(instant)`: as it was
 * known then. @throws `invalid_input`
 */
export async function countMembers(context: MembershipsContext, given: CountMembersQuery = {}): Promise<MemberCounts> {
  const query = parsed("membership", querySchema, given);
  const day = query.on ?? (await context.settings.today());
  const by = new Set<CountKey>(query.by);
  const rows = new Map<string, MemberCount>();
  for (const programs of await askedPrograms(context, query)) {
    const known = statusesOf(programs.rules);
    for (const group of await groupsOf(context, programs, { day, by })) {
      const row = {
        ...{ status: by.has("status") ? group.status : null, levelId: by.has("level") ? group.levelId : null },
        programId: by.has("program") ? group.programId : null,
        age: by.has("age") ? ageBandOf(group.birthDate, day, query.ages) : null,
      };
      const name = JSON.stringify(row);
      const before = rows.get(name) ?? { ...row, members: 0, memberships: 0 };
      const members = known.get(group.status) === true ? group.memberships : 0;
      rows.set(name, {
        ...row,
        members: before.members + members,
        memberships: before.memberships + group.memberships,
      });
    }
  }
  const sorted = [...rows].sort(([a], [b]) => compareText(a, b)).map(([, row]) => row);
  const total = (of: "members" | "memberships") => sorted.reduce((sum, row) => sum + row[of], 0);
  return { day, members: total("members"), memberships: total("memberships"), rows: sorted };
}

interface Group {
  readonly status: string;
  readonly levelId: string | null;
  readonly programId: string | null;
  readonly birthDate: string | null;
  readonly memberships: number;
}

interface Asked {
  readonly day: string;
  readonly by: ReadonlySet<CountKey>;
}

async function groupsOf(
  context: MembershipsContext,
  { rules, programIds }: RuledPrograms,
  { day, by }: Asked,
): Promise<readonly Group[]> {
  const keysOf = <K>(status: K) => ({
    status,
    ...(by.has("level") ? { levelId: "levelId" as const } : {}),
    ...(by.has("program") ? { programId: "programId" as const } : {}),
    ...(by.has("age") ? { birthDate: { membership: { contact: "birthDate" } } as const } : {}),
  });
  const measures = { memberships: count() };
  const of = { ...ofPrograms(programIds), ...onDay(day) };
  const ask = async (groupBy: object, where: object) =>
    (await context.membershipSpans.aggregate({
      where: where as typeof of,
      groupBy: groupBy as ReturnType<typeof keysOf<"overrideStatus">>,
      measures,
      archived: "include",
    })) as unknown as readonly Group[];
  const groups: Group[] = [];
  for (const state of spanStates) {
    const status = state === "overridden" ? "overrideStatus" : statusCases(rules, { state, day });
    if (status === undefined) continue;
    const found = await ask(keysOf(status), { ...of, state });
    groups.push(...found.filter((group) => group.status !== null).map(complete));
  }
  return groups;
}

function complete({ levelId = null, programId = null, birthDate = null, ...group }: Partial<Group>): Group {
  return { levelId, programId, birthDate, status: group.status ?? "", memberships: group.memberships ?? 0 };
}

/** How many members there are on a day: one scan of the spans of the day, grouped by what the rules make of them. */
import { compareText, count } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, parsed } from "../asked.ts";
import { spanStates } from "../chain/membership-span.ts";
import type { MembershipsContext } from "../parts.ts";
import { statusesOf } from "../status/read-rules.ts";
import { ageBandOf, agesSchema } from "./age-bands.ts";
import { askedPrograms, ofPrograms, type ProgramsQuery, programsFields, type RuledPrograms } from "./asked-programs.ts";
import { inheritedPersons } from "./inherited-persons.ts";
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
  /** Whether persons who are members through another one are counted too, apart. Not unless given. */
  readonly inherited?: boolean | undefined;
}

/** Where members through others are counted too. */
export interface InheritedCounts {
  /** Persons who are members of the program through another one alone, by the status and the level of that one and by their own age. */
  readonly inherited: number;
  /** All persons who are members, each once in a program: by a membership of their own, or through another. Households and organisations are none. */
  readonly persons: number;
}

/** What it is not counted by is null. */
export interface MemberCount extends Partial<InheritedCounts> {
  readonly status: string | null;
  readonly levelId: string | null;
  readonly programId: string | null;
  /** Null where the day of birth is not known, and of accounts. */
  readonly age: string | null;
  /** Memberships of their own that count. */
  readonly members: number;
  /** All that there have been by the day, whatever their status. */
  readonly memberships: number;
}

export interface MemberCounts extends Partial<InheritedCounts> {
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
  inherited: z.boolean().default(false),
});

/**
 * One query for each state of programs that have the same rules: the index of spans has the states first, and with them all that a status needs. Of `crm.asOf(instant)`: as it was
 * known then. Members through others are read, not counted by the database. @throws `invalid_input`
 */
export async function countMembers(context: MembershipsContext, given: CountMembersQuery = {}): Promise<MemberCounts> {
  const query = parsed("membership", querySchema, given);
  const day = query.on ?? (await context.settings.today());
  const by = new Set<CountKey>(query.by);
  const levels = query.inherited ? await readLevels(context) : undefined;
  const rows = new Map<string, Counted>();
  const add = (of: Of, more: Partial<Figures>) => {
    const row = {
      ...{ status: by.has("status") ? of.status : null, levelId: by.has("level") ? of.levelId : null },
      programId: by.has("program") ? of.programId : null,
      age: by.has("age") ? ageBandOf(of.birthDate, day, query.ages) : null,
    };
    const name = JSON.stringify(row);
    const { figures } = rows.get(name) ?? { figures: nothing };
    rows.set(name, { row, figures: sumOf([figures, { ...nothing, ...more }]) });
  };
  for (const programs of await askedPrograms(context, query)) {
    const known = statusesOf(programs.rules);
    for (const group of await groupsOf(context, programs, { day, by, byLevel: levels !== undefined })) {
      const members = known.get(group.status) === true ? group.memberships : 0;
      const persons = levels?.persons.has(group.levelId ?? "") ? members : 0;
      add(group, { members, memberships: group.memberships, persons });
    }
    if (levels === undefined) continue;
    const { ranks } = levels;
    for (const person of await inheritedPersons(context, programs, { day, ranks, withAges: by.has("age") }))
      add(person, { inherited: 1, persons: 1 });
  }
  const sorted = [...rows].sort(([a], [b]) => compareText(a, b)).map(([, row]) => row);
  const told = ({ members, memberships, inherited, persons }: Figures) => ({
    ...{ members, memberships },
    ...(query.inherited ? { inherited, persons } : {}),
  });
  const total = sumOf(sorted.map(({ figures }) => figures));
  return { day, ...told(total), rows: sorted.map(({ row, figures }) => ({ ...row, ...told(figures) })) };
}

type Figures = InheritedCounts & Pick<MemberCount, "members" | "memberships">;

interface Counted {
  readonly row: Pick<MemberCount, CountField>;
  readonly figures: Figures;
}
type CountField = "status" | "levelId" | "programId" | "age";
type Of = Pick<Group, "status" | "levelId" | "programId" | "birthDate">;

const nothing: Figures = { members: 0, memberships: 0, inherited: 0, persons: 0 };

function sumOf(all: readonly Figures[]): Figures {
  return all.reduce(
    (sum, each) => ({
      members: sum.members + each.members,
      memberships: sum.memberships + each.memberships,
      inherited: sum.inherited + each.inherited,
      persons: sum.persons + each.persons,
    }),
    nothing,
  );
}

/** The ranks of all levels, and which of them are of persons. */
async function readLevels(context: MembershipsContext) {
  const ranks = new Map<string, number>();
  const persons = new Set<string>();
  const select = ["rank", "memberKind"] as const;
  for await (const { id, rank, memberKind } of context.membershipLevels.iterate({ select, archived: "include" })) {
    ranks.set(id, rank);
    if (memberKind === "person") persons.add(id);
  }
  return { ranks, persons };
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
  /** Whether levels are told apart, also where the rows do not. */
  readonly byLevel: boolean;
}

async function groupsOf(
  context: MembershipsContext,
  { rules, programIds }: RuledPrograms,
  { day, by, byLevel }: Asked,
): Promise<readonly Group[]> {
  const keysOf = <K>(status: K) => ({
    status,
    ...(byLevel || by.has("level") ? { levelId: "levelId" as const } : {}),
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

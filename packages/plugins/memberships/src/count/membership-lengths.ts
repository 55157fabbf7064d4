/** For how long members have been members. */
import { count } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, parsed } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { latestBefore } from "../status/day-offset.ts";
import { bandOf } from "./age-bands.ts";
import { askedPrograms, ofPrograms, type ProgramsQuery, programsFields } from "./asked-programs.ts";
import { countingWhere, onDay, type SpanWhere } from "./rule-conditions.ts";

const YEARS = [1, 2, 3, 5, 10, 15, 20, 25, 50];

export interface LengthsQuery extends ProgramsQuery {
  /** Today, unless given. */
  readonly on?: string | undefined;
  /** From the first day ever, or from that of the unbroken chain; the first day ever, unless given. */
  readonly since?: "joined" | "chain" | undefined;
  /** The first whole years of bands: `[1, 5]` gives "0", "1-4" and "5+". Ascending. */
  readonly years?: readonly number[] | undefined;
}

export interface MembershipLength {
  /** Whole years: "1-4". */
  readonly years: string;
  readonly members: number;
}

const querySchema = z.strictObject({
  ...programsFields,
  on: daySchema.optional(),
  since: z.enum(["joined", "chain"]).default("joined"),
  years: z
    .array(z.number().int().min(1).max(1_000))
    .min(1)
    .max(50)
    .refine((years) => years.every((year, at) => at === 0 || years[at - 1]! < year), { message: "must ascend" })
    .default(YEARS),
});

/** Every band, from the shortest on. One query for programs that have the same rules. @throws `invalid_input` */
export async function membershipLengths(
  context: MembershipsContext,
  given: LengthsQuery = {},
): Promise<readonly MembershipLength[]> {
  const query = parsed("membership", querySchema, given);
  const { years, since } = query;
  const day = query.on ?? (await context.settings.today());
  const bands = [-1, ...years.keys()].map((place) => bandOf(years, place));
  const found = new Map<string, number>(bands.map((band) => [band, 0]));
  const column = since === "joined" ? "joinedOn" : "chainStartsOn";
  const cases = years
    .map((count, place) => ({ from: latestBefore(day, { unit: "year", count }), value: bands[place + 1]! }))
    .flatMap(({ from, value }) =>
      from === undefined ? [] : [{ where: { [column]: { lte: from } } as SpanWhere, value }],
    )
    .toReversed();
  for (const { rules, programIds } of await askedPrograms(context, query)) {
    const where = { ...ofPrograms(programIds), and: [onDay(day), countingWhere(rules, day)] };
    const groups = await context.membershipSpans.aggregate({
      where,
      ...(cases.length > 0 ? { groupBy: { years: { cases, otherwise: bands[0]! } } } : { groupBy: {} as never }),
      measures: { members: count() },
      archived: "include",
    });
    for (const group of groups) {
      const band = (group as { readonly years?: string }).years ?? bands[0]!;
      found.set(band, found.get(band)! + group.members);
    }
  }
  return [...found].map(([band, members]) => ({ years: band, members }));
}

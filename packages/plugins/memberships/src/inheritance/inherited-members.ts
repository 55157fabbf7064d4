/** Everybody who is a member through another one on a day: for counts. */
import type { MembershipsContext } from "../parts.ts";
import { readRules } from "../status/read-rules.ts";
import { statusInSpan } from "../status/status-on.ts";
import type { StatusRule } from "../status/status-rule.ts";
import { inherits } from "./inheritance-rule.ts";
import { type Standing, throughStandings } from "./members-through.ts";

/** A seat that is taken. One person may have several, and a membership of its own beside them. */
export interface InheritedMember {
  readonly programId: string;
  readonly levelId: string;
  readonly membershipId: string;
  readonly contactId: string;
  /** The membership's; it counts. */
  readonly status: string;
}

export interface InheritedQuery {
  readonly day: string;
  readonly programIds?: readonly string[] | undefined;
  /** In their order, instead of those that the programs have. */
  readonly rules?: readonly StatusRule[] | undefined;
}

const BATCH = 500;

/** Five queries at most for each five hundred memberships that others have part in, whatever the number of memberships of persons. */
export async function* inheritedMembers(
  context: MembershipsContext,
  { day, programIds, rules: given }: InheritedQuery,
): AsyncIterable<InheritedMember> {
  const inProgram = programIds ? { programId: { in: [...programIds] } } : {};
  const levelIds: string[] = [];
  for await (const level of context.membershipLevels.iterate({ where: inProgram, archived: "include" }))
    if (inherits(level) && level.maxInherited !== 0) levelIds.push(level.id);
  if (levelIds.length === 0) return;
  const rules = given ? { of: () => given } : await readRules(context, programIds);
  let standings = new Map<string, Standing>();
  const spans = context.membershipSpans.iterate({
    where: { ...inProgram, levelId: { in: levelIds }, firstDay: { lte: day }, lastDay: { gte: day } },
    include: { membership: true },
  });
  for await (const { membership, ...span } of spans) {
    const status = statusInSpan(span, rules.of(span.programId), day);
    if (!status?.counts || !membership || membership.archivedAt !== null) continue;
    const { contactId, accountId } = membership;
    standings.set(span.membershipId, { ...status, span, contactId, accountId });
    if (standings.size < BATCH) continue;
    yield* seatsOf(context, standings, day);
    standings = new Map();
  }
  yield* seatsOf(context, standings, day);
}

async function* seatsOf(
  context: MembershipsContext,
  standings: ReadonlyMap<string, Standing>,
  day: string,
): AsyncIterable<InheritedMember> {
  if (standings.size === 0) return;
  for (const [membershipId, { members }] of await throughStandings(context, standings, day)) {
    const { span, status } = standings.get(membershipId)!;
    const { programId, levelId } = span;
    for (const { contactId } of members) yield { programId, levelId, membershipId, contactId, status };
  }
}

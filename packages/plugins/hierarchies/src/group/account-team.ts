/** Who works on an account: each role as it is given here, or else at the nearest account above where it is. */
import { compareText, inputIssues, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { arrange } from "../arrange.ts";
import { type AskedDay, askedDay, type HierarchyQuery, queryFields } from "../asked-hierarchy.ts";
import type { HierarchiesContext } from "../parts.ts";
import { edgesUpFrom } from "../read-tree.ts";
import { chunksOf } from "../require-accounts.ts";

/** Where something is given: 0 steps above is the account itself. */
export interface GivenAt {
  readonly accountId: string;
  readonly steps: number;
}

export interface TeamMember extends GivenAt {
  readonly role: string;
  readonly userId: string;
}

export interface AccountTeam {
  /** The account's own owner, or that of the nearest account above that has one. */
  readonly owner: (GivenAt & { readonly userId: string }) | null;
  /** The account's own team, in the same way. */
  readonly team: (GivenAt & { readonly teamId: string }) | null;
  /** By role, then by user. Whoever has a role here, here and below displaces all who have it above. */
  readonly members: readonly TeamMember[];
}

const teamSchema = z.strictObject(queryFields);

/**
 * What is above is one line: in a graph it goes by the parent that owns the most, and of equal ones by the first by id.
 *
 * @throws `not_found`, `unknown_hierarchy`, `invalid_input`
 */
export async function accountTeam(
  context: HierarchiesContext,
  id: string,
  query: HierarchyQuery = {},
): Promise<AccountTeam> {
  const parsed = teamSchema.safeParse(query);
  if (!parsed.success) throw invalidInput("accountTeam", inputIssues(parsed.error.issues, query));
  const self = await context.accounts.get(id, { select: ["id"] });
  const line = [self.id, ...(await lineAbove(context, await askedDay(context, parsed.data), self.id))];
  const steps = new Map(line.map((accountId, at) => [accountId, at]));
  const owners = await ownersOf(context, line);
  const given = (has: (accountId: string) => string | null | undefined) => {
    const accountId = line.find((each) => has(each));
    return accountId === undefined ? null : { accountId, steps: steps.get(accountId)!, value: has(accountId)! };
  };
  const owner = given((accountId) => owners.get(accountId)?.ownerId);
  const team = given((accountId) => owners.get(accountId)?.teamId);
  return {
    owner: owner && { accountId: owner.accountId, steps: owner.steps, userId: owner.value },
    team: team && { accountId: team.accountId, steps: team.steps, teamId: team.value },
    members: nearest(await membersOf(context, line, steps)),
  };
}

/** The accounts above, the nearest first. */
async function lineAbove(context: HierarchiesContext, asked: AskedDay, id: string): Promise<readonly string[]> {
  const parents = new Map(arrange(await edgesUpFrom(context, asked, id)).map((node) => [node.id, node.parentId]));
  const line: string[] = [];
  for (let next = parents.get(id); next; next = parents.get(next)) line.push(next);
  return line;
}

interface Owned {
  readonly ownerId: string | null;
  readonly teamId: string | null;
}

async function ownersOf(context: HierarchiesContext, line: readonly string[]): Promise<ReadonlyMap<string, Owned>> {
  const owners = new Map<string, Owned>();
  for (const part of chunksOf(line)) {
    const where = { id: { in: part } };
    const found = context.accounts.iterate({ where, archived: "include", select: ["ownerId", "teamId"] });
    for await (const { id, ownerId, teamId } of found) owners.set(id, { ownerId, teamId });
  }
  return owners;
}

type Placed = Omit<TeamMember, "userId"> & { readonly userId: string | null };

async function membersOf(
  context: HierarchiesContext,
  line: readonly string[],
  steps: ReadonlyMap<string, number>,
): Promise<readonly Placed[]> {
  const members: Placed[] = [];
  for (const part of chunksOf(line)) {
    for await (const { accountId, role, userId } of context.accountMembers.iterate({
      where: { accountId: { in: part } },
      select: ["accountId", "role", "userId"],
    })) {
      members.push({ accountId, steps: steps.get(accountId)!, role, userId });
    }
  }
  return members;
}

/** Of each role those of the nearest account that gives it to somebody, or to nobody. */
function nearest(members: readonly Placed[]): readonly TeamMember[] {
  const distances = new Map<string, number>();
  for (const { role, steps } of members) distances.set(role, Math.min(steps, distances.get(role) ?? steps));
  return members
    .filter(({ role, steps }) => steps === distances.get(role))
    .flatMap(({ userId, ...placed }) => (userId === null ? [] : [{ ...placed, userId }]))
    .sort((a, b) => compareText(a.role, b.role) || compareText(a.userId, b.userId));
}

/**
 * Membership numbers: each is given once, to whoever has become a member, in the unit that makes them one. What is undone takes no number, so
 * that there are no gaps; the members of one program are therefore numbered one after the other. A number that was given by hand is passed over.
 */
import { compareText, invalidInput } from "@relata/core/plugin";
import type { MembershipsContext, ProgramRecord } from "../parts.ts";
import { formatNumber, type Numbering, numberingIssues } from "./number-format.ts";

interface Numbered {
  readonly id: string;
  readonly programId: string;
  readonly joinedOn: string;
}

interface Draft {
  readonly programId?: string;
  readonly joinedOn?: string | null;
  readonly number?: string | null;
}

interface ProposedMembership {
  readonly input: Draft & { readonly id: string };
  readonly before?: Draft;
}

/** Before memberships are written: those that have a first day and no number yet get one. */
export async function proposeNumbers(
  context: MembershipsContext,
  batch: readonly ProposedMembership[],
): Promise<readonly ({ readonly number: string } | undefined)[] | undefined> {
  const waiting = batch.flatMap(({ input, before }): Numbered[] => {
    const { programId, joinedOn, number }: Draft = { ...before, ...input };
    return joinedOn && !before?.joinedOn && !number ? [{ id: input.id, programId: programId!, joinedOn }] : [];
  });
  const numbers = await takeNumbers(context, waiting);
  if (numbers.size === 0) return undefined;
  return batch.map(({ input }) => {
    const number = numbers.get(input.id);
    return number === undefined ? undefined : { number };
  });
}

/** By the id of the membership; of programs without a format there are none. In their order. */
async function takeNumbers(tx: MembershipsContext, waiting: readonly Numbered[]): Promise<ReadonlyMap<string, string>> {
  const numbers = new Map<string, string>();
  if (waiting.length === 0) return numbers;
  const where = { id: { in: [...new Set(waiting.map(({ programId }) => programId))] }, numberFormat: { ne: null } };
  const programs = await Array.fromAsync(tx.membershipPrograms.iterate({ where, archived: "include" }));
  if (programs.length === 0) return numbers;
  await tx.lock(...programs.map(({ id }) => turnOf(id)));
  for (const program of programs) {
    const groups = new Map<string, Numbered[]>();
    for (const each of waiting.filter(({ programId }) => programId === program.id)) {
      const year = program.numberRestart === "yearly" ? each.joinedOn.slice(0, 4) : "";
      groups.set(year, [...(groups.get(year) ?? []), each]);
    }
    for (const [year, members] of groups) await takeOf(tx, { program, year, members, numbers });
  }
  return numbers;
}

interface Taking {
  readonly program: ProgramRecord;
  readonly year: string;
  readonly members: readonly Numbered[];
  readonly numbers: Map<string, string>;
}

async function takeOf(tx: MembershipsContext, { program, year, members, numbers }: Taking): Promise<void> {
  const { id: programId, numberFormat, key } = program;
  const sequence = await tx.membershipSequences.find({ where: { programId, year } });
  let next = sequence?.next ?? 1;
  let waiting = members;
  while (waiting.length > 0) {
    const part = waiting.slice(0, 500);
    const wanted = part.map(({ joinedOn }, at) =>
      formatNumber(numberFormat!, { number: next + at, joinedOn, program: key }),
    );
    const taken = new Set<string | null>();
    const standing = { programId, number: { in: wanted } };
    for await (const { number } of tx.memberships.iterate({ where: standing, select: ["number"], archived: "include" }))
      taken.add(number);
    const free = wanted.findIndex((number) => taken.has(number));
    const given = free === -1 ? wanted.length : free;
    for (const [at, number] of wanted.slice(0, given).entries()) numbers.set(part[at]!.id, number);
    next += given + (free === -1 ? 0 : 1);
    waiting = waiting.slice(given);
  }
  if (sequence) await tx.membershipSequences.update(sequence.id, { next });
  else await tx.membershipSequences.create({ programId, year, next });
}

/** Those who were members before there was a format get numbers in the order in which they joined. How many there were. */
export async function numberAll(context: MembershipsContext, programId: string): Promise<number> {
  await context.membershipPrograms.get(programId);
  return context.transaction(async (tx) => {
    await tx.lock(turnOf(programId));
    const waiting: Numbered[] = [];
    const where = { programId, number: null, joinedOn: { ne: null } };
    const select = ["programId", "joinedOn"] as const;
    for await (const { id, joinedOn } of tx.memberships.iterate({ where, select, archived: "include" }))
      waiting.push({ id, programId, joinedOn: joinedOn! });
    const numbers = await takeNumbers(
      tx,
      waiting.toSorted((a, b) => compareText(a.joinedOn, b.joinedOn) || compareText(a.id, b.id)),
    );
    const changes = [...numbers].map(([id, number]) => ({ id, number }));
    for (let at = 0; at < changes.length; at += 1_000) await tx.memberships.updateMany(changes.slice(at, at + 1_000));
    return changes.length;
  });
}

/** The name of the lock that the numbers of a program are given under. */
function turnOf(programId: string): string {
  return `membershipNumbers:${programId}`;
}

/** Before programs are written. @throws `invalid_input` for a format by which two members would have one number */
export async function proposeNumbering(
  _context: MembershipsContext,
  batch: readonly { readonly input: Numbering; readonly before?: Numbering }[],
): Promise<void> {
  const issues = batch.flatMap(({ input, before }) => numberingIssues({ ...before, ...input }));
  if (issues.length > 0) throw invalidInput("membershipProgram", issues);
}

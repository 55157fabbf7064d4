/**
 * Of the rows that a contact or an account has of one kind (its e-mail addresses, its employers), one is the primary one. Hooks keep it
 * so, whichever way rows are written: what is made the primary one takes the place of what was.
 */
import type { InputIssue } from "../../errors.ts";
import type { DomainContext } from "../domain-model.ts";
import { lockAll } from "../lock-each.ts";

export interface PrimaryRow {
  readonly id: string;
  readonly isPrimary: boolean;
  readonly createdAt: Date;
  readonly archivedAt: Date | null;
}

export interface PrimaryChange {
  readonly id: string;
  readonly isPrimary: boolean;
}

export interface PrimaryRule<Row extends PrimaryRow> {
  /** There is one as soon as there is a row; otherwise there is at most one. */
  readonly always: boolean;
  /** Rows of one group have one primary: the id of the owner, with the kind where each kind has its own. */
  groupOf(row: Partial<Row>): string;
  /** Whose the row is, such as "contact:<id>": who writes rows of one owner comes one after another. */
  ownerOf(row: Partial<Row>): string;
  /** All rows of the owners of these rows, archived ones too: one query. */
  besides(context: DomainContext, rows: readonly Partial<Row>[]): Promise<readonly Row[]>;
  setPrimary(context: DomainContext, changes: readonly PrimaryChange[]): Promise<unknown>;
  /** The ids of the rows that say what their owner says: of several primary ones that meet in a merge, that one stays it. */
  said?(context: DomainContext, rows: readonly Row[]): Promise<ReadonlySet<string>>;
  /** The groups that were written to and are in order, each with its primary. */
  settled(context: DomainContext, groups: readonly SettledGroup<Row>[]): Promise<void>;
}

export interface SettledGroup<Row> {
  /** A row that is, or was, in the group: it tells whose the group is. */
  readonly member: Row;
  readonly primary: Row | undefined;
}

interface ProposedRow<Row> {
  readonly input: Partial<Row>;
  readonly before?: Row;
}

/**
 * For `before`: which of the rows in the batch are to be the primary one, where that is not what is given: the first row of a group
 * is, and of several that are to be it, the last. Undefined for the others.
 */
export async function proposePrimary<Row extends PrimaryRow>(
  context: DomainContext,
  rule: PrimaryRule<Row>,
  batch: readonly ProposedRow<Row>[],
): Promise<readonly (boolean | undefined)[]> {
  const rows = batch.map(({ input, before }) => ({ ...before, ...input }) as Partial<Row>);
  await lockOwners(context, rule, [...rows, ...batch.flatMap(({ before }) => before ?? [])]);
  const chosen = new Map<string, number>();
  rows.forEach((row, i) => {
    const promoted = !batch[i]!.before?.isPrimary;
    if (row.isPrimary && (promoted || !chosen.has(rule.groupOf(row)))) chosen.set(rule.groupOf(row), i);
  });
  const unclaimed = rows.filter((row, i) => !batch[i]!.before && !chosen.has(rule.groupOf(row)));
  if (rule.always && unclaimed.length > 0) {
    const taken = new Set((await live(context, rule, unclaimed)).map((row) => rule.groupOf(row)));
    rows.forEach((row, i) => {
      const group = rule.groupOf(row);
      if (!batch[i]!.before && !taken.has(group) && !chosen.has(group)) chosen.set(group, i);
    });
  }
  return rows.map((row, i) => {
    const isPrimary = chosen.get(rule.groupOf(row)) === i;
    return isPrimary === (row.isPrimary ?? false) ? undefined : isPrimary;
  });
}

/** For `before`: a row that is the primary one stays it until another is. */
export async function keptPrimary<Row extends PrimaryRow>(
  context: DomainContext,
  rule: PrimaryRule<Row>,
  batch: readonly ProposedRow<Row>[],
): Promise<(row: ProposedRow<Row>) => readonly InputIssue[]> {
  const leaving = batch.filter(
    ({ input, before }) => before?.isPrimary && before.archivedAt === null && input.isPrimary === false,
  );
  if (!rule.always || leaving.length === 0) return () => [];
  await lockOwners(
    context,
    rule,
    leaving.map(({ before }) => before!),
  );
  const given = new Map(batch.map(({ input }) => [input.id, input.isPrimary]));
  const stored = await live(
    context,
    rule,
    leaving.map(({ before }) => before!),
  );
  const led = new Set(stored.filter(({ id, isPrimary }) => given.get(id) ?? isPrimary).map((row) => rule.groupOf(row)));
  const message = "cannot be taken from the only primary one: make another the primary one";
  return (row) =>
    leaving.includes(row) && !led.has(rule.groupOf(row.before!))
      ? [{ field: "isPrimary", code: "not_allowed", message }]
      : [];
}

async function live<Row extends PrimaryRow>(
  context: DomainContext,
  rule: PrimaryRule<Row>,
  rows: readonly Partial<Row>[],
): Promise<readonly Row[]> {
  return (await rule.besides(context, rows)).filter(({ archivedAt }) => archivedAt === null);
}

/** For `after`: leaves each group that was written to with one primary, and tells of those that have it. */
export async function settlePrimary<Row extends PrimaryRow>(
  context: DomainContext,
  rule: PrimaryRule<Row>,
  batch: readonly { readonly before?: Row; readonly after?: Row }[],
): Promise<void> {
  if (batch.length === 0) return;
  const members = new Map<string, Row>();
  for (const row of batch.flatMap(({ before, after }) => [...(before ? [before] : []), ...(after ? [after] : [])]))
    members.set(rule.groupOf(row), row);
  await lockOwners(context, rule, [...members.values()]);
  const groups = new Map<string, Row[]>([...members.keys()].map((group) => [group, []]));
  for (const row of await rule.besides(context, [...members.values()])) groups.get(rule.groupOf(row))?.push(row);
  const promoted = new Set(batch.flatMap(({ before, after }) => (isPromoted(rule, before, after) ? [after!.id] : [])));
  const arrived = new Set(
    batch.flatMap(({ before, after }) =>
      before && after && rule.groupOf(before) !== rule.groupOf(after) ? [after.id] : [],
    ),
  );
  const met = [...groups.values()]
    .map((rows) => rows.filter(({ isPrimary }) => isPrimary))
    .filter((all) => all.length > 1);
  const said = arrived.size > 0 && met.length > 0 ? await rule.said?.(context, met.flat()) : undefined;
  const isPreferred = [
    ({ id }: Row) => promoted.has(id),
    ({ id }: Row) => said?.has(id) ?? false,
    ({ id }: Row) => !arrived.has(id),
  ];
  const changes: PrimaryChange[] = [];
  const settled: SettledGroup<Row>[] = [];
  for (const [group, rows] of groups) {
    const primary = primaryOf(rows, isPreferred, rule.always);
    const wrong = rows.filter((row) => row.isPrimary !== (row === primary));
    changes.push(...wrong.map((row) => ({ id: row.id, isPrimary: row === primary })));
    if (wrong.length === 0) settled.push({ member: members.get(group)!, primary });
  }
  // What changes comes back here, and is settled then.
  if (changes.length > 0) await rule.setPrimary(context, changes);
  if (settled.length > 0) await rule.settled(context, settled);
}

function lockOwners<Row extends PrimaryRow>(
  context: DomainContext,
  rule: PrimaryRule<Row>,
  rows: readonly Partial<Row>[],
): Promise<void> {
  return lockAll(context, [...new Set(rows.map((row) => rule.ownerOf(row)))]);
}

/** It is the primary one by this write, or comes back as it; one that comes from another owner does not bring that along. */
function isPromoted<Row extends PrimaryRow>(
  rule: PrimaryRule<Row>,
  before: Row | undefined,
  after: Row | undefined,
): boolean {
  if (!after?.isPrimary) return false;
  return !before?.isPrimary || rule.groupOf(before) === rule.groupOf(after);
}

/** What is preferred of those that are it already, and of these the latest; else, where there must be one, the earliest. */
function primaryOf<Row extends PrimaryRow>(
  rows: readonly Row[],
  isPreferred: readonly ((row: Row) => boolean)[],
  always: boolean,
): Row | undefined {
  const usable = rows.filter(({ archivedAt }) => archivedAt === null).sort(byAge);
  const flagged = usable.filter(({ isPrimary }) => isPrimary);
  const by = isPreferred.find((each) => flagged.some(each));
  return (by && flagged.findLast(by)) ?? flagged[0] ?? (always ? usable[0] : undefined);
}

function byAge(a: PrimaryRow, b: PrimaryRow): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}

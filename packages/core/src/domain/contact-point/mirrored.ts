/**
 * A field of a contact or an account that says the same as the primary one of its rows (`contact.email`, the address of the primary
 * one of its e-mail addresses): kept equal both ways by hooks.
 */
import type { DomainContext } from "../domain-model.ts";
import type { PrimaryRow, SettledGroup } from "./primary.ts";

export interface MirroredField<Row extends PrimaryRow> {
  /** The owner of the row, where the row is one of those that the field tells of. */
  ownerOf(row: Row): string | null;
  valueOf(row: Row): string;
  /** What the field of each of these owners says; those that are gone are absent. One query. */
  read(context: DomainContext, ownerIds: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
  write(context: DomainContext, values: ReadonlyMap<string, string | null>): Promise<unknown>;
  /** The rows of these owners that are not archived, the earliest first. One query. */
  rowsOf(context: DomainContext, ownerIds: readonly string[]): Promise<readonly Row[]>;
  /** The row that stands for the value, where one does. */
  find(rows: readonly Row[], value: string, context: DomainContext): Row | undefined;
  /** Makes these rows the primary ones, written as the value is. */
  adopt(context: DomainContext, rows: readonly { readonly id: string; readonly value: string }[]): Promise<unknown>;
  /** Makes new rows that are the primary ones. */
  add(context: DomainContext, rows: readonly { readonly ownerId: string; readonly value: string }[]): Promise<unknown>;
  /** The field was cleared: these rows are not the primary ones any more. */
  clear(context: DomainContext, rows: readonly Row[]): Promise<unknown>;
}

/** Has the field follow the rows. */
export async function fieldFollows<Row extends PrimaryRow>(
  context: DomainContext,
  mirrored: MirroredField<Row>,
  groups: readonly SettledGroup<Row>[],
): Promise<void> {
  const wanted = new Map<string, string | null>();
  for (const { member, primary } of groups) {
    const ownerId = mirrored.ownerOf(member);
    if (ownerId !== null) wanted.set(ownerId, primary ? mirrored.valueOf(primary) : null);
  }
  if (wanted.size === 0) return;
  const said = await mirrored.read(context, [...wanted.keys()]);
  const differing = [...wanted].filter(([id, value]) => said.has(id) && said.get(id) !== value);
  if (differing.length > 0) await mirrored.write(context, new Map(differing));
}

/** Which of the rows say what their owner's field says. One query. */
export async function rowsSaid<Row extends PrimaryRow>(
  context: DomainContext,
  mirrored: MirroredField<Row>,
  rows: readonly Row[],
): Promise<ReadonlySet<string>> {
  const ownerIds = rows.flatMap((row) => mirrored.ownerOf(row) ?? []);
  if (ownerIds.length === 0) return new Set();
  const said = await mirrored.read(context, ownerIds);
  const saying = rows.filter((row) => {
    const ownerId = mirrored.ownerOf(row);
    return ownerId !== null && said.get(ownerId) === mirrored.valueOf(row);
  });
  return new Set(saying.map(({ id }) => id));
}

/** A write of the owner: what its field said, and says. */
export interface FieldChange {
  readonly ownerId: string;
  readonly isNew: boolean;
  readonly was: string | null;
  readonly is: string | null;
}

/** Has the rows follow the field. A value that no row stands for makes a new one; the row that was the primary one stays. */
export async function rowsFollow<Row extends PrimaryRow>(
  context: DomainContext,
  mirrored: MirroredField<Row>,
  all: readonly FieldChange[],
): Promise<void> {
  const changed = all.filter(({ was, is }) => was !== is);
  if (changed.length === 0) return;
  const existing = changed.filter(({ isNew }) => !isNew).map(({ ownerId }) => ownerId);
  const rows = existing.length === 0 ? [] : await mirrored.rowsOf(context, existing);
  const byOwner = new Map<string, Row[]>(existing.map((id) => [id, []]));
  for (const row of rows) byOwner.get(mirrored.ownerOf(row)!)!.push(row);
  const cleared: Row[] = [];
  const adopted: { id: string; value: string }[] = [];
  const added: { ownerId: string; value: string }[] = [];
  for (const { ownerId, is: value } of changed) {
    const own = byOwner.get(ownerId) ?? [];
    // Several where two owners have become one: their rows are settled after this.
    const primaries = own.filter(({ isPrimary }) => isPrimary);
    if (value === null) cleared.push(...primaries);
    else if (!primaries.some((row) => mirrored.valueOf(row) === value)) {
      const known = mirrored.find(own, value, context);
      if (known) adopted.push({ id: known.id, value });
      else added.push({ ownerId, value });
    }
  }
  if (cleared.length > 0) await mirrored.clear(context, cleared);
  if (adopted.length > 0) await mirrored.adopt(context, adopted);
  if (added.length > 0) await mirrored.add(context, added);
}

/** For `before` of the owner: which of these cannot have the field cleared, because rows besides the primary one would remain. */
export async function keptFields<Row extends PrimaryRow>(
  context: DomainContext,
  mirrored: MirroredField<Row>,
  clearedIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (clearedIds.length === 0) return new Set();
  const others = (await mirrored.rowsOf(context, clearedIds)).filter(({ isPrimary }) => !isPrimary);
  return new Set(others.map((row) => mirrored.ownerOf(row)!));
}

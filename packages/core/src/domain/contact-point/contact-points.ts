/** What e-mail addresses, phone numbers and postal addresses have in common: each is of a contact or of an account. */
import type { InputIssue } from "../../errors.ts";
import type { PrimaryRow } from "./primary.ts";

interface Owned {
  readonly contactId?: string | null;
  readonly accountId?: string | null;
}

export function ownerOf({ contactId, accountId }: Owned): string {
  return contactId ? `contact:${contactId}` : `account:${accountId}`;
}

/** What rows have besides their own text, and what hooks read of them. */
export interface ContactPoint extends PrimaryRow {
  readonly contactId: string | null;
  readonly accountId: string | null;
}
export const POINT_FIELDS = ["contactId", "accountId", "isPrimary", "createdAt", "archivedAt"] as const;

/** Conditions for all rows of the owners of these: one for each thousand owners. */
export function ofOwners(rows: readonly Owned[]): readonly OwnersCondition[] {
  const [contactIds, accountIds] = [
    rows.flatMap(({ contactId }) => contactId ?? []),
    rows.flatMap(({ accountId }) => accountId ?? []),
  ];
  return [
    ...chunksOf(contactIds).map((ids) => ({ contactId: { in: ids } })),
    ...chunksOf(accountIds).map((ids) => ({ accountId: { in: ids } })),
  ];
}

interface OwnersCondition {
  readonly contactId?: { readonly in: readonly string[] };
  readonly accountId?: { readonly in: readonly string[] };
}

/** So many ids are asked for at a time: a long list would be gone through again for each page of its answer. */
const CHUNK = 1_000;

/** Each id once. */
export function chunksOf(ids: readonly string[]): readonly (readonly string[])[] {
  const each = [...new Set(ids)];
  return Array.from({ length: Math.ceil(each.length / CHUNK) }, (_, i) => each.slice(i * CHUNK, (i + 1) * CHUNK));
}

export async function allIn<Part, T>(
  parts: readonly Part[],
  read: (part: Part) => AsyncIterable<T>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (const part of parts) for await (const record of read(part)) all.push(record);
  return all;
}

export function ownerIssues({ contactId, accountId }: Owned): readonly InputIssue[] {
  if (!contactId && !accountId)
    return [{ field: "contactId", code: "missing_field", message: "is required, unless accountId is given" }];
  if (contactId && accountId)
    return [
      { field: "accountId", code: "not_allowed", message: "cannot be given together with contactId: it is of one" },
    ];
  return [];
}

/** The one that is the primary one already, else the earliest. */
export function preferred<Row extends PrimaryRow>(rows: readonly Row[]): Row | undefined {
  return rows.find(({ isPrimary }) => isPrimary) ?? rows[0];
}

/** What a hook adds to a row. */
export interface RowPatch {
  readonly normalized?: string;
  readonly isPrimary?: boolean;
}

export const byAge = [{ createdAt: "asc" }, { id: "asc" }] as const;

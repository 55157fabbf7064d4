/** What e-mail addresses, phone numbers and postal addresses have in common: each is of a contact or of an account. */
import type { InputIssue } from "../../errors.ts";
import type { PrimaryRow } from "./primary.ts";

interface Owned {
  readonly contactId?: string | null;
  readonly accountId?: string | null;
}

export function ownerOf({ contactId, accountId }: Owned): string {
  return contactId ? `contact ${contactId}` : `account ${accountId}`;
}

/** The condition for all rows of the owners of these. */
export function ofOwners(rows: readonly Owned[]) {
  return {
    or: [
      { contactId: { in: [...new Set(rows.flatMap(({ contactId }) => contactId ?? []))] } },
      { accountId: { in: [...new Set(rows.flatMap(({ accountId }) => accountId ?? []))] } },
    ],
  };
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

/** There is no deleting of many: one statement list for each. */
export async function deleteEach(
  repository: { delete(id: string): Promise<void> },
  rows: readonly { readonly id: string }[],
): Promise<void> {
  for (const { id } of rows) await repository.delete(id);
}

export async function allOf<T>(records: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const record of records) all.push(record);
  return all;
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

/** Finds the accounts that rows name. */
import { CrmError, invalidInput, isUuid } from "@relata/core/plugin";
import type { HierarchiesContext } from "../parts.ts";
import { chunksOf } from "../require-accounts.ts";
import type { ImportOptions } from "./import-report.ts";

/** By key: the ids of the accounts that have it. */
export type Accounts = ReadonlyMap<string, readonly string[]>;

/** By key: the live accounts that have it. Queries for every thousand keys. */
export async function accountsByKey(
  context: HierarchiesContext,
  keys: readonly string[],
  by: ImportOptions["by"],
): Promise<Accounts> {
  const each = [...new Set(keys)];
  if (by === undefined) return byField(context, each.filter(isUuid), "id");
  if ("field" in by) return byField(context, each, checkedField(context, by.field));
  const query = { source: by.source, entityType: "account" } as const;
  const found = await ofPossible(each, "key", async (possible) => [
    ...(await context.externalIds.resolve({ ...query, keys: possible })),
  ]);
  const ids = new Map(found);
  const live = await byField(context, [...new Set(ids.values())], "id");
  return new Map(each.map((key) => [key, live.get(ids.get(key) ?? "") ?? []]));
}

async function byField(context: HierarchiesContext, keys: readonly string[], field: string): Promise<Accounts> {
  const found = new Map<string, string[]>();
  const accounts = context.repository("account");
  for (const part of chunksOf(keys)) {
    const records = await ofPossible(part, field, (possible) =>
      Array.fromAsync(accounts.iterate({ where: { [field]: { in: possible } } })),
    );
    for (const account of records) {
      const key = account[field] as string;
      const known = found.get(key);
      if (known) known.push(account.id);
      else found.set(key, [account.id]);
    }
  }
  return found;
}

/** What is found without the keys that the field would not accept, such as one with a NUL character: nobody has such a key. */
async function ofPossible<T>(
  keys: readonly string[],
  field: string,
  find: (keys: readonly string[]) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  try {
    return await find(keys);
  } catch (error) {
    if (!CrmError.is(error, "invalid_query") || error.details.field !== `${field}.in`) throw error;
    const middle = Math.floor(keys.length / 2);
    if (middle === 0) return [];
    const before = await ofPossible(keys.slice(0, middle), field, find);
    return [...before, ...(await ofPossible(keys.slice(middle), field, find))];
  }
}

/** @throws `invalid_input` for what is no text field of accounts */
function checkedField(context: HierarchiesContext, name: string): string {
  const texts = context
    .entities()
    .find((entity) => entity.name === "account")!
    .fields.flatMap(({ name: each, kind }) => (kind === "text" || kind === "foldedText" ? [each] : []));
  if (texts.includes(name)) return name;
  const message = `must name a text field of accounts: ${texts.join(", ")}`;
  throw invalidInput("accountHierarchy", [{ field: "by.field", code: "not_allowed", message }]);
}

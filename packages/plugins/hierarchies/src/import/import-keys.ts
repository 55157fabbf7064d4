/** Finds the accounts that rows name. */
import { invalidInput, isUuid } from "@relata/core/plugin";
import type { ImportOptions } from "./import-report.ts";
import type { HierarchiesContext } from "../parts.ts";
import { chunksOf } from "../require-accounts.ts";

/** By key: the live accounts that have it. Queries for every thousand keys. */
export async function accountsByKey(
  context: HierarchiesContext,
  keys: readonly string[],
  by: ImportOptions["by"],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const each = [...new Set(keys)];
  if (by === undefined) return byField(context, each.filter(isUuid), "id");
  if ("field" in by) return byField(context, each, checkedField(context, by.field));
  const found = await context.externalIds.resolve({ source: by.source, entityType: "account", keys: each });
  const live = await byField(context, [...new Set(found.values())], "id");
  return new Map(each.map((key) => [key, live.get(found.get(key) ?? "") ?? []]));
}

async function byField(context: HierarchiesContext, keys: readonly string[], field: string) {
  const found = new Map<string, string[]>();
  for (const part of chunksOf(keys)) {
    for await (const account of context.repository("account").iterate({ where: { [field]: { in: part } } })) {
      const key = account[field] as string;
      const known = found.get(key);
      if (known) known.push(account.id);
      else found.set(key, [account.id]);
    }
  }
  return found;
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

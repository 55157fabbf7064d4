/** Refuses accounts that are not there. */
import { isUuid } from "@relata/core/plugin";
import type { HierarchiesContext } from "./parts.ts";

/** One query for every thousand accounts, archived ones included. @throws `not_found` */
export async function requireAccounts(context: HierarchiesContext, ids: readonly string[]): Promise<void> {
  const known = await knownAccounts(context, ids);
  const absent = ids.find((id) => !known.has(id));
  if (absent !== undefined) await context.accounts.get(absent, { select: ["id"] });
}

/** Those of the ids that accounts have. */
async function knownAccounts(context: HierarchiesContext, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const part of chunksOf([...new Set(ids)].filter(isUuid))) {
    const query = { where: { id: { in: part } }, select: ["id"], archived: "include" } as const;
    for await (const { id } of context.accounts.iterate(query)) known.add(id);
  }
  return known;
}

/** So many ids are asked for at a time: a long list would be gone through again for each page of its answer. */
const AT_ONCE = 1_000;

export function chunksOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, i) =>
    items.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
  );
}

/** What the facts about merging begin with, and ask again and again. */
import type { TangledCrm } from "./tangle.ts";

export const nowhere = "019b7ca9-8f2e-7000-8000-000000000000";

export async function twoCrates(crm: TangledCrm): Promise<void> {
  await crm.crates.createMany([{ id: "c1" }, { id: "c2" }, { id: "c3" }]);
}

export const idsOf = async (list: Promise<{ readonly items: readonly { readonly id: string }[] }>) =>
  (await list).items.map(({ id }) => id).join(" ");

export async function marksOf(crm: TangledCrm): Promise<readonly unknown[]> {
  return (await crm.marks.list({ archived: "include" })).items.map(({ id, kind, target }) => [id, kind, target]);
}

/** "a<b": the accounts by name, with their parents. */
export async function tree(crm: TangledCrm): Promise<string> {
  const { items } = await crm.accounts.list({ include: { parent: true }, orderBy: [{ name: "asc" }] });
  return items.map(({ name, parent }) => (parent ? `${name}<${parent.name}` : name)).join(" ");
}

/** Accounts of these names, each below the one before. */
export async function chain(crm: TangledCrm, ...names: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const name of names) ids.push((await crm.accounts.create({ name, parentId: ids.at(-1) ?? null })).id);
  return ids;
}

/** Two accounts that become one may both have an office of one title, of which one stays. */
import type { OfficeRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf } from "../things.ts";

interface AccountMerge {
  readonly survivor: { readonly id: string };
  readonly other: { readonly id: string };
}

/** The `merging` hook of accounts: who held the other one's office holds the survivor's. An office that only the other one has moves by its reference. */
export async function mergeOffices(context: RelationshipsContext, batch: readonly AccountMerge[]): Promise<void> {
  for (const { survivor, other } of batch) {
    const offices = await officesOf(context, [survivor.id, other.id]);
    const kept = new Map(offices.flatMap((each) => (each.accountId === survivor.id ? [[each.title, each.id]] : [])));
    const doubles = offices.filter(({ accountId, title }) => accountId === other.id && kept.has(title));
    const titles = new Map(doubles.map(({ id, title }) => [id, title]));
    for (const part of chunksOf([...titles.keys()])) {
      const query = { where: { officeId: { in: part } }, archived: "include" } as const;
      const held = await Array.fromAsync(context.relationships.iterate(query));
      await context.relationships.updateMany(
        held.map(({ id, officeId }) => ({ id, officeId: kept.get(titles.get(officeId!)!)!, toId: survivor.id })),
      );
    }
  }
}

function officesOf(context: RelationshipsContext, accountIds: readonly string[]): Promise<readonly OfficeRecord[]> {
  return Array.fromAsync(context.offices.iterate({ where: { accountId: { in: accountIds } }, archived: "include" }));
}

/** What the same address of two owners says of consent, when the owners become one. */
import type { RecordOf } from "../../kernel/entity/model.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";

export interface MergedOwners {
  readonly survivor: { readonly id: string };
  readonly other: { readonly id: string };
}

type Point = Pick<
  RecordOf<DomainModel, "emailAddress">,
  "id" | "normalized" | "optedOutOn" | "optedOutSource" | "invalidOn" | "invalidSource"
>;

/**
 * For `merging` of contacts and accounts: an address that both have is the survivor's afterwards, so that takes over since when nothing
 * may be sent to it, or it does not work, where it does not say so itself. Four queries.
 */
export function keepOptOuts(owner: "contactId" | "accountId") {
  return async (context: DomainContext, [merge]: readonly MergedOwners[]): Promise<void> => {
    const { survivor, other } = merge!;
    const emails = (id: string) => Array.fromAsync(context.emailAddresses.iterate({ where: { [owner]: id } }));
    const phones = (id: string) => Array.fromAsync(context.phoneNumbers.iterate({ where: { [owner]: id } }));
    await context.emailAddresses.updateMany(takenOver(await emails(survivor.id), await emails(other.id)));
    await context.phoneNumbers.updateMany(takenOver(await phones(survivor.id), await phones(other.id)));
  };
}

function takenOver(mine: readonly Point[], theirs: readonly Point[]): readonly (Partial<Point> & { id: string })[] {
  const same = new Map(theirs.map((point) => [point.normalized, point]));
  return mine.flatMap(({ id, normalized, ...own }) => {
    const { optedOutOn, optedOutSource, invalidOn, invalidSource } = same.get(normalized) ?? own;
    const patch = {
      ...(own.optedOutOn === null && optedOutOn !== null ? { optedOutOn, optedOutSource } : {}),
      ...(own.invalidOn === null && invalidOn !== null ? { invalidOn, invalidSource } : {}),
    };
    return Object.keys(patch).length === 0 ? [] : [{ id, ...patch }];
  });
}

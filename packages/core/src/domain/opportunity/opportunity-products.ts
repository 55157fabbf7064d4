/** What the products of an opportunity come to. */
import type { PatchInput, RecordOf } from "../../kernel/entity/model.ts";
import { multiplyMoney } from "../../kernel/value/multiply-money.ts";
import type { DomainModel } from "../domain-model.ts";

type Patch = PatchInput<DomainModel, "opportunityProduct">;

/** Quantity times unit price, rounded once. The opportunity's own amount does not follow: what it is worth is the seller's word. */
export async function priceProducts(
  _context: unknown,
  batch: readonly { readonly input: Patch; readonly before?: RecordOf<DomainModel, "opportunityProduct"> }[],
): Promise<readonly (Patch | undefined)[]> {
  return batch.map(({ input, before }) => {
    const { quantity = before?.quantity, unitPrice = before?.unitPrice ?? null } = input;
    return { amount: unitPrice && quantity !== undefined ? multiplyMoney(unitPrice, quantity) : null };
  });
}

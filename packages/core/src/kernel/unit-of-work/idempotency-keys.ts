/** What one can do with the keys of transactions: forget them. */
import * as z from "zod";
import { CrmError } from "../../errors.ts";
import { inputIssues, invalidInput } from "../entity/input-issues.ts";
import type { KernelContext } from "../kernel-model.ts";
import { once } from "../once.ts";

export interface IdempotencyKeyOperations {
  /**
   * Deletes the keys, and the results stored with them, of transactions that were begun before an instant; returns how many. A transaction
   * with such a key is done anew. @throws `invalid_input`
   */
  forget(options: { readonly before: Date }): Promise<number>;
}

export function idempotencyKeyOperations(context: KernelContext): IdempotencyKeyOperations {
  return { forget: (options) => forget(context, options) };
}

const forgetSchema = once(() => z.strictObject({ before: z.date() }));
const AT_ONCE = 1_000;

async function forget(context: KernelContext, given: unknown): Promise<number> {
  const parsed = forgetSchema().safeParse(given);
  if (!parsed.success) throw invalidInput("forget", inputIssues(parsed.error.issues, given));
  const { before } = parsed.data;
  for (let forgotten = 0; ; ) {
    const { items } = await context.idempotencyKeys.list({
      where: { usedAt: { lt: before } },
      select: ["id"],
      limit: AT_ONCE,
    });
    if (items.length === 0) return forgotten;
    if (
      await deleteAll(
        context,
        items.map(({ id }) => id),
      )
    )
      forgotten += items.length;
  }
}

/** False where somebody else has forgotten some of them meanwhile. */
async function deleteAll(context: KernelContext, ids: readonly string[]): Promise<boolean> {
  try {
    await context.idempotencyKeys.deleteMany(ids);
    return true;
  } catch (error) {
    if (CrmError.is(error, "not_found")) return false;
    throw error;
  }
}

/** Phone numbers that were normalised before a normaliser was installed, or by an older one. */
import type { LongWork } from "../../kernel/long-work.ts";
import type { DomainContext } from "../domain-model.ts";
import { normalPhone } from "./normal-phone.ts";

export interface NormalizedAgain {
  /** How many numbers have been looked at. */
  readonly read: number;
  /** How many of them have another form now. */
  readonly changed: number;
  /** How many the normaliser has refused: they keep the form that they had. */
  readonly refused: number;
}

export type NormalizeOptions = LongWork<NormalizedAgain>;

/** So many are a unit of their own. */
const BATCH = 1_000;

/** Numbers as they are compared by the normaliser that is installed now. A second run goes on where a first one was interrupted or aborted. */
export async function normalizePhonesAgain(
  context: DomainContext,
  options: NormalizeOptions = {},
): Promise<NormalizedAgain> {
  let done: NormalizedAgain = { read: 0, changed: 0, refused: 0 };
  let after: string | undefined;
  do {
    options.signal?.throwIfAborted();
    const page = await context.transaction(async (tx) => {
      const numbers = await tx.phoneNumbers.list({ archived: "include", limit: BATCH, after });
      const forms = numbers.items.map((row) => ({ row, ...normalPhone(tx, row.number) }));
      const changed = forms.filter(({ row, normalized }) => normalized !== undefined && normalized !== row.normalized);
      await tx.phoneNumbers.updateMany(changed.map(({ row, normalized }) => ({ id: row.id, normalized: normalized! })));
      const refused = forms.filter(({ problem }) => problem !== undefined).length;
      return { next: numbers.next, read: forms.length, changed: changed.length, refused };
    });
    after = page.next;
    done = {
      read: done.read + page.read,
      changed: done.changed + page.changed,
      refused: done.refused + page.refused,
    };
    options.onProgress?.(done);
  } while (after !== undefined);
  return done;
}

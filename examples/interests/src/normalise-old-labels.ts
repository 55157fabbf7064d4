/** A migration: version 0.9 kept labels as they were written. */
import { normalised } from "./normalise-label.ts";
import type { InterestsContext } from "./parts.ts";

interface Labelled {
  readonly id: string;
  readonly label: string;
}

/** Where two interests turn out to be one, the accounts of both get the one that is left. */
export const normaliseOldLabels = {
  id: "2026-12-normalise-labels",
  backfill: {
    interest: {
      async run(context: InterestsContext, records: readonly Labelled[]) {
        for (const { id, label } of records) {
          if (label === normalised(label)) continue;
          const same = await context.interests.find({ where: { label: normalised(label) }, archived: "include" });
          if (same) await merge(context, id, same.id);
          else await context.interests.update(id, { label: normalised(label) });
        }
      },
    },
  },
};

async function merge(context: InterestsContext, from: string, into: string): Promise<void> {
  for await (const { accountId } of context.accountInterests.iterate({ where: { interestId: from } })) {
    const already = await context.accountInterests.find({ where: { accountId, interestId: into } });
    if (!already) await context.accountInterests.create({ accountId, interestId: into });
  }
  await context.interests.delete(from);
}

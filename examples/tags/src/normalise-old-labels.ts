/** A migration: version 0.9 kept labels as they were written. */
import { normalised } from "./normalise-label.ts";
import type { TagsContext } from "./parts.ts";

interface Labelled {
  readonly id: string;
  readonly label: string;
}

/** Where two tags turn out to be one, the accounts of both get the one that is left. */
export const normaliseOldLabels = {
  id: "2026-12-normalise-labels",
  backfill: {
    tag: {
      async run(context: TagsContext, records: readonly Labelled[]) {
        for (const { id, label } of records) {
          if (label === normalised(label)) continue;
          const same = await context.tags.find({ where: { label: normalised(label) }, archived: "include" });
          if (same) await merge(context, id, same.id);
          else await context.tags.update(id, { label: normalised(label) });
        }
      },
    },
  },
};

async function merge(context: TagsContext, from: string, into: string): Promise<void> {
  for await (const { accountId } of context.taggings.iterate({ where: { tagId: from } })) {
    const already = await context.taggings.find({ where: { accountId, tagId: into } });
    if (!already) await context.taggings.create({ accountId, tagId: into });
  }
  await context.tags.delete(from);
}

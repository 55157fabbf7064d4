/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin } from "@relata/core/plugin";
import { countTags } from "./count-tags.ts";
import { normaliseLabels } from "./normalise-label.ts";
import { normaliseOldLabels } from "./normalise-old-labels.ts";
import { parts } from "./parts.ts";
import { popularTags } from "./popular-tags.ts";
import { tagAccount, untagAccount } from "./tag-account.ts";

const define = () =>
  definePlugin({
    id: "tags",
    version: "1.0.0",
    ...parts,
    migrations: [normaliseOldLabels],
    hooks: {
      tag: { before: normaliseLabels },
      tagging: { after: countTags },
    },
    operations: (context) => ({
      account: {
        tag: (id: string, label: string) => tagAccount(context, id, label),
        untag: (id: string, label: string) => untagAccount(context, id, label),
      },
    }),
    // The id is the plural of an entity of this plugin: `crm.tags` has the repository's methods and these.
    services: (context) => ({
      popular: (options?: { readonly limit?: number }) => popularTags(context, options),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Tags extends Named<ReturnType<typeof define>> {}

/**
 * Tags on accounts: `crm.accounts.tag(id, label)`, `crm.accounts.untag(id, label)`, `crm.tags.popular()`, the entities `tag` and
 * `tagging`, and the column `account.tagCount`.
 */
export const tags = (): Tags => define();

/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin } from "@relata/core/plugin";
import { addInterest, removeInterest } from "./add-interest.ts";
import { countInterests } from "./count-interests.ts";
import { normaliseLabels } from "./normalise-label.ts";
import { normaliseOldLabels } from "./normalise-old-labels.ts";
import { parts } from "./parts.ts";
import { popularInterests } from "./popular-interests.ts";

const define = () =>
  definePlugin({
    id: "interests",
    version: "1.0.0",
    ...parts,
    migrations: [normaliseOldLabels],
    hooks: {
      interest: { before: normaliseLabels },
      accountInterest: { after: countInterests },
    },
    operations: (context) => ({
      account: {
        addInterest: (id: string, label: string) => addInterest(context, id, label),
        removeInterest: (id: string, label: string) => removeInterest(context, id, label),
      },
    }),
    // The id is the plural of an entity of this plugin: `crm.interests` has the repository's methods and these.
    services: (context) => ({
      popular: (options?: { readonly limit?: number }) => popularInterests(context, options),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Interests extends Named<ReturnType<typeof define>> {}

/**
 * What accounts are interested in: `crm.accounts.addInterest(id, label)`, `crm.accounts.removeInterest(id, label)`, `crm.interests.popular()`, the entities `interest` and
 * `accountInterest`, and the column `account.interestCount`.
 */
export const interests = (): Interests => define();

/** What is asked of a plugin with the id "hierarchies", where one is installed. `@relata/hierarchies` is one. */
import type { Plugin } from "@relata/core/plugin";

export interface AccountHierarchies {
  /** Every account of a hierarchy once, from the top down. */
  nodes(query: {
    readonly hierarchy?: string | undefined;
    readonly on?: string | undefined;
    readonly under?: string | undefined;
  }): Promise<readonly { readonly id: string; readonly parentId: string | null; readonly depth: number }[]>;
}

type None = Record<never, never>;

/** Named as optional, so that accounts add up along it where it is there, and nobody has to install it. */
export const hierarchiesPlugin = { id: "hierarchies" } as Plugin<
  "hierarchies",
  None,
  None,
  None,
  { readonly hierarchies: AccountHierarchies },
  []
>;

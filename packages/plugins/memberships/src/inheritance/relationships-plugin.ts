/** What is asked of a plugin with the id "relationships", where one is installed: ties between parties. */
import type { Plugin } from "@relata/core/plugin";

/** A tie that is valid on the day asked for. */
export interface PartyTie {
  readonly id: string;
  readonly type: string;
  readonly from: { readonly entity: "contact" | "account"; readonly id: string };
  readonly contactId: string;
  /** The first and the last day; null: open. */
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly createdAt: Date;
}

export interface PartyTies {
  /** Those of the types that lead from one of the parties, or to one of the contacts; of both, where both are given. */
  tiesOn(query: {
    readonly on: string;
    readonly types: readonly string[];
    readonly fromContactIds?: readonly string[];
    readonly fromAccountIds?: readonly string[];
    readonly toContactIds?: readonly string[];
  }): Promise<readonly PartyTie[]>;
}

type None = Record<never, never>;

/** Named as optional: levels may name its types, and nobody has to install it. */
export const relationshipsPlugin = { id: "relationships" } as Plugin<
  "relationships",
  None,
  None,
  None,
  { readonly relationships: PartyTies },
  []
>;

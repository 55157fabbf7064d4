/** What stands in the sources of imports, and in the documents of exports. */

/**
 * One relationship, by columns. `from` and `to` may be records; `attributes` may be an object, and `evidence` and `acts` lists, as an export writes them.
 * A `relationshipId` is kept, and `supersedes` is the one of another; without them it gets one.
 */
export type ImportRow = { readonly [column: string]: unknown };

export interface SourceRow {
  readonly cells: ImportRow;
  /** Of CSV: from 1. */
  readonly line?: number;
  /** It has not as many cells as the header. */
  readonly isRagged?: true;
}

/** Something else of a document of `exportJson`: a type, an office. */
export interface SourcePart {
  readonly part: DocumentPart;
  readonly value: unknown;
}

/** The lists of an export's document that an import reads, in the order in which they stand there; `edges` are the rows. */
export const documentParts = [
  ...(["types", "engagementTypes", "partyKinds", "rules", "offices", "engagements", "profiles"] as const),
] as const;
export type DocumentPart = (typeof documentParts)[number];

/** What `exportJson` writes. */
export const FORMAT = "relata-relationships";

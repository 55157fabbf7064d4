/** A source as it is generated and written: text in every cell. */
import type { SourceName } from "../source/files.ts";

/** Cells by column. What is empty in the file is "". */
export type Cells = { readonly [column: string]: string };

export type GeneratedSource = { readonly [N in SourceName]: readonly Cells[] };

/**
 * Where a row stands in a tree, as text: a label for each row on the way from the top down to it, each ended by "/". What is below a row
 * has a path that begins with the row's own. Labels and paths are of ASCII characters before "~".
 */
import type { Storable, TableSchema } from "./storage-schema.ts";

/** The longest path that is kept, in characters: databases limit what an index may hold. A longer one is cut, and ends in "*". */
export const PATH_LIMIT = 1_000;

/** What the column of a table of paths means; and as long as nothing keeps them: who declares the tree again fills them in anew. */
export const PATH_MEANING = "tree path";
export const STALE_PATH_MEANING = "stale tree path";

const CUT = "*";
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

export type IdKind = "uuid" | "text";

export function idKind({ columns }: TableSchema): IdKind {
  return columns[1]!.kind === "uuid" ? "uuid" : "text";
}

/** The path of a row that has none above it. A UUID takes 22 characters; of other ids what is no letter, digit or "-_" is escaped. */
export function topPath(id: string, kind: IdKind): string {
  return cutAt(`${kind === "uuid" ? shortUuid(id) : escaped(id)}/`, PATH_LIMIT);
}

/** The path of a row by that of the row above it, and its own as if none were. */
export function pathBelow(parent: string, top: string): string {
  return cutAt(parent + top, PATH_LIMIT);
}

/** Whether only its beginning is kept: rows far down that have it in common may stand anywhere below. */
export function isCut(path: string): boolean {
  return path.endsWith(CUT);
}

interface Rebase {
  readonly from: string;
  readonly to: string;
  readonly limit: number;
}

/** What a `rebase` step makes of a value; null for what is no text that begins with `from`, and stays. */
export function rebasedValue(value: Storable, { from, to, limit }: Rebase): string | null {
  return typeof value === "string" && value.startsWith(from) ? cutAt(to + value.slice(from.length), limit) : null;
}

function cutAt(text: string, limit: number): string {
  return text.length < limit ? text : text.slice(0, limit - 1) + CUT;
}

/** Three digits of base 16 are two of base 64. */
function shortUuid(id: string): string {
  const hex = `${id.replaceAll("-", "")}0`;
  let label = "";
  for (let at = 0; at < hex.length; at += 3) {
    const bits = Number.parseInt(hex.slice(at, at + 3), 16);
    label += DIGITS[bits >> 6]! + DIGITS[bits & 63]!;
  }
  return label;
}

function escaped(id: string): string {
  return encodeURIComponent(id).replace(
    /[!'()*.~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

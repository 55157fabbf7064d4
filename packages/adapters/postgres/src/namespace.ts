/** Where the SDK's tables stand, and what they are called there. */
import { createHash } from "node:crypto";

export interface Namespace {
  readonly schema: string;
  /** Before the name of every table, index and rule. */
  readonly prefix: string;
}

/** PostgreSQL cuts names at so many bytes. */
const LONGEST = 63;
const FINGERPRINT = 8;

/** The name with the prefix; a longer one than can be kept has its beginning and a fingerprint of the whole. */
export function placedName({ prefix }: Namespace, name: string): string {
  const whole = prefix + name;
  if (whole.length <= LONGEST) return whole;
  return `${whole.slice(0, LONGEST - FINGERPRINT - 1)}_${fingerprint(whole).slice(0, FINGERPRINT)}`;
}

/** A table as statements name it. */
export function qualifiedTable(namespace: Namespace, name: string): string {
  return `${quoteName(namespace.schema)}.${quoteName(placedName(namespace, name))}`;
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\\") ? `E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}

/** 256 bits as hexadecimal digits, equal for equal texts in every process. */
export function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A key for advisory locks, which are one namespace for a whole database. */
export function lockKey(...words: readonly string[]): bigint {
  return BigInt.asIntN(64, BigInt(`0x${fingerprint(JSON.stringify(["relata", ...words])).slice(0, 16)}`));
}

/** Names of the tables, indexes and foreign keys of partitions, to those of what they are a part of. */
export type PartitionNames = ReadonlyMap<string, string>;

/** A name as the schema knows it; one that is no part of anything stays. */
export function wholeName(names: PartitionNames, name: string | undefined): string | undefined {
  const part = name === undefined ? undefined : names.get(name);
  return part === undefined ? name : wholeName(names, part);
}

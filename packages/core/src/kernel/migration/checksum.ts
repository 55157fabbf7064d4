/** A fingerprint of a migration: of what it declares, and of its functions' text or, where it has one, its version. */
import { compareText } from "../value/text.ts";
import type { AnyMigration } from "./define-migration.ts";

export function checksumOf(migration: AnyMigration): string {
  const ofFunctions = migration.version === undefined;
  const text = JSON.stringify(migration, (_, value: unknown) => {
    if (typeof value === "function") return ofFunctions ? value.toString().replace(/\s+/g, " ") : undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    // A field: what it was built from says everything, but for the schema of a json field, which has no text.
    const members = "definition" in value ? { ...(value.definition as object), schema: undefined } : value;
    return Object.fromEntries(Object.entries(members).sort(([one], [other]) => compareText(one, other)));
  });
  return fingerprint(text);
}

/** cyrb53 (public domain, by bryc): 53 bits, which is plenty to tell an edit; nobody is kept out by it. */
function fingerprint(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(16).padStart(14, "0");
}

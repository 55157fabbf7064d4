/** A fingerprint of a migration: of what it declares, and of its functions' text or, where it has one, its version. */
import { fingerprint } from "../value/fingerprint.ts";
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

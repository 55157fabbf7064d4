/** Reads rows: what each says, or why it says nothing. A pure function. */
import { addDays, inputIssues } from "@relata/core/plugin";
import * as z from "zod";
import { kinds } from "../account-edge.ts";
import { daySchema } from "../asked-hierarchy.ts";
import type { EdgeKind } from "../parts.ts";
import { shareSchema } from "../share.ts";
import { FIRST_DAY, type Validity } from "../valid-on.ts";
import type { ImportOptions, ImportRow } from "./import-report.ts";

const rowSchema = z.strictObject({
  child: z.string().min(1, { message: "is empty" }).normalize("NFC"),
  parent: z.string().normalize("NFC").nullish(),
  kind: z.enum(kinds).optional(),
  share: shareSchema.nullish(),
  validFrom: daySchema.nullish(),
  validUntil: daySchema.nullish(),
});

/** A row as it is meant: with the last day as the end. */
export interface ReadRow extends Validity {
  readonly child: string;
  readonly parent: string | null;
  readonly kind: EdgeKind;
  readonly share: string | null;
}

/** The row, or what is wrong with it, for a person. */
export function readRow(
  given: ImportRow,
  { ends, isDefault }: { readonly ends: NonNullable<ImportOptions["ends"]>; readonly isDefault: boolean },
): ReadRow | string {
  const result = rowSchema.safeParse(given);
  if (!result.success) {
    const [issue] = inputIssues(result.error.issues, given);
    return `${issue!.field} ${issue!.message}`.trim();
  }
  const { child, parent, kind = "subsidiary", share = null, validFrom = null, validUntil: end = null } = result.data;
  const hasMore = [result.data.kind ?? null, share, validFrom, end].some((value) => value !== null);
  if (isDefault && hasMore) return "kind, share and days are not kept by the default hierarchy";
  if (kind === "branch" && share !== null && share !== "100")
    return "share is 100 for a branch, which counts as its parent";
  if (end === FIRST_DAY && ends === "excluded") return "validUntil is before the first day that there is";
  const validUntil = end === null || ends === "included" ? end : addDays(end, -1);
  if (validFrom !== null && validUntil !== null && validUntil < validFrom)
    return `validUntil is before the first day, ${validFrom}`;
  return { child, parent: parent || null, kind, share: kind === "branch" ? "100" : share, validFrom, validUntil };
}

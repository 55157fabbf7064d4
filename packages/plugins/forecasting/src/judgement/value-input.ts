/** How much, as it is given: money for a measure of money, a number for the measure `count`. */
import { type InputIssue, isMoney, type Money } from "@relata/core/plugin";
import * as z from "zod";

export const valueFields = {
  amount: z
    .strictObject({ amount: z.string(), currency: z.string() })
    .refine(isMoney, "is no amount of an ISO 4217 currency, with no more digits than its minor unit")
    .optional(),
  number: z.int("must be a whole number").optional(),
};

export const userSchema = z.string().min(1);

interface Valued {
  readonly measure: string;
  readonly amount?: Money | undefined;
  readonly number?: number | undefined;
}

/** What is missing, or does not belong to the measure. */
export function valueIssues({ measure, amount, number }: Valued): readonly InputIssue[] {
  const [wanted, other] = measure === "count" ? (["number", "amount"] as const) : (["amount", "number"] as const);
  const given = { amount, number };
  const issues: InputIssue[] = [];
  if (given[wanted] === undefined)
    issues.push({ field: wanted, code: "missing_field", message: `is required for the measure "${measure}"` });
  if (given[other] !== undefined)
    issues.push({ field: other, code: "not_allowed", message: `is not for the measure "${measure}": give ${wanted}` });
  return issues;
}

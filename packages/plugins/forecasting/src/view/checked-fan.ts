/** A fan is made by applications too, of numbers that may be none. */
import { inputIssues, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import type { Fan } from "./fan.ts";

const amount = z.number().nullable();
const fanSchema = z.object({
  title: z.string(),
  unit: z.string().optional(),
  level: z.number().gt(0, "must be above 0, such as 0.8").lt(1, "must be below 1, such as 0.8"),
  target: z.number().optional(),
  points: z.array(z.object({ label: z.string(), actual: amount, expected: amount, lower: amount, upper: amount })),
});

/** @throws `invalid_input` */
export function checkedFan(fan: Fan): Fan {
  const result = fanSchema.safeParse(fan);
  if (!result.success) throw invalidInput("fan", inputIssues(result.error.issues, fan));
  return result.data;
}

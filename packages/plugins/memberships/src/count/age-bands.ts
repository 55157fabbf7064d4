/** Ages in whole years on a day, in bands. */
import { addMonths, isDate } from "@relata/core/plugin";
import * as z from "zod";

const TENS = [10, 20, 30, 40, 50, 60, 70, 80, 90];

/** Whole years, ascending. */
export const agesSchema = z
  .array(z.number().int().min(1).max(150))
  .min(1)
  .max(50)
  .refine((ages) => ages.every((age, at) => at === 0 || ages[at - 1]! < age), { message: "must ascend" });

/** "18-64"; null where the day of birth is not known, or later. Whoever was born on 29 February is a year older on the 28th in other years. */
export function ageBandOf(birthDate: string | null, day: string, ages: readonly number[] = TENS): string | null {
  if (birthDate === null || !isDate(birthDate) || birthDate > day) return null;
  const place = ages.findLastIndex((age) => addMonths(birthDate, age * 12) <= day);
  return bandOf(ages, place);
}

/** Of the band that begins at a place of the list; the one before all has the place -1. */
export function bandOf(bounds: readonly number[], place: number): string {
  const from = bounds[place] ?? 0;
  const next = bounds[place + 1];
  if (next === undefined) return `${from}+`;
  return next - 1 === from ? `${from}` : `${from}-${next - 1}`;
}

/** The options of `createCrm` that are numbers of something, or functions: a wrong one would fail much later, and oddly. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../entity/input-issues.ts";
import type { CrmOptions } from "./crm-options.ts";

/** Timers end at once when they are set to more. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** @throws `invalid_input`, naming the option. */
export function checkOptions({ waitTimeoutMs, hookTimeoutMs, clock, random, onError, outbox }: CrmOptions): void {
  const given = { waitTimeoutMs, hookTimeoutMs, clock, random, onError, outbox };
  if (Object.values(given).every((value) => value === undefined)) return;
  const parsed = optionsSchema().safeParse(given);
  if (!parsed.success) throw invalidInput("createCrm", inputIssues(parsed.error.issues, given));
}

function optionsSchema() {
  const timer = z.int().min(1).max(LONGEST_TIMER_MS).optional();
  const functionIfGiven = z.custom<unknown>(
    (value) => value === undefined || typeof value === "function",
    "must be a function",
  );
  return z.object({
    waitTimeoutMs: timer,
    hookTimeoutMs: timer,
    clock: functionIfGiven,
    random: functionIfGiven,
    onError: functionIfGiven,
    outbox: z
      .strictObject({
        drainEveryMs: timer,
        maxAttempts: z.int().min(1).optional(),
        firstRetryMs: z.int().min(0).max(31_536_000_000).optional(),
        longestRetryMs: z.int().min(0).max(31_536_000_000).optional(),
        deliverTimeoutMs: timer,
      })
      .optional(),
  });
}

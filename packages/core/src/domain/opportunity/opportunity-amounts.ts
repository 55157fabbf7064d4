/** What an opportunity is worth: a part that is paid once, a part that recurs, and the whole, all in one currency. */
import type { InputIssue } from "../../errors.ts";
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import type { PatchInput, RecordOf } from "../../kernel/entity/model.ts";
import { addMoney, type Money } from "../../kernel/value/money.ts";
import { multiplyMoney } from "../../kernel/value/multiply-money.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { lockEach } from "../lock-each.ts";

type OpportunityRecord = RecordOf<DomainModel, "opportunity">;
type Patch = PatchInput<DomainModel, "opportunity">;

export interface ProposedChange {
  readonly input: Patch & { readonly id: string };
  readonly before?: OpportunityRecord;
}

type Amounts = Pick<OpportunityRecord, "amount" | "oneTimeAmount" | "recurringAmount" | "recurringInterval">;

const given = ["amount", "oneTimeAmount", "recurringAmount", "recurringInterval"] as const;
const moneys = ["oneTimeAmount", "recurringAmount", "amount"] as const;

/** How often each interval is in a year. */
const timesAYear = { month: "12", quarter: "4", half_year: "2", year: "1" } as const;

/**
 * The monthly and the annual value of what recurs, and the whole: `amount` follows its parts (the one-time amount and a year of the
 * recurring one) until it is given by hand. It follows where what is stored is what the stored parts give, and the write does not
 * name it; written as null, it follows again. What is known before the write and what the write names decide, and nothing else.
 */
export async function deriveAmounts(
  context: DomainContext,
  batch: readonly ProposedChange[],
): Promise<readonly (Patch | undefined)[]> {
  // Splits are shares of the amount: who writes either comes after who writes the other.
  const changed = batch.filter(({ input, before }) => before && given.some((field) => input[field] !== undefined));
  await lockEach(
    context,
    "opportunity",
    changed.map(({ input }) => input.id),
  );
  return batch.map(({ input, before }, at) => {
    if (given.every((field) => input[field] === undefined)) return undefined;
    const index = !before && batch.length > 1 ? at : undefined;
    return derived(input, before, index);
  });
}

function derived(input: Patch, before: OpportunityRecord | undefined, index: number | undefined): Patch {
  const {
    oneTimeAmount = before?.oneTimeAmount ?? null,
    recurringAmount = before?.recurringAmount ?? null,
    recurringInterval = before?.recurringInterval ?? null,
    amount = before && !amountFollows(before) ? before.amount : null,
  } = input;
  refuse({ oneTimeAmount, recurringAmount, recurringInterval, amount }, input, index);
  const times = recurringInterval === null ? "0" : timesAYear[recurringInterval];
  const annualRecurring = recurringAmount && multiplyMoney(recurringAmount, times);
  return {
    amount: amount ?? wholeOf(oneTimeAmount, annualRecurring),
    monthlyRecurring: recurringAmount && multiplyMoney(recurringAmount, times, "12"),
    annualRecurring,
  };
}

/** Whether the amount is what its parts give, and not one given by hand. */
export function amountFollows({
  amount,
  oneTimeAmount,
  annualRecurring,
}: Pick<OpportunityRecord, "amount" | "oneTimeAmount" | "annualRecurring">): boolean {
  const whole = wholeOf(oneTimeAmount, annualRecurring);
  return amount?.amount === whole?.amount && amount?.currency === whole?.currency;
}

function wholeOf(oneTime: Money | null, annual: Money | null): Money | null {
  return oneTime && annual ? addMoney(oneTime, annual) : (oneTime ?? annual);
}

/** A part that recurs has an interval, and there is one currency: the one of what the write does not name, if any. */
function refuse(amounts: Amounts, input: Patch, index: number | undefined): void {
  const place = index === undefined ? {} : { index };
  const issues: InputIssue[] = [];
  const { recurringAmount, recurringInterval } = amounts;
  if ((recurringAmount === null) !== (recurringInterval === null)) {
    const [field, other] =
      recurringAmount === null ? ["recurringAmount", "recurringInterval"] : ["recurringInterval", "recurringAmount"];
    issues.push({ field, code: "missing_field", message: `belongs to ${other}: give both or neither`, ...place });
  }
  const present = moneys.filter((field) => amounts[field] !== null);
  const first = present.find((field) => input[field] === undefined) ?? present[0];
  const currency = first && amounts[first]!.currency;
  for (const field of present) {
    const own = amounts[field]!.currency;
    if (own === currency) continue;
    const message = `is in ${own}, and ${first} in ${currency}: the amounts of an opportunity are in one currency`;
    issues.push({ field, code: "other_currency", message, ...place });
  }
  if (issues.length > 0) throw invalidInput("opportunity", issues);
}

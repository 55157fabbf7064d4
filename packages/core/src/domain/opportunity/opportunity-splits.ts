/** Whose an opportunity is: revenue splits share it out among users, overlay splits credit who helped, on top. */
import * as z from "zod";
import type { InputIssue } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import { addDecimals } from "../../kernel/value/decimal.ts";
import type { Money } from "../../kernel/value/money.ts";
import { multiplyMoney } from "../../kernel/value/multiply-money.ts";
import { shareOut } from "../../kernel/value/share-out.ts";
import { textProblem } from "../../kernel/value/text.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";

export type OpportunitySplitRecord = RecordOf<DomainModel, "opportunitySplit">;
type OpportunityRecord = RecordOf<DomainModel, "opportunity">;
export type SplitKind = OpportunitySplitRecord["kind"];

export interface Split {
  readonly userId: string;
  /** Of the opportunity's amount; at most four decimals. */
  readonly percent: string;
}

export interface SplitOperations {
  /**
   * Replaces the splits of one kind, as a whole; an empty list removes them. Revenue splits, of 0 to 100 % each, add up to exactly
   * 100 %, and their amounts to exactly the opportunity's: by largest remainder, of equal remainders by user id. Overlay splits, of 0 to
   * 1,000 % each, add up to anything; each amount is rounded half to even. Amounts follow the opportunity's; they are null while it
   * has none. A change of owner leaves splits alone. Results are in the order of the list.
   *
   * @throws `not_found`; `invalid_input` for a user who is not there or is named twice, a share, and a total that is not 100 %.
   */
  setSplits(id: string, kind: SplitKind, splits: readonly Split[]): Promise<readonly OpportunitySplitRecord[]>;
}

const percentSchema = (max: number) =>
  z.string().check((check) => {
    const refuse = (code: string, message: string) =>
      check.issues.push({ code: "custom", input: check.value, message, params: { code } });
    if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(check.value))
      refuse("invalid_number", 'must be a decimal in plain notation, such as "33.33"');
    else if (/\.\d{4}\d*[1-9]/.test(check.value)) refuse("too_many_decimals", "must have at most 4 decimals");
    else if (Number(check.value) < 0 || Number(check.value) > max)
      refuse("out_of_range", `must be between 0 and ${max}`);
  });

const userIdSchema = z
  .string()
  .min(1)
  .max(200)
  .check((check) => {
    const problem = textProblem(check.value);
    if (problem)
      check.issues.push({ code: "custom", input: check.value, message: problem, params: { code: "invalid_text" } });
  })
  .normalize("NFC");

const kindSchema = z.object({ kind: z.enum(["revenue", "overlay"]) });
const splitsSchema = (kind: SplitKind) =>
  z.object({
    splits: z.array(z.strictObject({ userId: userIdSchema, percent: percentSchema(kind === "revenue" ? 100 : 1000) })),
  });

export function splitOperations(context: DomainContext): SplitOperations {
  return {
    setSplits: async (opportunityId, kind, given) => {
      const splits = checked(kind, given);
      return context.transaction(async (tx) => {
        await tx.lock(`opportunity:${opportunityId}`);
        const { amount } = await tx.opportunities.get(opportunityId);
        await refuseUnknownUsers(tx, splits);
        const where = { opportunityId, kind };
        const existing = new Map<string, OpportunitySplitRecord>();
        for await (const split of tx.opportunitySplits.iterate({ where })) existing.set(split.userId, split);
        const amounts = amountsOf(amount, kind, splits);
        const wanted = splits.map(({ userId, percent }) => ({ userId, percent, amount: amounts.get(userId)! }));
        const kept = new Set(splits.map(({ userId }) => userId));
        const left = [...existing.values()].filter(({ userId }) => !kept.has(userId));
        await tx.opportunitySplits.deleteMany(left.map(({ id }) => id));
        const records = [
          ...(await tx.opportunitySplits.updateMany(
            wanted.flatMap((split) => {
              const known = existing.get(split.userId);
              return known ? [{ id: known.id, percent: split.percent, amount: split.amount }] : [];
            }),
          )),
          ...(await tx.opportunitySplits.createMany(
            wanted.filter(({ userId }) => !existing.has(userId)).map((split) => ({ ...split, opportunityId, kind })),
          )),
        ];
        const byUser = new Map(records.map((record) => [record.userId, record]));
        return splits.map(({ userId }) => byUser.get(userId)!);
      });
    },
  };
}

/** Splits are shares of the amount that there is. */
export async function shareOutAgain(
  context: DomainContext,
  batch: readonly { readonly before?: OpportunityRecord; readonly after?: OpportunityRecord }[],
): Promise<void> {
  const changed = new Map(
    batch.flatMap(({ before, after }) =>
      before && after && differs(before.amount, after.amount) ? [[after.id, after]] : [],
    ),
  );
  if (changed.size === 0) return;
  const where = { opportunityId: { in: [...changed.keys()] } };
  const splits = await Array.fromAsync(context.opportunitySplits.iterate({ where }));
  const lists = new Map<string, OpportunitySplitRecord[]>();
  for (const split of splits) {
    const key = `${split.opportunityId} ${split.kind}`;
    lists.set(key, [...(lists.get(key) ?? []), split]);
  }
  await context.opportunitySplits.updateMany(
    [...lists.values()].flatMap((list) => {
      const { opportunityId, kind } = list[0]!;
      const amounts = amountsOf(changed.get(opportunityId)!.amount, kind, list);
      return list.map(({ id, userId }) => ({ id, amount: amounts.get(userId)! }));
    }),
  );
}

/** By user. */
export function amountsOf(
  amount: Money | null,
  kind: SplitKind,
  splits: readonly Split[],
): ReadonlyMap<string, Money | null> {
  if (amount === null || splits.length === 0) return new Map(splits.map(({ userId }) => [userId, null]));
  if (kind === "overlay")
    return new Map(splits.map(({ userId, percent }) => [userId, multiplyMoney(amount, percent, "100")]));
  const inOrder = [...splits].sort((a, b) => (a.userId < b.userId ? -1 : 1));
  const shares = shareOut(
    amount,
    inOrder.map(({ percent }) => percent),
  );
  return new Map(inOrder.map(({ userId }, i) => [userId, shares[i]!]));
}

function differs(a: Money | null, b: Money | null): boolean {
  return a?.amount !== b?.amount || a?.currency !== b?.currency;
}

function checked(kind: unknown, given: unknown): readonly Split[] {
  const ofKind = kindSchema.safeParse({ kind });
  if (!ofKind.success) throw refused(inputIssues(ofKind.error.issues, { kind }));
  const parsed = splitsSchema(ofKind.data.kind).safeParse({ splits: given });
  if (!parsed.success) throw refused(inputIssues(parsed.error.issues, { splits: given }));
  const { splits } = parsed.data;
  const seen = new Set<string>();
  const issues: InputIssue[] = [];
  for (const [i, { userId }] of splits.entries()) {
    if (seen.has(userId))
      issues.push({ field: `splits.${i}.userId`, code: "repeated", message: `names "${userId}" a second time` });
    seen.add(userId);
  }
  const total = addDecimals(splits.map(({ percent }) => percent));
  if (ofKind.data.kind === "revenue" && splits.length > 0 && total !== "100")
    issues.push({ field: "splits", code: "out_of_range", message: `add up to ${total} %, and must to exactly 100 %` });
  if (issues.length > 0) throw refused(issues);
  return splits;
}

async function refuseUnknownUsers(tx: DomainContext, splits: readonly Split[]): Promise<void> {
  const where = { id: { in: splits.map(({ userId }) => userId) } };
  const users = await Array.fromAsync(tx.users.iterate({ where, select: [], archived: "include" }));
  const known = new Set(users.map(({ id }) => id));
  const issues = splits.flatMap(({ userId }, i): InputIssue[] => {
    const message = `refers to "${userId}", which is no user`;
    return known.has(userId) ? [] : [{ field: `splits.${i}.userId`, code: "reference_not_found", message }];
  });
  if (issues.length > 0) throw refused(issues);
}

function refused(issues: readonly InputIssue[]) {
  return invalidInput("opportunitySplit", issues);
}

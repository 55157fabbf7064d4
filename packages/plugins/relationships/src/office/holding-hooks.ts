/** What is checked of relationships that hold an office, whoever writes them. */
import { type InputIssue, invalidInput } from "@relata/core/plugin";
import { officeLock } from "../edge/edge-locks.ts";
import { compareDays, firstDay, includes, lastDay } from "../interval/day-interval.ts";
import { missingDays, outsideIssues } from "../interval/days-within.ts";
import type { OfficeRecord, RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { factsOf, refuseOutside, refuseTwice } from "./holding-rules.ts";
import { typeIdOf } from "./office-type.ts";
import { officesById, readHoldings } from "./read-offices.ts";

interface Proposed {
  readonly input: Partial<RelationshipRecord> & { readonly id: string };
  readonly before?: RelationshipRecord;
}

type Patch = ReturnType<typeof missingDays>;

/**
 * The `before` hook. A holding without a first or a last day has those of its office, where that has any.
 *
 * @throws `invalid_input` for one that does not lead to the office's account, is not of its type, or holds it when there is no office
 */
export async function proposeHoldings(
  context: RelationshipsContext,
  batch: readonly Proposed[],
): Promise<readonly Patch[] | undefined> {
  const drafts = batch.map(({ input, before }) => ({ ...before, ...input }));
  const ids = batch.flatMap(({ before }, i) => [before?.officeId ?? [], drafts[i]!.officeId ?? []].flat());
  if (ids.length === 0) return undefined;
  await lockOffices(context, ids);
  const offices = await officesById(context, ids);
  const isNew = batch.length > 1 && batch.every(({ before }) => !before);
  const issues: InputIssue[] = [];
  const patches: Patch[] = [];
  for (const [index, draft] of drafts.entries()) {
    const { before } = batch[index]!;
    const office = offices.get(draft.officeId ?? "");
    const isSame = before?.officeId === draft.officeId && hasSameDays(before, draft);
    if (!office || isSame) {
      patches.push(undefined);
      continue;
    }
    const found = [
      ...(before ? [] : await placeIssues(context, office, draft)),
      ...outsideIssues("the office", office, draft),
    ];
    issues.push(...found.map((issue) => (isNew ? { ...issue, index } : issue)));
    patches.push(missingDays(office, draft));
  }
  if (issues.length > 0) throw invalidInput("relationship", issues);
  return patches;
}

type Draft = Partial<RelationshipRecord>;

function hasSameDays(a: Draft | undefined, b: Draft): boolean {
  return a?.validFrom === b.validFrom && a?.validUntil === b.validUntil;
}

async function placeIssues(context: RelationshipsContext, office: OfficeRecord, draft: Draft) {
  const wrong = (message: string) => ({ field: "officeId", code: "not_allowed", message });
  if (office.archivedAt !== null)
    return [{ ...wrong("is an office that is archived: restore it first, or choose another"), code: "archived" }];
  const { toType, toId, typeId } = draft;
  if (toType !== "account" || toId !== office.accountId)
    return [wrong(`is an office of account ${office.accountId}: to is that account, and from is who holds it`)];
  if (typeId === (await typeIdOf(context, office))) return [];
  return [
    wrong(
      `is held by relationships of ${office.typeId ?? 'the type "office_holder"'}, and this one is of another type`,
    ),
  ];
}

interface Changed {
  readonly before?: RelationshipRecord;
  readonly after?: RelationshipRecord;
}

/**
 * The `after` hook: also for those that come back from an archiving or a deletion, or are moved by a merge.
 *
 * @throws `office_held_twice`, `office_held_by_same`, `office_not_there`, `office_elsewhere`
 */
export async function checkHoldings(context: RelationshipsContext, batch: readonly Changed[]): Promise<void> {
  const changed = batch.flatMap((each) => (mayBreakRules(each) ? [each.after!] : []));
  if (changed.length === 0) return;
  const ids = [...new Set(changed.map(({ officeId }) => officeId!))];
  await lockOffices(context, ids);
  const offices = await officesById(context, ids);
  // Read anew: what tidies up after a merge may have changed or dropped some of the batch.
  const stored = await readHoldings(context, ids, { days: daysAround(changed) });
  const written = new Set(changed.map(({ id }) => id));
  for (const id of ids) {
    const office = offices.get(id)!;
    const own = stored.of(id).filter(({ edge }) => written.has(edge.id));
    for (const { edge } of own) await refuseElsewhere(context, office, edge);
    refuseOutside(context, office, own);
    refuseTwice(context, office, stored.of(id));
  }
}

/** What only ends earlier, or begins later, breaks nothing. What comes back from a deletion says the same as before. */
function mayBreakRules({ before, after }: Changed): boolean {
  if (!after || after.officeId === null || after.archivedAt !== null) return false;
  if (!before || before.archivedAt !== null) return true;
  const fields = ["officeId", "typeId", "fromType", "fromId", "toType", "toId"] as const;
  return fields.some((field) => before[field] !== after[field]) || !includes(before, after) || includes(after, before);
}

function daysAround(edges: readonly RelationshipRecord[]) {
  const from = edges.map(firstDay).toSorted(compareDays)[0]!;
  return { from, until: edges.map(lastDay).toSorted(compareDays).at(-1)! };
}

async function refuseElsewhere(context: RelationshipsContext, office: OfficeRecord, edge: RelationshipRecord) {
  const typeId = await typeIdOf(context, office);
  if (edge.toType === "account" && edge.toId === office.accountId && edge.typeId === typeId) return;
  const { accountId } = office;
  const type = office.typeId ?? "office_holder";
  throw context.error("office_elsewhere", {
    ...{ ...factsOf(office), field: "officeId", accountId, type, relationshipId: edge.id },
  });
}

/** What the holders of these offices are decided by is read after this. */
export async function lockOffices(context: RelationshipsContext, ids: readonly string[]): Promise<void> {
  const names = [...new Set(ids)].map((id) => officeLock(id));
  if (names.length > 0) await context.lock(...names);
}

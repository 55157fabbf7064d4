/** The fields of contacts and accounts that say the same as a primary row: how they are read and written, and checked. */
import type { InputIssue } from "../../errors.ts";
import type { DomainContext } from "../domain-model.ts";
import { changes, type Proposed } from "../hook-batch.ts";
import { lockEach } from "../lock-each.ts";
import { allIn, chunksOf } from "./contact-points.ts";
import { keptFields, type MirroredField } from "./mirrored.ts";
import type { Normalized } from "./normalized.ts";
import type { PrimaryRow } from "./primary.ts";

type Access = Pick<MirroredField<PrimaryRow>, "read" | "write">;

export function contactField(field: "email" | "phone" | "accountId"): Access {
  return {
    async read(context, ids) {
      const said = new Map<string, string | null>();
      for (const { id, [field]: value } of await allIn(chunksOf(ids), (part) =>
        context.contacts.iterate({ where: { id: { in: part } }, archived: "include", select: [field] }),
      ))
        said.set(id, value);
      return said;
    },
    write: (context, values) => context.contacts.updateMany(changesOf(field, values)),
  };
}

export function accountField(field: "phone" | "domain"): Access {
  return {
    async read(context, ids) {
      const said = new Map<string, string | null>();
      for (const { id, [field]: value } of await allIn(chunksOf(ids), (part) =>
        context.accounts.iterate({ where: { id: { in: part } }, archived: "include", select: [field] }),
      ))
        said.set(id, value);
      return said;
    },
    write: (context, values) => context.accounts.updateMany(changesOf(field, values)),
  };
}

function changesOf(field: string, values: ReadonlyMap<string, string | null>): readonly { readonly id: string }[] {
  return [...values].map(([id, value]) => ({ id, [field]: value }));
}

/** That the text has a form to be compared by. */
export function textIssues(
  field: string,
  text: string | null | undefined,
  normal: (text: string) => Normalized,
): readonly InputIssue[] {
  const problem = text === null || text === undefined ? undefined : normal(text).problem;
  return problem === undefined ? [] : [{ field, code: "invalid_value", message: problem }];
}

type Owner = Proposed<"contact"> | Proposed<"account">;

/** Before a change of a field that rows follow: who writes the field and who writes the rows come one after another. */
export function lockFollowed(
  context: DomainContext,
  batch: readonly Owner[],
  { entityType, fields }: { readonly entityType: "contact" | "account"; readonly fields: readonly string[] },
): Promise<void> {
  const changing = batch.filter(
    (proposed) => proposed.before && fields.some((field) => changes(proposed as Proposed<"contact">, field as "email")),
  );
  return lockEach(
    context,
    entityType,
    changing.map(({ input }) => input.id),
  );
}

/** That the field is not cleared while rows besides the primary one remain: then another would have to take its place. */
export async function clearingIssues<Row extends PrimaryRow>(
  context: DomainContext,
  batch: readonly Owner[],
  { field, mirrored, rows }: { readonly field: string; readonly mirrored: MirroredField<Row>; readonly rows: string },
): Promise<(proposed: Owner) => readonly InputIssue[]> {
  const clears = (proposed: Owner) =>
    proposed.before !== undefined &&
    changes(proposed as Proposed<"contact">, field as "email") &&
    (proposed.input as Record<string, unknown>)[field] === null;
  const kept = await keptFields(
    context,
    mirrored,
    batch.filter(clears).map(({ input }) => input.id),
  );
  const message = `cannot be cleared while there are other ${rows}: make another the primary one, and delete this one`;
  return (proposed) =>
    clears(proposed) && kept.has(proposed.input.id) ? [{ field, code: "not_allowed", message }] : [];
}

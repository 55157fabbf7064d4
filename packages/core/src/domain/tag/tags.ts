/** What one can do with tags: mark records of any entity, and find what they are marked with. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { PatchInput, RecordOf } from "../../kernel/entity/model.ts";
import type { RecordReference } from "../../kernel/plugin/timeline-part.ts";
import { foldText } from "../../kernel/value/text.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { byEntity, checkedReference, checkedReferences } from "../record-reference.ts";

export type TagRecord = RecordOf<DomainModel, "tag">;

export interface TagOperations {
  /**
   * Marks records with tags, by name; a name that is new becomes a tag, one that differs in case or accents alone is the same tag.
   * Once is enough. At most 1,000 records and 100 names. All or nothing.
   *
   * Lists of accounts, contacts, opportunities and activities are filtered by their tags:
   * `crm.accounts.list({ where: { taggings: { some: { tag: { name: "Key account" } } } } })`.
   *
   * @returns the tags, in the order of the names.
   * @throws `reference_not_found` where there is no such record.
   */
  add(records: RecordReference | readonly RecordReference[], names: readonly string[]): Promise<readonly TagRecord[]>;
  /** Takes tags off records, where they are on them; the tags themselves stay. All or nothing. */
  remove(records: RecordReference | readonly RecordReference[], names: readonly string[]): Promise<void>;
  /** The tags of a record, in the order of their names. */
  of(record: RecordReference): Promise<readonly TagRecord[]>;
}

const MOST_RECORDS = 1_000;
const MOST_NAMES = 100;

export function tagOperations(context: DomainContext): TagOperations {
  return {
    add: async (given, names) => {
      const records = checkedRecords(given);
      const wanted = checkedNames(names);
      return context.transaction(async (tx) => {
        await tx.lock(...records.map(({ entityType, id }) => `tagging:${entityType}:${id}`));
        const tags = await tagsNamed(tx, wanted);
        const ids = [...new Set(tags.map(({ id }) => id))];
        const marked = new Set<string>();
        for await (const { entityType, recordId, tagId } of tx.taggings.iterate({ where: marking(records, ids) }))
          marked.add(JSON.stringify([entityType, recordId, tagId]));
        await tx.taggings.createMany(
          records.flatMap(({ entityType, id }) =>
            ids
              .filter((tagId) => !marked.has(JSON.stringify([entityType, id, tagId])))
              .map((tagId) => ({ tagId, entityType, recordId: id, ...relationTo(entityType, id) })),
          ),
        );
        return tags;
      });
    },
    remove: async (given, names) => {
      const records = checkedRecords(given);
      const wanted = checkedNames(names);
      await context.transaction(async (tx) => {
        const found = await tx.tags.list({ where: { normalized: { in: wanted.map(normalized) } }, limit: 1_000 });
        const where = marking(
          records,
          found.items.map(({ id }) => id),
        );
        const ids: string[] = [];
        for await (const { id } of tx.taggings.iterate({ where })) ids.push(id);
        await tx.taggings.deleteMany(ids);
      });
    },
    of: async (record) => {
      const { entityType, id } = checkedReference("tagging", record);
      const where = { taggings: { some: { entityType, recordId: id } } };
      return (await context.tags.list({ where, orderBy: [{ normalized: "asc" }], limit: 1_000 })).items;
    },
  };
}

/** A `before` hook: what a tag is compared by follows from its name. */
export async function normaliseTags(
  _context: DomainContext,
  batch: readonly { readonly input: PatchInput<DomainModel, "tag"> }[],
): Promise<readonly (PatchInput<DomainModel, "tag"> | undefined)[]> {
  return batch.map(({ input: { name } }) => {
    if (name === undefined) return undefined;
    if (normalized(name) !== "") return { normalized: normalized(name) };
    throw invalidInput("tag", [{ field: "name", code: "too_short", message: "must not be empty" }]);
  });
}

function normalized(name: string): string {
  return foldText(name).trim().replace(/\s+/g, " ");
}

/** In the order of the names; those that are missing are made, and those that were archived brought back. */
async function tagsNamed(tx: DomainContext, names: readonly string[]): Promise<readonly TagRecord[]> {
  const keys = names.map(normalized);
  const find = () => tx.tags.list({ where: { normalized: { in: keys } }, archived: "include", limit: 1_000 });
  let found = (await find()).items;
  const live = new Set(found.flatMap(({ normalized: key, archivedAt }) => (archivedAt ? [] : [key])));
  const lacking = keys.filter((key) => !live.has(key));
  if (lacking.length > 0) {
    // Others may be making them.
    await tx.lock(...lacking.map((key) => `tag:${key}`));
    found = (await find()).items;
  }
  const tags = new Map(found.map((tag) => [tag.normalized, tag]));
  for (const { id, normalized: key, archivedAt } of found) if (archivedAt) tags.set(key, await tx.tags.restore(id));
  const missing = new Map(
    names.map((name) => [normalized(name), name.trim()] as const).filter(([key]) => !tags.has(key)),
  );
  const made = await tx.tags.createMany([...missing.values()].map((name) => ({ name })));
  for (const tag of made) tags.set(tag.normalized, tag);
  return keys.map((key) => tags.get(key)!);
}

function marking(records: readonly RecordReference[], tagIds: readonly string[]) {
  const ofRecords = [...byEntity(records)].map(([entityType, ids]) => ({ entityType, recordId: { in: ids } }));
  return { tagId: { in: tagIds }, or: ofRecords };
}

function relationTo(entityType: string, id: string): PatchInput<DomainModel, "tagging"> {
  switch (entityType) {
    case "account":
      return { accountId: id };
    case "contact":
      return { contactId: id };
    case "opportunity":
      return { opportunityId: id };
    case "activity":
      return { activityId: id };
    default:
      return {};
  }
}

function checkedRecords(given: RecordReference | readonly RecordReference[]): readonly RecordReference[] {
  const records = checkedReferences("tagging", given);
  if (records.length > 0 && records.length <= MOST_RECORDS) return records;
  throw invalidInput("tagging", [
    { field: "records", code: "out_of_range", message: `must be 1 to ${MOST_RECORDS} records` },
  ]);
}

const namesSchema = z.array(z.string().min(1)).min(1).max(MOST_NAMES);

function checkedNames(given: readonly string[]): readonly string[] {
  const parsed = namesSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issues = inputIssues(parsed.error.issues, given);
  throw invalidInput(
    "tag",
    issues.map((issue) => ({ ...issue, field: issue.field === "" ? "names" : `names.${issue.field}` })),
  );
}

/** Brings in records from other systems, under the keys that they have there. */
import * as z from "zod";
import { CrmError, type InputIssue } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { Handle } from "../../kernel/plugin/handle.ts";
import type { UpsertResult } from "../../kernel/repository/repository.ts";
import type { ExternalIdQuery } from "./external-ids.ts";

/** What `upsertByExternalId` needs of a handle. */
interface WithExternalIds {
  readonly externalIds: {
    resolve(query: ExternalIdQuery): Promise<ReadonlyMap<string, string>>;
    createMany(
      inputs: readonly { source: string; entityType: string; key: string; recordId: string }[],
    ): Promise<unknown>;
  };
}

interface Creating {
  create(input: never): Promise<{ readonly id: string }>;
}

type InputFor<R> = R extends { create(input: infer I): Promise<unknown> } ? I : never;
type RecordIn<R> = R extends { create(input: never): Promise<infer T> } ? T : never;

/** A repository whose types are forgotten: `into` has told them. */
interface Untyped {
  createMany(inputs: readonly object[]): Promise<readonly { readonly id: string }[]>;
  upsertMany(
    inputs: readonly object[],
    by: { readonly by: "id" },
  ): Promise<readonly UpsertResult<{ readonly id: string }>[]>;
}

export interface ExternalRecord<Input> {
  readonly key: string;
  readonly input: Input;
}

/**
 * Updates the records that have these keys in another system, and creates those that nobody has, with their keys: one unit, with a bounded
 * number of statements for any number of records. Results are in the order of the records. Works for the records of any entity.
 *
 * @throws `invalid_input`, with the `index` of each record that is wrong, or whose key stands in the list twice; what the writes throw.
 * @example
 * ```ts run
 * import { createCrm, upsertByExternalId } from "@relata/core";
 * import { memory } from "@relata/memory";
 *
 * const crm = await createCrm({ storage: memory() });
 * const target = { source: "erp", entityType: "account", into: (tx: typeof crm) => tx.accounts };
 * await upsertByExternalId(crm, target, [{ key: "K-1", input: { name: "Acme" } }]);
 * await upsertByExternalId(crm, target, [{ key: "K-1", input: { name: "Acme Inc." } }]); // updates it
 * ```
 */
export async function upsertByExternalId<C extends WithExternalIds, R extends Creating>(
  crm: Handle<C>,
  target: { readonly source: string; readonly entityType: string; readonly into: (tx: C) => R },
  records: readonly ExternalRecord<InputFor<R>>[],
): Promise<readonly UpsertResult<RecordIn<R>>[]> {
  const { source, entityType, into } = target ?? ({} as Partial<typeof target>);
  if (typeof into !== "function")
    throw invalidInput("externalId", [{ field: "into", code: "invalid_type", message: "must be a function" }]);
  const given = checked(records);
  const results = await crm.transaction(async (tx) => {
    const repository = into(tx) as unknown as Untyped;
    const ids = await tx.externalIds.resolve({ source, entityType, keys: given.map(({ key }) => key) });
    const isKnown = ({ key }: Numbered) => ids.has(key);
    const [known, unknown] = [given.filter(isKnown), given.filter((record) => !isKnown(record))];
    const updated = await numbered(known, () =>
      repository.upsertMany(
        known.map(({ key, input }) => ({ ...input, id: ids.get(key)! })),
        { by: "id" },
      ),
    );
    const created = await numbered(unknown, () => repository.createMany(unknown.map(({ input }) => input)));
    await tx.externalIds.createMany(
      unknown.map(({ key }, i) => ({ source, entityType, key, recordId: created[i]!.id })),
    );
    const byIndex = new Map<number, UpsertResult<{ readonly id: string }>>();
    for (const [i, { index }] of known.entries()) byIndex.set(index, updated[i]!);
    for (const [i, { index }] of unknown.entries()) byIndex.set(index, { status: "created", record: created[i]! });
    return given.map(({ index }) => byIndex.get(index)!);
  });
  return results as readonly UpsertResult<unknown>[] as readonly UpsertResult<RecordIn<R>>[];
}

interface Numbered extends ExternalRecord<object> {
  readonly index: number;
}

const recordsSchema = z.array(
  z.strictObject({ key: z.string().normalize("NFC"), input: z.record(z.string(), z.unknown()) }),
);

function checked(records: unknown): readonly Numbered[] {
  const parsed = recordsSchema.safeParse(records);
  if (!parsed.success) throw invalidInput("externalId", inputIssues(parsed.error.issues, records));
  const seen = new Set<string>();
  const issues = parsed.data.flatMap(({ key }, index): InputIssue[] => {
    const repeated = seen.has(key);
    seen.add(key);
    return repeated ? [{ field: "key", code: "repeated", message: `"${key}" stands twice in one list`, index }] : [];
  });
  if (issues.length > 0) throw invalidInput("externalId", issues);
  return parsed.data.map((record, index) => ({ ...record, index }));
}

/** The records are a part of the list: what is wrong with one is told by its place in the whole. */
async function numbered<T>(part: readonly Numbered[], write: () => Promise<readonly T[]>): Promise<readonly T[]> {
  if (part.length === 0) return [];
  try {
    return await write();
  } catch (error) {
    if (!CrmError.is(error, "invalid_input")) throw error;
    const { entity = "", issues = [] } = error.details;
    throw invalidInput(
      entity,
      issues.map((issue) => ({ ...issue, ...(issue.index === undefined ? {} : { index: part[issue.index]!.index }) })),
    );
  }
}

/** create and createMany. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema } from "../entity/entity-schema.ts";
import { invalidInput } from "../entity/input-issues.ts";
import type { Scope } from "../kernel.ts";
import { oncePer } from "../once-per.ts";
import { type Draft, hasHooks, runAfter, runBefore } from "../plugin/hooks.ts";
import type { WriteStep } from "../storage/query.ts";
import { acceptInput, acceptInputs, listOf } from "./accept-input.ts";
import { checkPairs } from "./check-pairs.ts";
import { guardTrees } from "./guard-trees.ts";
import { explainUnusable, forbidUnusable } from "./live-references.ts";
import type { CreateResult } from "./repository.ts";
import { encodeNew, ID, layoutOf, versionOf } from "./stored-row.ts";
import { instantAfter } from "./update-records.ts";
import { lastVersions } from "./version-rows.ts";
import { writeChanges } from "./write-changes.ts";
import { atOnce, atomically } from "./write-scope.ts";

export async function createRecord(scope: Scope, input: unknown): Promise<object> {
  const [record] = await createAll(scope, [acceptInput(accepting(scope), input)]);
  return record!;
}

export function createRecords(scope: Scope, inputs: readonly unknown[]): Promise<readonly object[]> {
  return createAll(scope, acceptInputs(accepting(scope), listOf(scope, inputs)));
}

/** Tries all at once; only where that fails, one after the other, each in a savepoint of its own. */
export async function createEach(scope: Scope, inputs: readonly unknown[]): Promise<readonly CreateResult<object>[]> {
  const given = listOf(scope, inputs);
  return atomically(scope, async (inUnit) => {
    const { kernel, binding } = inUnit;
    const attempt = <T>(work: (scope: Scope) => Promise<T>) =>
      kernel.units.run(binding.frame, (frame) => work({ ...inUnit, binding: { ...binding, frame } }));
    try {
      const records = await attempt((savepoint) => createRecords(savepoint, given));
      return records.map((record) => ({ status: "created", record }) as const);
    } catch (error) {
      if (!CrmError.is(error)) throw error;
    }
    const results: CreateResult<object>[] = [];
    for (const [index, input] of given.entries()) {
      try {
        results.push({ status: "created", record: await attempt((savepoint) => createRecord(savepoint, input)) });
      } catch (error) {
        if (!CrmError.is(error)) throw error;
        results.push({ status: "failed", index, error });
      }
    }
    return results;
  });
}

type Values = Record<string, unknown>;

function accepting({ entity, binding }: Scope) {
  return { entity, purpose: "newRecord", plugin: binding.plugin } as const;
}

/** Inputs that are accepted already. */
export async function createAll(scope: Scope, inputs: readonly Values[]): Promise<readonly object[]> {
  if (inputs.length === 0) return [];
  const { entity } = scope;
  const named = inputs.flatMap(({ id }) => (id === undefined ? [] : [id as string]));
  const ids = inputs.map(({ id }) => (id as string | undefined) ?? scope.kernel.newId());
  const { trees, polymorphic, history } = entity;
  const reads = trees.length > 0 || polymorphic.length > 0 || (named.length > 0 && history);
  // What hooks have added in an attempt that was lost is gone with it.
  const work = (at: Scope) => {
    const drafts = inputs.map((given, i): Draft => {
      const values = { ...given };
      values.id = ids[i]!;
      for (const [name, preset] of defaultsOf(entity)) if (values[name] === undefined) values[name] = preset;
      return { id: ids[i]!, values, before: undefined };
    });
    return insert(at, drafts, named);
  };
  return hasHooks(scope) || reads ? atomically(scope, work) : atOnce(scope, work);
}

/** `named` are the ids that the callers chose, of which there may have been records before. */
async function insert(scope: Scope, drafts: readonly Draft[], named: readonly string[]): Promise<readonly object[]> {
  const { entity } = scope;
  await runBefore(scope, drafts, (plugin, patch) => acceptInput({ entity, purpose: "change", plugin }, patch));
  requireAll(scope, drafts);
  const layout = layoutOf(entity);
  // A record that takes an id which was deleted before goes on from the versions that are in history.
  const earlier = await lastVersions(scope, named);
  const rows = drafts.map(({ id, values }) => {
    const last = earlier.get(id);
    if (!last) return encodeNew(scope, { id, values });
    const at = instantAfter(scope, id, last.endedAt);
    return encodeNew(scope, { id, values, version: versionOf(last.row) + 1, at });
  });
  const written = rows.map((row) => ({ id: row[ID] as string, row }));
  if (entity.trees.length > 0) await guardTrees(scope, written);
  if (entity.polymorphic.length > 0) {
    const ids = new Set(written.map(({ id }) => id));
    await checkPairs(scope, written, (target, id) => target === entity && ids.has(id));
  }
  const changes = rows.map((after) => ({ after }));
  const step: WriteStep = { kind: "insert", table: entity.table.name, columns: layout.columns, rows };
  try {
    await writeChanges(scope, [...forbidUnusable(scope, written), step], [{ entity, changes }]);
  } catch (error) {
    throw explainUnusable(scope, written, error);
  }
  await runAfter(scope, changes);
  return rows.map(layout.decode);
}

/** Fields that hooks had to give, and did not. */
function requireAll({ entity }: Scope, drafts: readonly Draft[]): void {
  const required = requiredNames(entity);
  for (const [index, { values }] of drafts.entries()) {
    const missing = required.filter((name) => values[name] === undefined || values[name] === null);
    if (missing.length === 0) continue;
    const place = drafts.length > 1 ? { index } : {};
    throw invalidInput(
      entity.name,
      missing.map((field) => ({ field, code: "missing_field", message: "is required", ...place })),
    );
  }
}

const requiredNames: (entity: EntitySchema) => readonly string[] = oncePer(({ fields }) =>
  [...fields.values()].flatMap(({ name, plugin, definition }) =>
    plugin !== undefined && definition.presence !== "optional" ? [name] : [],
  ),
);

/** The fields that have a default, and which. */
const defaultsOf: (entity: EntitySchema) => readonly (readonly [string, unknown])[] = oncePer(({ fields }) =>
  [...fields.values()].flatMap(({ name, definition }) =>
    definition.default === undefined ? [] : [[name, definition.default] as const],
  ),
);

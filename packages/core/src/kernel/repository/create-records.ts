/** create and createMany. */
import { CrmError } from "../../errors.ts";
import { invalidInput } from "../entity/input-issues.ts";
import type { Scope } from "../kernel.ts";
import { type Draft, hasHooks, runAfter, runBefore } from "../plugin/hooks.ts";
import { acceptInput, acceptInputs, listOf } from "./accept-input.ts";
import { guardTrees } from "./guard-trees.ts";
import type { CreateResult } from "./repository.ts";
import { encodeNew, layoutOf } from "./stored-row.ts";
import { writeChanges } from "./write-changes.ts";
import { atomically } from "./write-scope.ts";

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
  const drafts = inputs.map((values): Draft => {
    const id = (values.id as string | undefined) ?? scope.kernel.newId();
    return { id, values: { ...defaultsOf(scope), ...values, id }, before: undefined };
  });
  const needsUnit = hasHooks(scope) || scope.entity.trees.length > 0;
  return needsUnit ? atomically(scope, (inUnit) => insert(inUnit, drafts)) : insert(scope, drafts);
}

async function insert(scope: Scope, drafts: readonly Draft[]): Promise<readonly object[]> {
  const { entity } = scope;
  await runBefore(scope, drafts, (plugin, patch) => acceptInput({ entity, purpose: "change", plugin }, patch));
  requireAll(scope, drafts);
  const layout = layoutOf(entity);
  const rows = drafts.map(({ id, values }) => encodeNew(scope, id, values));
  await guardTrees(
    scope,
    rows.map((row) => ({ id: row[0] as string, row })),
  );
  const changes = rows.map((after) => ({ after }));
  const step = { kind: "insert", table: entity.table.name, columns: layout.columns, rows } as const;
  await writeChanges(scope, [step], [{ entity, changes }]);
  await runAfter(scope, changes);
  return rows.map(layout.decode);
}

/** Fields that hooks had to give, and did not. */
function requireAll({ entity }: Scope, drafts: readonly Draft[]): void {
  const schema = [...entity.fields.values()].filter(
    (field) => field.plugin !== undefined && field.definition.presence !== "optional",
  );
  drafts.forEach(({ values }, index) => {
    const missing = schema.filter((field) => values[field.name] === undefined || values[field.name] === null);
    if (missing.length === 0) return;
    const place = drafts.length > 1 ? { index } : {};
    throw invalidInput(
      entity.name,
      missing.map((field) => ({ field: field.name, code: "missing_field", message: "is required", ...place })),
    );
  });
}

/** The values of fields with a default. Built for each record: a default may be an object. */
function defaultsOf({ entity }: Scope): Values {
  const values: Values = {};
  for (const { name, definition } of entity.fields.values()) {
    if (definition.default !== undefined) values[name] = definition.default;
  }
  return values;
}

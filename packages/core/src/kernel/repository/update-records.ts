/** update, updateMany, and the change of `archivedAt`. */
import { CrmError, type InputIssue } from "../../errors.ts";
import { invalidInput } from "../entity/input-issues.ts";
import { instantOf, type Scope } from "../kernel.ts";
import { type Draft, hasHooks, runAfter, runBefore } from "../plugin/hooks.ts";
import type { GuardedValues, Row, WriteStep } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { acceptInput, acceptInputs, listOf } from "./accept-input.ts";
import { checkPairs } from "./check-pairs.ts";
import { guardTrees } from "./guard-trees.ts";
import { explainUnusable, forbidUnusable } from "./live-references.ts";
import { lockTrees } from "./lock-records.ts";
import { notFound } from "./read-records.ts";
import { encodeField, ID, layoutOf, versionOf } from "./stored-row.ts";
import { writeChanges } from "./write-changes.ts";
import { atOnce, atomically, currentRows, staleVersion } from "./write-scope.ts";

type Values = Record<string, unknown>;

export interface Change {
  readonly id: string;
  readonly version: number | undefined;
  readonly patch: Values;
  /** The references in it were there before a deletion: they may be to what is archived. */
  readonly comesBack?: boolean;
}

export async function updateRecord(
  scope: Scope,
  id: unknown,
  { patch, version }: { readonly patch: unknown; readonly version: unknown },
): Promise<object> {
  const accepted = acceptInput({ entity: scope.entity, purpose: "change", plugin: scope.binding.plugin }, patch);
  const [updated] = await updateAll(scope, [{ ...addressed(scope, id, version), patch: accepted }]);
  return updated!.record;
}

export async function updateRecords(scope: Scope, changes: readonly unknown[]): Promise<readonly object[]> {
  const addresses = listOf(scope, changes).map((change) => {
    if (!isPlainObject(change))
      throw malformed(scope, { field: "", message: "must be an object with the id of a record" });
    const { id, version, ...patch } = change;
    return { ...addressed(scope, id, version), patch };
  });
  refuseRepeated(scope, addresses);
  const patches = acceptInputs(
    { entity: scope.entity, purpose: "change", plugin: scope.binding.plugin },
    addresses.map(({ patch }) => patch),
  );
  const updated = await updateAll(
    scope,
    addresses.map((address, i) => ({ ...address, patch: patches[i]! })),
  );
  return updated.map(({ record }) => record);
}

export async function archiveRecord(scope: Scope, id: unknown): Promise<object> {
  const address = addressed(scope, id, undefined);
  return atomically(scope, async (inUnit) => {
    const row = (await currentRows(inUnit, [address.id], { toChange: true })).get(address.id);
    if (!row) throw notFound(scope.entity.name, address.id);
    return setArchived(inUnit, row, true);
  });
}

/** Sets or clears `archivedAt` of a current row; a record that is archived, or is not, stays as it is. */
export async function setArchived(scope: Scope, row: Row, archived: boolean): Promise<object> {
  const { positions, decode } = layoutOf(scope.entity);
  if ((row[positions.get("archived_at")!] !== null) === archived) return decode(row);
  const patch = { archivedAt: archived ? new Date(instantOf(scope)) : null };
  const [updated] = await updateAll(scope, [{ id: row[ID] as string, version: undefined, patch }]);
  return updated!.record;
}

export interface Updated {
  readonly record: object;
  readonly changed: boolean;
}

/** Reads the records, and writes what differs; results are in the order of the changes. */
export async function updateAll(scope: Scope, changes: readonly Change[]): Promise<readonly Updated[]> {
  if (changes.length === 0) return [];
  const { trees, polymorphic } = scope.entity;
  const reads = trees.length > 0 || polymorphic.length > 0;
  const needsUnit = hasHooks(scope) || reads || scope.binding.frame !== undefined;
  const work = (at: Scope) => attempt(at, changes);
  return needsUnit ? atomically(scope, work) : atOnce(scope, work);
}

async function attempt(scope: Scope, changes: readonly Change[]): Promise<readonly Updated[]> {
  const { entity } = scope;
  const layout = layoutOf(entity);
  const current = await currentRows(
    scope,
    changes.map(({ id }) => id),
    // Hooks may lock names, which others lock before they come to the rows.
    { toChange: !hasHooks(scope) },
  );
  const drafts = changes.map(({ id, version, patch }): Draft => {
    const row = current.get(id);
    if (!row) throw notFound(entity.name, id);
    if (version !== undefined && version !== versionOf(row))
      throw staleVersion(entity.name, id, {
        expected: version,
        actual: versionOf(row),
        // What a plugin has read itself, in this unit, it reads again.
        retryable: scope.binding.plugin !== undefined && scope.binding.frame !== undefined,
      });
    return { id, values: { ...patch }, before: row };
  });
  // What changes nothing is no write, and no business of hooks.
  const proposed = hasHooks(scope)
    ? drafts.filter((draft) => editOf(scope, draft, current.get(draft.id)!).columns.length > 0)
    : [];
  if (proposed.length > 0)
    await runBefore(scope, proposed, (plugin, patch) => acceptInput({ entity, purpose: "change", plugin }, patch));
  const edits = drafts.map((draft) => editOf(scope, draft, current.get(draft.id)!));
  const changed = edits.filter((edit) => edit.columns.length > 0);
  if (changed.length > 0) {
    const moved = changed.filter((edit) => touchesTree(scope, edit));
    if (moved.length > 0) {
      // Nothing is below a record that is new, or is to be a root.
      await lockTrees(
        scope,
        entity.trees.filter(({ columns: [column] }) => moved.some((edit) => movesBelow(scope, edit, column!.name))),
      );
      await guardTrees(
        scope,
        moved.map(({ id, after }) => ({ id, row: after })),
      );
    }
    const comingBack = new Set(changes.flatMap(({ id, comesBack }) => (comesBack ? [id] : [])));
    if (entity.polymorphic.length > 0) {
      const paired = edits.map(({ id, after: row, columns }) => ({ row, columns, comesBack: comingBack.has(id) }));
      await checkPairs(scope, paired, () => false);
    }
    const written = changed
      .filter(({ id }) => !comingBack.has(id))
      .map(({ after: row, columns }) => ({ row, columns }));
    try {
      const steps = [...forbidUnusable(scope, written), ...stepsOf(scope, changed)];
      await writeChanges(scope, steps, [{ entity, changes: changed }]);
    } catch (error) {
      const explained = explainUnusable(scope, written, error);
      throw CrmError.is(explained, "guard_failed")
        ? await explainGuard(scope, { edits: changed, changes, cause: explained })
        : explained;
    }
  }
  if (changed.length > 0) await runAfter(scope, changed);
  return edits.map(({ after, columns }) => ({ record: layout.decode(after), changed: columns.length > 0 }));
}

interface Edit {
  readonly id: string;
  readonly before: Row;
  readonly after: Storable[];
  /** The columns that differ; none where the patch changes nothing. */
  readonly columns: readonly string[];
}

function editOf(scope: Scope, { id, values }: Draft, before: Row): Edit {
  const { entity, binding } = scope;
  const { positions } = layoutOf(entity);
  const after = [...before] as Storable[];
  const columns: string[] = [];
  const set = (column: string, stored: Storable) => {
    const position = positions.get(column)!;
    if (after[position] === stored) return;
    after[position] = stored;
    columns.push(column);
  };
  for (const [name, value] of Object.entries(values)) encodeField(entity.fields.get(name)!, value, set);
  if (columns.length > 0) {
    set("version", versionOf(before) + 1);
    set("updated_at", nextInstant(scope, before));
    set("updated_by", binding.actorId);
  }
  return { id, before, after, columns };
}

/** Time never runs backwards in a record: a clock that steps back is ignored, an import that does is refused. */
export function nextInstant(scope: Scope, row: Row): number {
  const last = row[layoutOf(scope.entity).positions.get("updated_at")!] as number;
  return instantAfter(scope, row[ID] as string, last);
}

/** The instant of a change to a record whose last one was at `last`. @throws `backdated_before_change`. */
export function instantAfter(scope: Scope, id: string, last: number): number {
  const instant = instantOf(scope);
  if (instant >= last) return instant;
  if (scope.binding.at === undefined) return last;
  throw new CrmError(
    "backdated_before_change",
    `${scope.entity.name} "${id}" was last changed at ${new Date(last).toISOString()}; a change cannot be dated before that, at ${new Date(instant).toISOString()}.`,
    { details: { entity: scope.entity.name, id, lastChange: new Date(last), at: new Date(instant) } },
  );
}

/** One step for each set of columns, so that every row of a step writes the same ones. */
function stepsOf({ entity, binding }: Scope, edits: readonly Edit[]): WriteStep[] {
  const { positions } = layoutOf(entity);
  const updatedAt = positions.get("updated_at")!;
  const groups = new Map<string, { readonly columns: readonly string[]; readonly rows: GuardedValues[] }>();
  for (const { id, before, after, columns } of edits) {
    const key = columns.join();
    let group = groups.get(key);
    if (!group) {
      group = { columns, rows: [] };
      groups.set(key, group);
    }
    group.rows.push({
      id,
      version: versionOf(before),
      values: columns.map((column) => after[positions.get(column)!]!),
      endedAt: after[updatedAt] as number,
    });
  }
  const step = { kind: "update", table: entity.table.name, endedBy: binding.actorId } as const;
  return [...groups.values()].map((group) => ({ ...step, ...group }));
}

interface FailedGuard {
  readonly edits: readonly Edit[];
  readonly changes: readonly Change[];
  readonly cause: CrmError;
}

/** Reads again whether a row is gone or has another version. Inside of a unit, which has failed, nothing can be read. */
async function explainGuard(scope: Scope, { edits, changes, cause }: FailedGuard): Promise<CrmError> {
  const { name } = scope.entity;
  const id = (cause.details.ids as readonly string[])[0]!;
  const before = edits.find((edit) => edit.id === id)!.before;
  if (scope.binding.frame) {
    const message = `${name} "${id}" was changed by another transaction meanwhile. Run the whole transaction again.`;
    return new CrmError("stale_version", message, {
      details: { entity: name, id, expected: versionOf(before) },
      retryable: true,
      cause,
    });
  }
  const row = (await currentRows(scope, [id])).get(id);
  if (!row) return notFound(name, id);
  const retryable = changes.every((change) => change.id !== id || change.version === undefined);
  return staleVersion(name, id, { expected: versionOf(before), actual: versionOf(row), retryable });
}

function touchesTree({ entity }: Scope, edit: Edit): boolean {
  return entity.trees.some((field) => edit.columns.includes(field.columns[0]!.name));
}

function movesBelow(scope: Scope, { columns, after }: Edit, column: string): boolean {
  return columns.includes(column) && after[layoutOf(scope.entity).positions.get(column)!] !== null;
}

export function addressed(scope: Scope, id: unknown, version: unknown): { id: string; version: number | undefined } {
  if (typeof id !== "string") throw malformed(scope, { field: "id", message: "must be a text" });
  if (version !== undefined && !Number.isSafeInteger(version))
    throw malformed(scope, { field: "version", message: "must be a whole number" });
  if (!scope.entity.fields.get("id")!.codec.accepts.safeParse(id).success) throw notFound(scope.entity.name, id);
  return { id, version: version as number | undefined };
}

export function refuseRepeated(scope: Scope, changes: readonly { readonly id: string }[]): void {
  const seen = new Set<string>();
  for (const [index, { id }] of changes.entries()) {
    if (seen.has(id)) throw malformed(scope, { field: "id", message: `"${id}" is changed twice in one list`, index });
    seen.add(id);
  }
}

function malformed({ entity }: Scope, issue: Omit<InputIssue, "code">): CrmError {
  return invalidInput(entity.name, [{ code: "invalid_type", ...issue }]);
}

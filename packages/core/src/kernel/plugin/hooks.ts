/** Runs the hooks of an entity around a write, and after the commit. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { RowChange } from "../event/effect.ts";
import type { NetChanges } from "../event/net-changes.ts";
import type { Binding, Kernel, Scope } from "../kernel.ts";
import { addChanges } from "../repository/journal.ts";
import { layoutOf } from "../repository/stored-row.ts";
import type { Row } from "../storage/query.ts";
import { wordsOf } from "../thrown.ts";
import type { HookPhase, InstalledHook } from "./hook.ts";

/** One record about to be written: what is given so far, to which hooks add, and the row as it is. */
export interface Draft {
  readonly values: Record<string, unknown>;
  readonly id: string;
  readonly before: Row | undefined;
}

/** Hooks that call each other deeper than this have gone wrong. */
const MOST_DEEP = 16;

/** Whether a write needs a unit for its hooks. Those after the commit need none. */
export function hasHooks({ kernel, entity }: Scope): boolean {
  const hooks = kernel.hooks.get(entity.name);
  return hooks !== undefined && hooks.before.length + hooks.after.length > 0;
}

export function hasHook({ kernel }: Pick<Scope, "kernel">, entity: EntitySchema, phase: HookPhase): boolean {
  return (kernel.hooks.get(entity.name)?.[phase].length ?? 0) > 0;
}

/** Each hook sees what the ones before it have added. `accept` checks a patch against what the hook's plugin may write. */
export async function runBefore(
  scope: Scope,
  drafts: readonly Draft[],
  accept: (plugin: string, patch: unknown) => Record<string, unknown>,
): Promise<void> {
  const { decode } = layoutOf(scope.entity);
  for (const hook of hooksOf(scope, "before")) {
    const records = drafts.map(({ before }) => before && decode(before));
    const proposed = ({ values, id }: Draft, index: number) => {
      const input = ownValues(scope, values);
      input.id = id;
      const before = records[index];
      return before ? { input, before } : { input };
    };
    await callHook(scope, hook, async (run) => {
      const patches = await run(drafts.map(proposed));
      if (patches === undefined) return;
      if (!Array.isArray(patches) || patches.length > drafts.length) throw wrongShape(hook);
      drafts.forEach((draft, i) => {
        const patch: unknown = patches[i];
        if (patch !== undefined) Object.assign(draft.values, ownValues(scope, accept(hook.plugin, patch)));
      });
    });
  }
}

/** The records of `rows` are about to be deleted. */
export async function runBeforeDelete(scope: Scope, rows: readonly Row[]): Promise<void> {
  for (const hook of hooksOf(scope, "beforeDelete")) {
    const batch = rows.map((row) => ({ before: layoutOf(scope.entity).decode(row) }));
    await callHook(scope, hook, (run) => run(batch));
  }
}

/** Two rows that are about to become one, and what the survivor is about to get. */
export interface MergeDraft {
  readonly mergeId: string;
  readonly survivor: Row;
  readonly other: Row;
  readonly input: Record<string, unknown>;
}

/** What the hooks of a merge add to what the survivor gets. `accept` checks a patch against what the hook's plugin may write. */
export async function runMerging(
  scope: Scope,
  { mergeId, survivor, other, input }: MergeDraft,
  accept: (plugin: string, patch: unknown) => Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { decode } = layoutOf(scope.entity);
  let added: Record<string, unknown> = {};
  for (const hook of hooksOf(scope, "merging")) {
    await callHook(scope, hook, async (run) => {
      const proposed = ownValues(scope, { ...input, ...added });
      const patches = await run([{ mergeId, survivor: decode(survivor), other: decode(other), input: proposed }]);
      if (patches === undefined) return;
      if (!Array.isArray(patches) || patches.length > 1) throw wrongShape(hook);
      const [patch] = patches as readonly unknown[];
      if (patch !== undefined) added = { ...added, ...ownValues(scope, accept(hook.plugin, patch)) };
    });
  }
  return added;
}

export async function runUnmerging(
  scope: Scope,
  { mergeId, survivor, other }: Omit<MergeDraft, "input">,
): Promise<void> {
  const { decode } = layoutOf(scope.entity);
  for (const hook of hooksOf(scope, "unmerging")) {
    const batch = [{ mergeId, survivor: decode(survivor), other: decode(other) }];
    await callHook(scope, hook, (run) => run(batch));
  }
}

export async function runAfter(scope: Scope, changes: readonly RowChange[]): Promise<void> {
  const { waiting } = scope.binding;
  if (waiting) return addChanges(waiting, scope.entity, changes);
  for (const hook of hooksOf(scope, "after")) {
    const batch = recordsOf(scope.entity, changes);
    await callHook(scope, hook, (run) => run(batch));
  }
}

/** The `after` hooks that have waited until all was written. Wholes come before their parts, as the entities are declared. */
export async function runWaiting(scope: Scope, waiting: NetChanges): Promise<void> {
  for (const entity of scope.kernel.schema.entities.values()) {
    const changes = [...(waiting.get(entity)?.values() ?? [])].filter(({ before, after }) => before ?? after);
    if (changes.length > 0) await runAfter({ ...scope, entity }, changes);
  }
}

/** Outside of any unit, and one by one: what a hook throws is for the application to know, and stops no other. */
export async function runCommitted(scope: Scope, changes: readonly RowChange[]): Promise<void> {
  for (const hook of hooksOf(scope, "committed")) {
    try {
      const batch = recordsOf(scope.entity, changes);
      await callHook(scope, hook, (run) => run(batch));
    } catch (error) {
      scope.kernel.onError(error);
    }
  }
}

const NONE: readonly InstalledHook[] = [];

function hooksOf({ kernel, binding, entity }: Scope, phase: HookPhase): readonly InstalledHook[] {
  if (binding.asItWas && (phase === "before" || phase === "beforeDelete")) return NONE;
  return kernel.hooks.get(entity.name)?.[phase] ?? NONE;
}

/** Each plugin gets records of its own: what it does to them is seen by no other. */
function recordsOf(entity: EntitySchema, changes: readonly RowChange[]): readonly object[] {
  const { decode } = layoutOf(entity);
  return changes.map(({ before, after }) => {
    if (!before) return after ? { after: decode(after) } : {};
    return after ? { before: decode(before), after: decode(after) } : { before: decode(before) };
  });
}

/** The same values, without a common object. */
function ownValues({ entity }: Scope, values: Record<string, unknown>): Record<string, unknown> {
  const own = { ...values };
  for (const name of Object.keys(own)) {
    const value = own[name];
    if (typeof value === "object" && value !== null) own[name] = entity.fields.get(name)!.codec.copy(value);
  }
  return own;
}

type Run = (batch: readonly object[]) => unknown;

/** `each` is given every hook of the plugin, one after another. */
async function callHook({ kernel, binding }: Scope, hook: InstalledHook, each: (run: Run) => unknown): Promise<void> {
  const chain = [...binding.chain, hook.link];
  if (chain.length > MOST_DEEP) throw tooDeep(hook, chain);
  const own = { ...binding, chain, plugin: hook.plugin, waiting: undefined, asItWas: false };
  const context = kernel.contextFor(own) as never;
  const { frame } = binding;
  const all = async () => {
    for (const run of hook.runs) await each((batch) => run(context, batch));
  };
  try {
    await kernel.hooksInTime(
      () => (frame ? kernel.units.inside(frame, all) : all()),
      () => cutOff(kernel, binding, hook),
    );
  } catch (error) {
    throw hookError(hook, error);
  }
}

/** What the hook has begun in its unit cannot be kept, nor go on. */
async function cutOff({ hookTimeoutMs }: Kernel, { frame }: Binding, hook: InstalledHook): Promise<never> {
  const { phase, plugin, entity } = hook;
  const error = new CrmError(
    "hook_timeout",
    `The ${phase} hook of plugin "${plugin}" on ${entity} has not ended within ${hookTimeoutMs} ms${frame ? ", so its unit is undone" : ""}. Let hooks do what is quick, and leave the rest to a subscriber.`,
    { details: { entity, phase, plugin, timeoutMs: hookTimeoutMs } },
  );
  await frame?.cutOff(error);
  throw error;
}

function hookError({ entity, phase, plugin }: InstalledHook, error: unknown): CrmError {
  if (CrmError.is(error)) return error;
  const message = `The ${phase} hook of plugin "${plugin}" on ${entity} has thrown: ${wordsOf(error)}`;
  return new CrmError("hook_failed", message, { details: { entity, phase, plugin }, cause: error });
}

function tooDeep({ entity, phase, plugin }: InstalledHook, chain: readonly string[]): CrmError {
  return new CrmError(
    "hook_depth",
    `Hooks have called each other ${MOST_DEEP} deep, and would not end: ${chain.join(" → ")}. Let the hook write only what differs.`,
    { details: { entity, phase, plugin, chain } },
  );
}

function wrongShape({ entity, phase, plugin }: InstalledHook): CrmError {
  return new CrmError(
    "hook_invalid",
    `The ${phase} hook of plugin "${plugin}" on ${entity} must return a list with a patch, or undefined, for each record, or nothing.`,
    { details: { entity, plugin } },
  );
}

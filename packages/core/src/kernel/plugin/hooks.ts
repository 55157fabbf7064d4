/** Runs the hooks of an entity around a write. */
import { CrmError } from "../../errors.ts";
import type { Scope } from "../kernel.ts";
import type { InstalledHook } from "./define-plugin.ts";

/** One record about to be written: what is given so far, and the record as it is. */
export interface Draft {
  values: Record<string, unknown>;
  readonly id: string;
  readonly before: object | undefined;
}

export function hasHooks({ kernel, entity }: Scope): boolean {
  return kernel.hooks.has(entity.name);
}

/** Each hook sees what the ones before it have added. `accept` checks a patch against what the hook's plugin may write. */
export async function runBefore(
  scope: Scope,
  drafts: readonly Draft[],
  accept: (plugin: string, patch: unknown) => Record<string, unknown>,
): Promise<void> {
  for (const hook of scope.kernel.hooks.get(scope.entity.name) ?? []) {
    if (!hook.before) continue;
    const batch = drafts.map(({ values, id, before }) => ({ input: { ...values, id }, ...(before ? { before } : {}) }));
    const patches = await callHook(scope, hook, (context) => hook.before!(context, batch));
    if (patches === undefined) continue;
    if (!Array.isArray(patches) || patches.length > drafts.length) throw wrongShape(scope, hook.plugin);
    drafts.forEach((draft, i) => {
      const patch: unknown = patches[i];
      if (patch !== undefined) draft.values = { ...draft.values, ...accept(hook.plugin, patch) };
    });
  }
}

export async function runAfter(
  scope: Scope,
  batch: readonly { readonly before?: object; readonly after?: object }[],
): Promise<void> {
  for (const hook of scope.kernel.hooks.get(scope.entity.name) ?? []) {
    if (hook.after) await callHook(scope, hook, (context) => hook.after!(context, batch));
  }
}

function wrongShape({ entity }: Scope, plugin: string): CrmError {
  return new CrmError(
    "hook_invalid",
    `The before hook of plugin "${plugin}" on ${entity.name} must return a list with a patch, or undefined, for each record, or nothing.`,
    { details: { entity: entity.name, plugin } },
  );
}

function callHook<T>(
  { kernel, binding }: Scope,
  hook: InstalledHook,
  call: (context: never) => Promise<T>,
): Promise<T> {
  const context = kernel.contextFor({ ...binding, plugin: hook.plugin }) as never;
  return binding.frame ? kernel.units.inside(binding.frame, () => call(context)) : call(context);
}

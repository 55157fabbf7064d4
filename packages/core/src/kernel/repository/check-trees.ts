/** Compares the paths that are kept of trees with what the records say, and makes them right where that is asked. */
import type { EntitySchema, KeptPaths } from "../entity/entity-schema.ts";
import type { Binding, Kernel } from "../kernel.ts";
import type { WriteStep } from "../storage/query.ts";
import { type Derived, derivePaths, storedPaths } from "./derive-paths.ts";
import { lockTrees } from "./lock-records.ts";
import { erasePaths, insertPaths } from "./tree-paths.ts";

/**
 * A record whose path is not there, is not as its references say, or is there though the record has no parent; or references that go round
 * in a circle, once for each.
 */
export interface TreeProblem {
  readonly entity: string;
  /** The reference that makes the tree. */
  readonly field: string;
  readonly id: string;
  readonly problem: "missing" | "wrong" | "left over" | "circle";
  /** Of a circle: the ids on the way, from `id` back to it. Nothing repairs it: clear the reference of one of them. */
  readonly path?: readonly string[];
}

/** Of the tenant that is bound, in the order of entities and fields. Nobody moves, adds or removes records of these trees meanwhile. */
export async function checkTrees(
  { kernel, binding }: { readonly kernel: Kernel; readonly binding: Binding },
  { repair }: { readonly repair: boolean },
): Promise<readonly TreeProblem[]> {
  return kernel.units.run(binding.frame, async (frame) => {
    const problems: TreeProblem[] = [];
    for (const entity of kernel.schema.entities.values()) {
      for (const kept of entity.treePaths) {
        await lockTrees({ kernel, entity, binding: { ...binding, frame } }, [kept.field]);
        const reading = { session: kernel.units.session(frame), tenantId: binding.tenantId };
        const derived = await derivePaths(reading, entity, kept);
        const found = differences(entity, kept, { derived, stored: await storedPaths(reading, kept) });
        problems.push(...found, ...circlesIn(entity, kept, derived));
        if (!repair || found.length === 0) continue;
        const steps = repairs(kept, found, derived.paths);
        await kernel.units.write(frame, { tenantId: binding.tenantId, steps, effects: [] });
      }
    }
    return problems;
  });
}

interface Compared {
  readonly derived: Derived;
  readonly stored: ReadonlyMap<string, string>;
}

function differences({ name }: EntitySchema, { field }: KeptPaths, { derived, stored }: Compared): TreeProblem[] {
  const problem = (id: string, what: TreeProblem["problem"]) => ({
    entity: name,
    field: field.name,
    id,
    problem: what,
  });
  return [
    ...[...derived.paths].flatMap(([id, path]) => {
      const there = stored.get(id);
      return there === path ? [] : [problem(id, there === undefined ? "missing" : "wrong")];
    }),
    // What is in a circle, or below one, has no right path: whatever is stored waits until the circle is opened.
    ...[...stored.keys()]
      .filter((id) => !derived.paths.has(id) && !derived.adrift.has(id))
      .map((id) => problem(id, "left over")),
  ];
}

function circlesIn({ name }: EntitySchema, { field }: KeptPaths, { circles }: Derived): TreeProblem[] {
  return circles.map((path) => ({ entity: name, field: field.name, id: path[0]!, problem: "circle", path }));
}

function repairs(
  kept: KeptPaths,
  found: readonly TreeProblem[],
  right: ReadonlyMap<string, string>,
): readonly WriteStep[] {
  const rows = found.flatMap(({ id }) => (right.has(id) ? [[id, right.get(id)!] as const] : []));
  return [...erasePaths(kept, found), ...insertPaths(kept, rows)];
}

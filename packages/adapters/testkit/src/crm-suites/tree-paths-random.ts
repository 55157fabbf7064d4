/** Random programs over a tree whose paths are kept, against a plain map of parents. */
import { CrmError } from "@relata/core";
import * as fc from "fast-check";
import { expect } from "vitest";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { below, type FoldersCrm, openFolders } from "./tree-paths.ts";

/** Ids that look like parts of paths, or begin one another; some so long that paths are cut. */
const ids = [
  "a",
  "a/",
  "a/b",
  "b",
  "B",
  "~",
  "*",
  "a*",
  "%2F",
  "a.b",
  "ä",
  "王",
  "😀",
  "-_",
  "l".repeat(190),
  `${"l".repeat(190)}/`,
  "m".repeat(200),
  "%".repeat(160),
  // Too long by itself, as it is escaped.
  "王".repeat(120),
];

const id = fc.constantFrom(...ids);
const place = fc.record({ id, parentId: fc.option(id, { nil: null, freq: 4 }) });
const places = fc.uniqueArray(place, { selector: (each) => each.id, minLength: 1, maxLength: 5 });
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("put" as const), places }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("put" as const), places: place.map((each) => [each]) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restore" as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("undo" as const), places }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

export const treePathsRandom: CrmSuite = {
  name: "paths of trees, at random",
  facts: [
    crmFact("are what the references say after any program", async (bench) => {
      const programs = fc.array(operation, { minLength: 4, maxLength: 14 });
      let tenants = 0;
      const crm = await openFolders(await bench.options());
      await fc.assert(
        fc.asyncProperty(programs, async (program) => {
          await play(crm.as({ tenantId: `t${tenants++}` }), program);
        }),
        { numRuns: 25, seed: 20261126 },
      );
    }),
  ],
};

/** What a program may ask for and cannot have. */
const REFUSALS: ReadonlySet<string> = new Set(["hierarchy_cycle", "reference_not_found", "not_found"]);

async function play(crm: FoldersCrm, program: readonly Operation[]): Promise<void> {
  for (const step of program) {
    const before = await parentsIn(crm);
    try {
      await carryOut(crm, step, before);
    } catch (error) {
      if (!CrmError.is(error) || !REFUSALS.has(error.code)) throw error;
    }
  }
  const parents = await parentsIn(crm);
  const answers = await Promise.all([...parents.keys()].map(async (each) => [each, await below(crm, each)]));
  expect(answers).toEqual([...parents.keys()].map((each) => [each, belowIn(parents, each)]));
  expect(await crm.checkTrees()).toEqual([]);
}

type Parents = ReadonlyMap<string, string | null>;

async function carryOut(crm: FoldersCrm, step: Operation, parents: Parents): Promise<void> {
  switch (step.kind) {
    case "put":
      return put(crm, step.places, parents);
    case "delete":
      return crm.folders.delete(step.id);
    case "restore":
      await crm.folders.restore(step.id);
      return;
    case "undo": {
      const undone = new CrmError("not_found", "Undone.");
      await crm.transaction(async (tx) => {
        await put(tx, step.places, parents);
        throw undone;
      });
    }
  }
}

/** What is there moves, what is not is created: those of a kind in one call. */
async function put(
  crm: Pick<FoldersCrm, "transaction">,
  places: readonly { readonly id: string; readonly parentId: string | null }[],
  parents: Parents,
): Promise<void> {
  await crm.transaction(async (tx) => {
    await tx.folders.createMany(places.filter((each) => !parents.has(each.id)));
    await tx.folders.updateMany(places.filter((each) => parents.has(each.id)));
  });
}

async function parentsIn(crm: FoldersCrm): Promise<Parents> {
  const { items } = await crm.folders.list({ limit: 500, archived: "include" });
  return new Map(items.map((folder) => [folder.id, folder.parentId]));
}

function belowIn(parents: Parents, top: string): string {
  const isBelow = (each: string) => {
    for (let at = parents.get(each) ?? null; at !== null; at = parents.get(at) ?? null) if (at === top) return true;
    return false;
  };
  return [...parents.keys()].filter(isBelow).sort().join(" ");
}

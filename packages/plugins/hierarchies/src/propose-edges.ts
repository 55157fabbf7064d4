/** What is asked of one edge by itself, before it is written; and the turn in which those of a hierarchy are written. */
import { type InputIssue, invalidInput } from "@relata/core/plugin";
import type { EdgeRecord, HierarchiesContext } from "./parts.ts";

interface ProposedEdge {
  readonly input: Partial<EdgeRecord> & { readonly id: string };
  readonly before?: EdgeRecord;
}

/** The `before` hook of edges. @throws `invalid_input` for an end before the start, and for a branch with a share of its own */
export async function proposeEdges(
  context: HierarchiesContext,
  batch: readonly ProposedEdge[],
): Promise<readonly ({ readonly share: string } | undefined)[]> {
  await lockHierarchies(
    context,
    batch.flatMap(({ input, before }) => before?.hierarchyId ?? input.hierarchyId ?? []),
  );
  const numbered = batch.length > 1 && batch.every(({ before }) => before === undefined);
  const issues = batch.flatMap((proposed, index) =>
    issuesOf(proposed).map((issue) => (numbered ? { ...issue, index } : issue)),
  );
  if (issues.length > 0) throw invalidInput("accountEdge", issues);
  return batch.map((proposed) => {
    const { kind, share } = draftOf(proposed);
    return kind === "branch" && share !== "100" ? { share: "100" } : undefined;
  });
}

/** Edges of a hierarchy are written in turn: two moves may close a circle that neither sees. No name is no error. */
export async function lockHierarchies(context: HierarchiesContext, ids: readonly string[]): Promise<void> {
  const names = [...new Set(ids)].map((id) => `accountHierarchy:${id}`);
  if (names.length > 0) await context.lock(...names);
}

function issuesOf(proposed: ProposedEdge): readonly InputIssue[] {
  const { kind, validFrom, validUntil } = draftOf(proposed);
  const issues: InputIssue[] = [];
  if (validFrom && validUntil && validUntil < validFrom)
    issues.push({ field: "validUntil", code: "out_of_range", message: `is before the first day, ${validFrom}` });
  const { share } = proposed.input;
  if (kind === "branch" && share !== undefined && share !== null && share !== "100")
    issues.push({ field: "share", code: "not_allowed", message: "is 100 for a branch, which counts as its parent" });
  return issues;
}

function draftOf({ input, before }: ProposedEdge): Partial<EdgeRecord> {
  return { ...before, ...input };
}

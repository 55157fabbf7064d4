/** What is asked of a type by itself, before it is written. */
import { type InputIssue, invalidInput } from "@relata/core/plugin";
import { typeLock } from "../edge/edge-locks.ts";
import type { RelationshipsContext, TypeRecord } from "../parts.ts";

interface ProposedType {
  readonly input: Partial<TypeRecord> & { readonly id: string };
  readonly before?: TypeRecord;
}

/** The `before` hook of types. @throws `invalid_input`, telling all that contradicts itself */
export async function proposeTypes(context: RelationshipsContext, batch: readonly ProposedType[]): Promise<void> {
  const changed = batch.flatMap(({ before }) => (before ? [typeLock(before.id)] : []));
  // Nothing new is of the type until the change is there.
  if (changed.length > 0) await context.lock(...changed);
  const entities = new Set(context.entities().map(({ name }) => name));
  const isNumbered = batch.length > 1 && batch.every(({ before }) => before === undefined);
  const issues = batch.flatMap(({ input, before }, index) => {
    const place = isNumbered ? { index } : {};
    return issuesOf({ ...before, ...input }, entities).map((issue) => ({ ...issue, ...place }));
  });
  if (issues.length > 0) throw invalidInput("relationshipType", issues);
}

type Draft = Partial<TypeRecord>;

function issuesOf(draft: Draft, entities: ReadonlySet<string>): readonly InputIssue[] {
  return [...shapeIssues(draft), ...entityIssues(draft, entities), ...limitIssues(draft), ...variantIssues(draft)];
}

function shapeIssues({ shape, inverseName, toRole, toEntities }: Draft): readonly InputIssue[] {
  const isGiven = (value: unknown) => value !== undefined && value !== null && value !== "";
  const given = { inverseName: isGiven(inverseName), toRole: isGiven(toRole), toEntities: isGiven(toEntities) };
  if (shape === "paired")
    return (["inverseName", "toRole"] as const).flatMap((field) =>
      given[field]
        ? []
        : [{ field, code: "missing_field", message: "is required where a type is a pair of two roles" }],
    );
  const refused = shape === "symmetric" ? (["inverseName", "toRole", "toEntities"] as const) : (["toRole"] as const);
  const why =
    shape === "symmetric"
      ? "is not for a symmetric type, whose ends are alike: name, fromRole and fromEntities say it for both"
      : "is not for a one-sided type: only its from end has a role";
  return refused.flatMap((field) => (given[field] ? [{ field, code: "not_allowed", message: why }] : []));
}

function entityIssues(draft: Draft, entities: ReadonlySet<string>): readonly InputIssue[] {
  return (["fromEntities", "toEntities"] as const).flatMap((field) =>
    (draft[field] ?? [])
      .filter((name) => !entities.has(name))
      .map((name) => ({ field, code: "not_allowed", message: `names "${name}", which is no entity here` })),
  );
}

function limitIssues({ shape, limits = [] }: Draft): readonly InputIssue[] {
  const issues: InputIssue[] = [];
  if (shape === "symmetric" && limits.some(({ end }) => end === "to"))
    issues.push({
      field: "limits",
      code: "not_allowed",
      message: 'of a symmetric type are for the end "from", which is either',
    });
  if (hasDoubles(limits.map(({ end, primary }) => `${end} ${primary ?? false}`)))
    issues.push({ field: "limits", code: "not_allowed", message: "have two for the same end: give one" });
  return issues;
}

function variantIssues({ variants = [] }: Draft): readonly InputIssue[] {
  const issues: InputIssue[] = [];
  if (variants.some(({ name, role }) => name === undefined && role === undefined))
    issues.push({ field: "variants", code: "missing_field", message: "need a name or a role each" });
  if (variants.some(({ gender, language }) => gender === undefined && language === undefined))
    issues.push({ field: "variants", code: "missing_field", message: "need a gender or a language each" });
  if (hasDoubles(variants.map(({ end, gender, language }) => JSON.stringify([end, gender, language?.toLowerCase()]))))
    issues.push({ field: "variants", code: "not_allowed", message: "have two for the same end, gender and language" });
  return issues;
}

function hasDoubles(keys: readonly string[]): boolean {
  return new Set(keys).size < keys.length;
}

/** Writes a unit of relationships: those that are there already stay as they are, and what one cannot be does not stop the others. */
import { CrmError, type InputIssue } from "@relata/core/plugin";
import { relateImported } from "../edge/relate.ts";
import { defineOffices } from "../office/define-offices.ts";
import type { OfficeRecord, RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { officeHolderType } from "../type/standard-types.ts";
import { findSuspects } from "./find-suspects.ts";
import type { PlannedEdge } from "./plan-edges.ts";
import type { RowProblem } from "./read-row.ts";
import { keyOf, officeKey, officesOf, type StoreOptions, standingOf } from "./standing.ts";
import { evidenceOf, writeKept } from "./store-kept.ts";

export interface Stored {
  readonly created: readonly PlannedEdge[];
  readonly unchanged: number;
  readonly problems: readonly RowProblem[];
}

/** One unit; inside of a unit, a savepoint. No two imports of a tenant look and write at the same time. */
export function storeEdges(
  context: RelationshipsContext,
  edges: readonly PlannedEdge[],
  options: StoreOptions,
): Promise<Stored> {
  return context.transaction(async (tx) => {
    await tx.lock("relationshipImport");
    const { find, between } = await standingOf(tx, edges, options);
    const fresh = edges.filter((edge) => find(edge) === undefined);
    const found = edges.flatMap((edge) => {
      const stored = find(edge);
      return stored ? [{ edge, stored }] : [];
    });
    const told = found.flatMap(({ edge, stored }) => differenceOf(edge, stored) ?? []);
    const suspects = findSuspects(fresh, between);
    const together = fresh.filter((edge) => !suspects.has(edge));
    const refused = [...(await writeEach(tx, together, options))];
    for (const edge of suspects) refused.push(...(await writeEach(tx, [edge], options)));
    const gone = new Set(refused.map(({ row }) => row));
    return {
      created: fresh.filter(({ told: { row } }) => !gone.has(row)),
      unchanged: found.length - told.length,
      problems: [...told, ...refused],
    };
  });
}

function differenceOf(edge: PlannedEdge, stored: RelationshipRecord): RowProblem | undefined {
  const { row, days } = edge.told;
  if (stored.archivedAt !== null) {
    const message = `was imported before, and was retracted since as what never was: reopen ${stored.id}, or leave it out of the source`;
    return { row, problem: "retracted", field: "key", message };
  }
  const isTurned = stored.fromId !== edge.from.id;
  const isSameEnds = isTurned
    ? edge.type.shape === "symmetric" && stored.fromId === edge.to.id && stored.toId === edge.from.id
    : stored.toId === edge.to.id;
  const wanted = { ...days, ...edge.told.values, attributes: edge.attributes };
  const different = [
    ...(stored.typeId === edge.type.id ? [] : ["type"]),
    ...(isSameEnds ? [] : ["from or to"]),
    ...Object.entries(wanted).flatMap(([field, value]) => (isSame(stored[field as never], value) ? [] : [field])),
  ];
  if (different.length === 0) return undefined;
  const message = `is there already as ${stored.id}, and differs in ${different.join(", ")}: correct it by relationships.correct, or leave it as it is`;
  return { row, problem: "differs", field: different[0]!, message };
}

function isSame(stored: unknown, wanted: unknown): boolean {
  if (typeof wanted === "object" && wanted !== null) {
    const entries = Object.entries(wanted);
    return entries.every(([key, value]) => (stored as { readonly [key: string]: unknown } | null)?.[key] === value);
  }
  if (typeof stored === "string" && typeof wanted === "string" && /^[01](\.\d+)?$/.test(wanted) && stored !== wanted)
    return Number(stored) === Number(wanted);
  return stored === wanted;
}

/** What is refused is found by halves, the first half first: of two that cannot be together, the earlier one is taken. */
async function writeEach(
  tx: RelationshipsContext,
  edges: readonly PlannedEdge[],
  options: StoreOptions,
): Promise<readonly RowProblem[]> {
  if (edges.length === 0) return [];
  try {
    await tx.transaction((inner) => write(inner, edges, options));
    return [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (edges.length === 1) return [refusedBy(error, edges[0]!)];
    const wrong = issuesByIndex(error);
    if (wrong) {
      const others = edges.filter((_, index) => !wrong.has(index));
      const refused = [...wrong].map(([index, issue]) => refusedFor(edges[index]!, issue));
      return [...refused, ...(await writeEach(tx, others, options))];
    }
    const [some, others] = halves(edges);
    const first = await writeEach(tx, some, options);
    return [...first, ...(await writeEach(tx, others, options))];
  }
}

/** The first issue of each relationship that is wrong by itself; undefined where it is not told which one is. */
function issuesByIndex(error: CrmError): ReadonlyMap<number, InputIssue> | undefined {
  const { entity, issues = [] } = error.details;
  if (error.code !== "invalid_input" || entity !== "relationship" || issues.length === 0) return undefined;
  const found = new Map<number, InputIssue>();
  for (const issue of issues) {
    if (issue.index === undefined) return undefined;
    if (!found.has(issue.index)) found.set(issue.index, issue);
  }
  return found;
}

function halves(edges: readonly PlannedEdge[]) {
  const middle = Math.ceil(edges.length / 2);
  return [edges.slice(0, middle), edges.slice(middle)] as const;
}

/** What the storage or the unit has is no fault of a row. */
function isRefusal(error: unknown): error is CrmError {
  if (!CrmError.is(error) || error.retryable) return false;
  return !/^(unit|storage|schema|hook|outcome|outer|native|using|past|backdated|lock|statement|serialization|deadlock|plugin|migration)_|^read_only/.test(
    error.code,
  );
}

function refusedBy(error: CrmError, edge: PlannedEdge): RowProblem {
  const [issue] = error.details.issues ?? [];
  const { code, message } = error;
  return refusedFor(edge, issue ?? { field: String(error.details.field ?? ""), code, message });
}

function refusedFor({ told: { row } }: PlannedEdge, { code, field, message }: InputIssue): RowProblem {
  return { row, problem: "refused", code, field, message };
}

async function write(tx: RelationshipsContext, edges: readonly PlannedEdge[], options: StoreOptions): Promise<void> {
  const offices = await makeOffices(tx, edges);
  const evidence = await evidenceOf(tx, edges);
  const stored = await relateImported(
    tx,
    edges.map((edge) => {
      const { told, type, from, to, attributes, notes } = edge;
      const office = officeKey(edge);
      const { source = options.source } = told.values;
      return {
        ...{ basis: "imported" as const, ...told.values, ...told.days, type: type.key, from, to, attributes },
        ...{ id: told.kept.id, evidence: evidence(edge) },
        ...(source === undefined ? {} : { source }),
        ...(notes === undefined ? {} : { notes }),
        ...(office === undefined ? {} : { officeId: offices.get(office)!.id }),
        ...(told.key === undefined ? {} : { key: keyOf(told.key, options) }),
      };
    }),
  );
  await writeKept(tx, edges, stored);
}

async function makeOffices(tx: RelationshipsContext, edges: readonly PlannedEdge[]) {
  const offices = new Map<string, Pick<OfficeRecord, "id">>(await officesOf(tx, edges));
  const missing = new Map<string, PlannedEdge>();
  for (const edge of edges) {
    const key = officeKey(edge);
    if (key !== undefined && !offices.has(key) && !missing.has(key)) missing.set(key, edge);
  }
  const made = await defineOffices(
    tx,
    [...missing.values()].map(({ office, to, type }) => ({
      ...{ ...office!, accountId: to.id },
      ...(type.key === officeHolderType.key ? {} : { type: type.key }),
    })),
  );
  for (const [at, key] of [...missing.keys()].entries()) offices.set(key, made[at]!);
  return offices;
}

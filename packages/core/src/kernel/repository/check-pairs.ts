/** Pairs of fields that refer to a record of any entity: no foreign key guards them, so what is written is looked up before. */
import { CrmError, type InputIssue } from "../../errors.ts";
import { type EntitySchema, KERNEL, type Pair } from "../entity/entity-schema.ts";
import { invalidInput } from "../entity/input-issues.ts";
import type { Scope } from "../kernel.ts";
import type { Row } from "../storage/query.ts";
import { lockTargets } from "./lock-records.ts";
import { layoutOf } from "./stored-row.ts";

/** A row as it is about to be. */
export interface PairedRow {
  readonly row: Row;
  /** The columns that are new; all, unless given. */
  readonly columns?: readonly string[];
  /** It was so before a deletion: its targets may be archived, and of an entity that is not installed any more. */
  readonly comesBack?: boolean;
}

/** Whether a record comes with the same write. */
type Arriving = (entity: EntitySchema, id: string) => boolean;

interface NewPair extends Pick<PairedRow, "comesBack"> {
  readonly pair: Pair;
  readonly type: string;
  readonly id: string;
  readonly index: number;
}

interface Target {
  readonly archived: boolean;
  readonly createdAt: number;
}

/**
 * One query for each entity that is referred to.
 *
 * @throws `invalid_input` for half a pair, `reference_not_found`, `reference_archived`, naming the field.
 */
export async function checkPairs(scope: Scope, rows: readonly PairedRow[], arriving: Arriving): Promise<void> {
  if (scope.entity.polymorphic.length === 0) return;
  const pairs = newPairs(scope, rows);
  await lockTargets(scope, pairs, "shared");
  const idsByType = new Map<string, Set<string>>();
  for (const { type, id } of pairs) idsByType.set(type, (idsByType.get(type) ?? new Set()).add(id));
  const targets = new Map<string, ReadonlyMap<string, Target>>();
  for (const [type, ids] of idsByType) {
    const entity = targetOf(scope, type);
    if (entity) targets.set(type, await loadTargets({ ...scope, entity }, [...ids]));
  }
  for (const each of pairs) {
    const found = targets.get(each.type)?.get(each.id);
    const { code, message, ...facts } = problemWith(scope, each, { found, arriving }) ?? {};
    if (code === undefined) continue;
    const place = rows.length > 1 ? { index: each.index } : {};
    throw new CrmError(code, message!, { details: { entity: scope.entity.name, ...facts, ...place } });
  }
}

interface Problem {
  readonly code: "reference_not_found" | "reference_archived";
  readonly message: string;
  readonly field: string;
  readonly reference: string;
  readonly at?: Date;
}

function problemWith(
  scope: Scope,
  { pair, type, id, comesBack }: NewPair,
  { found, arriving }: { readonly found: Target | undefined; readonly arriving: Arriving },
): Problem | undefined {
  const { entity, binding } = scope;
  const target = targetOf(scope, type);
  if (!target) {
    if (comesBack) return undefined;
    const message = `${entity.name}.${pair.type.name} names "${type}", which is no entity whose records can be referred to.`;
    return { code: "reference_not_found", message, field: pair.type.name, reference: type };
  }
  const where = `${entity.name}.${pair.id.name} refers to the ${type} "${id.slice(0, 100)}"`;
  const facts = { field: pair.id.name, reference: id };
  if (!found) {
    if (arriving(target, id)) return undefined;
    return { code: "reference_not_found", message: `${where}, which does not exist.`, ...facts };
  }
  // As with references: what only operations write is part of what it refers to, and goes on with it.
  if (found.archived && !comesBack && entity.written === "anyone") {
    const message = `${where}, which is archived: restore it first, or choose another ${type}.`;
    return { code: "reference_archived", message, ...facts };
  }
  if (binding.at === undefined || found.createdAt <= binding.at) return undefined;
  const at = new Date(binding.at);
  const message = `${where}, which did not exist yet at ${at.toISOString()}: date that ${type} earlier, or this write later.`;
  return { code: "reference_not_found", message, ...facts, at };
}

/** The entity that a pair names; undefined where there is none, or one of the kernel's own. */
export function targetOf({ kernel }: Pick<Scope, "kernel">, type: string): EntitySchema | undefined {
  const entity = kernel.schema.entities.get(type);
  return entity?.plugin === KERNEL ? undefined : entity;
}

/** @throws `invalid_input`, telling every half of a pair. */
function newPairs({ entity }: Scope, rows: readonly PairedRow[]): readonly NewPair[] {
  const { positions } = layoutOf(entity);
  const issues: InputIssue[] = [];
  const found: NewPair[] = [];
  for (const pair of entity.polymorphic) {
    const [typeColumn, idColumn] = [pair.type.columns[0]!.name, pair.id.columns[0]!.name];
    for (const [index, { row, columns, comesBack }] of rows.entries()) {
      if (columns && !columns.includes(typeColumn) && !columns.includes(idColumn)) continue;
      const [type, id] = [typeColumn, idColumn].map((name) => row[positions.get(name)!] as string | null) as [
        string | null,
        string | null,
      ];
      if (type !== null && id !== null) found.push({ pair, type, id, index, ...(comesBack ? { comesBack } : {}) });
      else if (type !== null || id !== null) {
        const [missing, given] = type === null ? [pair.type.name, pair.id.name] : [pair.id.name, pair.type.name];
        issues.push({
          field: missing,
          code: "missing_field",
          message: `is required, because ${given} is given: both are, or neither`,
          ...(rows.length > 1 ? { index } : {}),
        });
      }
    }
  }
  if (issues.length > 0) throw invalidInput(entity.name, issues);
  return found;
}

async function loadTargets(scope: Scope, ids: readonly string[]): Promise<ReadonlyMap<string, Target>> {
  const { kernel, binding, entity } = scope;
  const accepts = entity.fields.get("id")!.codec.accepts;
  const possible = ids.filter((id) => accepts.safeParse(id).success);
  if (possible.length === 0) return new Map();
  const query = kernel.queries.intern({
    table: entity.table.name,
    columns: ["id", "archived_at", "created_at"],
    where: { kind: "in", column: "id", values: 0 } as const,
    orderBy: [{ column: "id", direction: "asc" }] as const,
    include: [],
  });
  const rows = await kernel.units
    .session(binding.frame)
    .find(query, { tenantId: binding.tenantId, params: [possible] });
  return new Map(
    rows.map(([id, archivedAt, createdAt]) => [
      id as string,
      { archived: archivedAt !== null, createdAt: createdAt as number },
    ]),
  );
}

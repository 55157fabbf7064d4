/** What refers to a record that is to be merged into another: what moves, and what is dropped, by rule or because the survivor has its like. */
import type { EntitySchema, IncomingReference } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Row } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { compareText } from "../value/text.ts";
import type { FieldsToSet } from "./delete-records.ts";
import { pointTo } from "./incoming-reference.ts";
import type { MovedReferences } from "./merge.ts";
import { keyOf, keysTaken, type OnceRule, onceRules, valuesOf } from "./once-rules.ts";
import { referringRows } from "./plan-deletion.ts";
import { ID, layoutOf } from "./stored-row.ts";

/** A row, and the references by which it refers to the record. */
interface MovingRow {
  readonly row: Row;
  readonly references: IncomingReference[];
}

export interface Moves {
  readonly moving: ReadonlyMap<EntitySchema, ReadonlyMap<string, MovingRow>>;
  readonly dropped: ReadonlyMap<EntitySchema, readonly Row[]>;
}

interface Ends {
  readonly survivorId: string;
  readonly otherId: string;
}

/** One query for each reference to the entity, and one for each unique rule and merge key over such a reference. The two records are left out. */
export async function planMoves(scope: Scope, ends: Ends): Promise<Moves> {
  const { kernel, entity } = scope;
  const moving = new Map<EntitySchema, Map<string, MovingRow>>();
  for (const reference of entity.referencedBy) {
    const from = kernel.schema.entities.get(reference.entity)!;
    const rows = await referringRows({ ...scope, entity: from }, reference, [ends.otherId]);
    for (const row of rows) {
      const id = row[ID] as string;
      if (from === entity && (id === ends.survivorId || id === ends.otherId)) continue;
      const ofEntity = moving.get(from) ?? new Map<string, MovingRow>();
      moving.set(from, ofEntity);
      const known = ofEntity.get(id);
      if (known) known.references.push(reference);
      else ofEntity.set(id, { row, references: [reference] });
    }
  }
  const dropped = new Map<EntitySchema, readonly Row[]>();
  for (const [from, rows] of moving) {
    const parts = [...rows.values()].filter((each) => each.references.some(({ onMerge }) => onMerge === "drop"));
    for (const { row } of parts) rows.delete(row[ID] as string);
    const repeated = await repeatedRows({ ...scope, entity: from }, rows, ends.survivorId);
    for (const row of repeated) rows.delete(row[ID] as string);
    const going = [...parts.map(({ row }) => row), ...repeated];
    if (going.length > 0) dropped.set(from, going);
  }
  return { moving, dropped };
}

export function changesOf({ moving }: Moves, survivorId: string): readonly FieldsToSet[] {
  return [...moving].flatMap(([entity, rows]) =>
    [...rows].flatMap(([id, { references }]) =>
      references.map((reference) => ({ entity, id, patch: pointTo(reference, survivorId) })),
    ),
  );
}

/** What belongs to the records goes before them: rules that keep the two in step find it where it is to be. */
export function ownLast(own: EntitySchema, changes: readonly FieldsToSet[]): readonly FieldsToSet[] {
  return [...changes.filter(({ entity }) => entity !== own), ...changes.filter(({ entity }) => entity === own)];
}

export function movedBy({ moving }: Moves): MovedReferences {
  const idsOf = new Map<IncomingReference, string[]>();
  for (const rows of moving.values()) {
    for (const [id, { references }] of rows) {
      for (const reference of references) {
        const ids = idsOf.get(reference) ?? [];
        ids.push(id);
        idsOf.set(reference, ids);
      }
    }
  }
  return [...idsOf].map(([{ entity, field }, ids]) => ({ entity, field: field.name, ids }));
}

/**
 * The rows that, once moved, would have what another row has that must be the only one: what has it now keeps it, then the row with the
 * smallest id.
 */
async function repeatedRows(
  scope: Scope,
  moving: ReadonlyMap<string, MovingRow>,
  survivorId: string,
): Promise<readonly Row[]> {
  const { entity } = scope;
  const { positions } = layoutOf(entity);
  const moved = [...moving]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, { row, references }]) => {
      const after = [...row];
      for (const reference of references) after[positions.get(columnOf(reference))!] = survivorId;
      return { row, after };
    });
  const wanted: WantedKey[] = [];
  const archivedAt = positions.get("archived_at")!;
  for (const rule of onceRules(entity)) {
    for (const { row, after } of moved) {
      if (!rule.enforced && row[archivedAt] !== null) continue;
      const [before, values] = [valuesOf(entity, rule, row), valuesOf(entity, rule, after)];
      const key = keyOf(rule, values);
      if (key !== undefined && key !== keyOf(rule, before)) wanted.push({ rule, row, values, key });
    }
  }
  const taken = new Map<OnceRule, Set<string>>();
  for (const rule of new Set(wanted.map((each) => each.rule))) {
    const lists = wanted.filter((each) => each.rule === rule).map(({ values }) => values);
    taken.set(rule, new Set((await keysTaken(scope, rule, lists)).keys()));
  }
  const wantedBy = new Map<Row, WantedKey[]>();
  for (const each of wanted) wantedBy.set(each.row, [...(wantedBy.get(each.row) ?? []), each]);
  return moved.flatMap(({ row }) => {
    const keys = wantedBy.get(row) ?? [];
    if (keys.some(({ rule, key }) => taken.get(rule)!.has(key))) return [row];
    for (const { rule, key } of keys) taken.get(rule)!.add(key);
    return [];
  });
}

/** What a row will have by a rule that it does not have now. */
interface WantedKey {
  readonly rule: OnceRule;
  readonly row: Row;
  readonly values: readonly Storable[];
  readonly key: string;
}

function columnOf({ field }: IncomingReference): string {
  return field.columns[0]!.name;
}

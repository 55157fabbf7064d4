/** What the survivor of a merge gets: chosen by field, or the other one's where it has nothing itself. */
import { CrmError, type InputIssue } from "../../errors.ts";
import { type EntitySchema, type FieldSchema, mayWrite } from "../entity/entity-schema.ts";
import { invalidInput } from "../entity/input-issues.ts";
import type { Scope } from "../kernel.ts";
import type { Row } from "../storage/query.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { acceptInput, explainUnwritable } from "./accept-input.ts";
import { treePosition } from "./guard-trees.ts";
import { ID, layoutOf } from "./stored-row.ts";

type Values = Readonly<Record<string, unknown>>;

export interface Choice {
  readonly take: ReadonlyMap<string, unknown>;
  readonly values: Values;
}

/** What a change of the survivor may write may be taken: what is written once, or by operations only, stays as it is. */
export function acceptChoice(
  { entity, binding }: Scope,
  { take = {}, values = {} }: { readonly take?: unknown; readonly values?: unknown },
): Choice {
  const issues: InputIssue[] = [];
  if (!isPlainObject(take)) issues.push({ field: "take", code: "invalid_type", message: "must be a plain object" });
  const taken = new Map(Object.entries(isPlainObject(take) ? take : {}).filter(([, whose]) => whose !== undefined));
  for (const [name, whose] of taken) {
    const field = entity.fields.get(name);
    if (!field || !mayWrite(field, binding.plugin, "update"))
      issues.push(explainUnwritable(entity, { field: name, code: "unknown_field", message: "cannot be taken" }));
    else if (whose !== "survivor" && whose !== "other")
      issues.push({ field: name, code: "not_allowed", message: 'must be taken from "survivor" or "other"' });
    else if (isPlainObject(values) && values[name] !== undefined)
      issues.push({ field: name, code: "repeated", message: "is both taken and given a value: use one of them" });
  }
  let accepted: Values = {};
  try {
    accepted = acceptInput({ entity, purpose: "change", plugin: binding.plugin }, values);
  } catch (error) {
    if (!CrmError.is(error, "invalid_input")) throw error;
    issues.push(...(error.details.issues ?? []));
  }
  if (issues.length > 0) throw invalidInput(entity.name, issues);
  return { take: taken, values: accepted };
}

export interface MergedRows {
  readonly survivor: Row;
  readonly other: Row;
  readonly choice: Choice;
  /** Whether a record that is neither of them goes with the merge. */
  readonly drops: (entity: EntitySchema, id: string) => boolean;
}

/** The fields in which the survivor is to differ from what it is. */
export async function chosenValues(
  scope: Scope,
  { survivor, other, choice, drops }: MergedRows,
): Promise<Record<string, unknown>> {
  const { entity, binding } = scope;
  const { decode } = layoutOf(entity);
  const [survivorId, otherId] = [survivor[ID] as string, other[ID] as string];
  const before = decode(survivor) as Values;
  const mine = withoutLost(scope, before, (to, id) => to === entity && id === otherId);
  const isEither = (to: EntitySchema, id: string) => to === entity && (id === otherId || id === survivorId);
  const theirs = withoutLost(scope, decode(other) as Values, (to, id) => isEither(to, id) || drops(to, id));
  const chosen: Record<string, unknown> = {};
  for (const field of entity.fields.values()) {
    const { name } = field;
    if (field.plugin === undefined) continue;
    const isFree = choice.values[name] === undefined && !choice.take.has(name);
    const place =
      isFree && entity.trees.includes(field) ? await treePosition(scope, field, { survivor, other }) : undefined;
    const picked = pick(field, { mine: mine[name], theirs: theirs[name], choice, place, plugin: binding.plugin });
    const value = picked ?? whereNone(entity, field, { before, mine, survivorId });
    if (!sameValue(field, value, before[name])) chosen[name] = value;
  }
  return chosen;
}

interface Candidates {
  /** What there is to pick from; undefined where it cannot stay. */
  readonly mine: unknown;
  readonly theirs: unknown;
  readonly choice: Choice;
  /** Of a tree: where the survivor stands to the other one. */
  readonly place: "above" | "below" | undefined;
  readonly plugin: string | undefined;
}

function pick(field: FieldSchema, { mine, theirs, choice, place, plugin }: Candidates): unknown {
  const { name } = field;
  if (choice.values[name] !== undefined) return choice.values[name];
  if (choice.take.has(name)) return choice.take.get(name) === "other" ? theirs : mine;
  // The one record stands where the upper of the two stood: anywhere else it would be below itself.
  if (place) return place === "below" ? theirs : mine;
  return mine ?? (mayWrite(field, plugin, "update") ? theirs : undefined);
}

/** Nothing, where that is allowed. A reference to the other one that cannot be cleared becomes one to itself. */
function whereNone(
  { polymorphic }: EntitySchema,
  { name, definition }: FieldSchema,
  { before, mine, survivorId }: { readonly before: Values; readonly mine: Values; readonly survivorId: string },
): unknown {
  if (definition.presence === "optional") return null;
  const hasId = definition.to !== undefined || polymorphic.some(({ id }) => id.name === name);
  return hasId && mine[name] === undefined ? survivorId : before[name];
}

/** The values without references, and pairs, that lead to what will be gone. */
function withoutLost(
  { kernel, entity }: Scope,
  values: Values,
  isLost: (to: EntitySchema, id: string) => boolean,
): Values {
  const lost = new Set<string>();
  const look = (type: unknown, id: unknown, names: readonly string[]) => {
    const to = kernel.schema.entities.get(String(type));
    if (typeof id === "string" && to && isLost(to, id)) for (const name of names) lost.add(name);
  };
  for (const { name, definition } of entity.fields.values())
    if (definition.to !== undefined) look(definition.to, values[name], [name]);
  for (const { type, id } of entity.polymorphic) look(values[type.name], values[id.name], [type.name, id.name]);
  return Object.fromEntries(Object.entries(values).filter(([name]) => !lost.has(name)));
}

function sameValue({ codec }: FieldSchema, a: unknown, b: unknown): boolean {
  if (a === null || b === null) return a === b;
  const stored = codec.encode(b);
  return codec.encode(a).every((value, i) => value === stored[i]);
}

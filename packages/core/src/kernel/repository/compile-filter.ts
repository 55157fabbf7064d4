/** Turns the filter of one field into a predicate. Operators are looked up; values become parameters. */
import type { FieldSchema } from "../entity/entity-schema.ts";
import { foldAs, foldingOf } from "../entity/folding.ts";
import { type Comparison, never, type Predicate, type TextMatch } from "../storage/predicate.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { textProblem } from "../value/text.ts";
import { type Compilation, invalidQuery, storedOperand } from "./compilation.ts";
import { TREE_OPERATORS, treeCondition } from "./compile-tree.ts";

const COMPARISONS: ReadonlySet<string> = new Set<Comparison>(["eq", "ne", "lt", "lte", "gt", "gte"]);
const TEXT_MATCHES: ReadonlySet<string> = new Set<TextMatch>(["contains", "startsWith", "endsWith"]);
const EQUAL = new Set(["eq", "ne", "in", "notIn"]);
const ORDERED = new Set([...EQUAL, "gt", "gte", "lt", "lte", "between"]);
const TEXT = new Set([...ORDERED, ...TEXT_MATCHES]);
const REFERENCE = new Set([...EQUAL, ...TREE_OPERATORS]);
const ID = new Set([...ORDERED, ...TREE_OPERATORS]);

/** The condition on one field: a value to equal, null, or an object of operators. */
export function fieldCondition(at: Compilation, field: FieldSchema, condition: unknown): Predicate {
  const { entity } = at;
  if (condition === null) return isNull(field);
  if (!isFilter(field, condition)) return operator(at, { field, name: "eq", value: condition, fold: false });
  const { fold, ...operators } = condition;
  if (fold !== undefined && (typeof fold !== "boolean" || !field.folded)) {
    throw invalidQuery(entity.name, field.name, "cannot be compared folded: declare it with text({ fold: true })");
  }
  return conjunction(
    Object.entries(operators).map(([name, value]) => {
      const isPairTree = TREE_OPERATORS.has(name) && entity.polymorphic.some(({ id }) => id === field);
      if (!isPairTree && !operatorsOf(field).has(name))
        throw invalidQuery(entity.name, field.name, `has no operator "${name}"`);
      if (value === undefined) throw invalidQuery(entity.name, `${field.name}.${name}`, "is undefined: leave it out");
      if (TREE_OPERATORS.has(name)) return treeCondition(at, field, { name, value });
      return operator(at, { field, name, value, fold: fold === true });
    }),
  );
}

/** An object is a filter, unless it is a value itself: a Date, or an amount of money. */
function isFilter(field: FieldSchema, condition: unknown): condition is Record<string, unknown> {
  if (!isPlainObject(condition)) return false;
  return !(field.definition.kind === "money" && ("amount" in condition || "currency" in condition));
}

function operatorsOf(field: FieldSchema): ReadonlySet<string> {
  switch (field.definition.kind) {
    case "text":
    case "foldedText":
      return TEXT;
    case "boolean":
    case "oneOf":
      return EQUAL;
    case "reference":
      return REFERENCE;
    case "id":
      return ID;
    case "json":
      return new Set(["isNull"]);
    default:
      return ORDERED;
  }
}

interface Operator {
  readonly field: FieldSchema;
  readonly name: string;
  readonly value: unknown;
  readonly fold: boolean;
}

function operator(at: Compilation, it: Operator): Predicate {
  const { entity } = at;
  const { field, name, value } = it;
  const where = `${field.name}.${name}`;
  if (field.definition.kind === "json") {
    if (name !== "isNull" || typeof value !== "boolean")
      throw invalidQuery(entity.name, field.name, "can only be filtered by isNull");
    return value ? isNull(field) : not(isNull(field));
  }
  const stored = (given: unknown) => storedValue(at, { ...it, value: given });
  if (name === "in" || name === "notIn") {
    if (!Array.isArray(value)) throw invalidQuery(entity.name, where, "must be a list");
    const among = isIn(at, it, value.map(stored));
    return name === "in" ? among : not(among);
  }
  if (name === "between") {
    if (!Array.isArray(value) || value.length !== 2)
      throw invalidQuery(entity.name, where, "must be a list of two: from and to");
    const [low, high] = [stored(value[0]), stored(value[1])];
    if (low[1] !== high[1]) throw invalidQuery(entity.name, where, "must have both ends in one currency");
    const column = columnOf(field, it.fold);
    return conjunction([
      ...sameCurrency(at, field, low),
      { kind: "between", column, low: bind(at, low[0]!), high: bind(at, high[0]!) },
    ]);
  }
  if (value === null) {
    if (name === "eq") return isNull(field);
    if (name === "ne") return not(isNull(field));
    throw invalidQuery(entity.name, where, "must not be null");
  }
  if (TEXT_MATCHES.has(name)) {
    if (typeof value !== "string") throw invalidQuery(entity.name, where, "must be a text");
    const problem = textProblem(value);
    if (problem) throw invalidQuery(entity.name, where, problem);
    const text = it.fold ? foldAs(foldingOf(field), value) : value.normalize("NFC");
    if (text === "" && field.definition.fold === "phone" && it.fold)
      throw invalidQuery(entity.name, where, "has no digits to compare by");
    return { kind: "text", column: columnOf(field, it.fold), operator: name as TextMatch, value: bind(at, text) };
  }
  if (!COMPARISONS.has(name)) throw invalidQuery(entity.name, field.name, `has no operator "${name}"`);
  return comparison(at, it, stored(value));
}

function comparison(at: Compilation, { field, name, fold }: Operator, stored: readonly Storable[]): Predicate {
  const compare = (operator: Comparison): Predicate => ({
    kind: "compare",
    column: columnOf(field, fold),
    operator,
    value: bind(at, stored[0]!),
  });
  const currency = sameCurrency(at, field, stored);
  if (currency.length === 0) return compare(name as Comparison);
  return name === "ne"
    ? not(conjunction([...currency, compare("eq")]))
    : conjunction([...currency, compare(name as Comparison)]);
}

function isIn(at: Compilation, { field, fold }: Operator, values: readonly (readonly Storable[])[]): Predicate {
  const among = (listed: readonly (readonly Storable[])[]): Predicate => {
    at.params.push(listed.map((stored) => stored[0]!));
    return { kind: "in", column: columnOf(field, fold), values: at.params.length - 1 };
  };
  if (field.columns.length === 1) return among(values);
  const byCurrency = new Map<Storable, (readonly Storable[])[]>();
  for (const stored of values) byCurrency.set(stored[1]!, [...(byCurrency.get(stored[1]!) ?? []), stored]);
  return {
    kind: "or",
    of: [...byCurrency.values()].map((listed) => conjunction([...sameCurrency(at, field, listed[0]!), among(listed)])),
  };
}

/** Money compares within its currency only. */
function sameCurrency(at: Compilation, field: FieldSchema, stored: readonly Storable[]): Predicate[] {
  const currency = field.columns[1];
  return currency ? [{ kind: "compare", column: currency.name, operator: "eq", value: bind(at, stored[1]!) }] : [];
}

function storedValue({ entity }: Compilation, { field, name, value, fold }: Operator): readonly Storable[] {
  const stored = storedOperand(entity, field, { place: `${field.name}.${name}`, value });
  return fold ? [foldAs(foldingOf(field), stored[0] as string)] : stored;
}

function columnOf(field: FieldSchema, fold: boolean): string {
  return fold && field.folded ? field.folded.name : field.columns[0]!.name;
}

function bind(at: Compilation, value: Storable): number {
  at.params.push(value);
  return at.params.length - 1;
}

function isNull(field: FieldSchema): Predicate {
  const { name, nullable } = field.columns[0]!;
  return nullable ? { kind: "null", column: name } : never;
}

export function conjunction(of: readonly Predicate[]): Predicate {
  return of.length === 1 ? of[0]! : { kind: "and", of };
}

function not(of: Predicate): Predicate {
  return { kind: "not", of };
}

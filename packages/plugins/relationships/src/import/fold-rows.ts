/** Rows that say again what an earlier one says, from the same side or from the other. Pure. */
import { compareText, foldText, type RecordReference } from "@relata/core/plugin";
import { thingKey } from "../things.ts";
import type { ParsedRole } from "./parse-role.ts";
import type { ReadRow, RowProblem } from "./read-row.ts";

/** A row between records. */
export interface ToldRow extends Omit<ReadRow, "from" | "to"> {
  readonly from: RecordReference;
  readonly to: RecordReference;
}

export interface Folded {
  readonly rows: readonly ToldRow[];
  readonly problems: readonly RowProblem[];
}

/** Rows that are equal, or equal when they are turned round: the first one stays. */
export function foldEqualRows(rows: readonly ToldRow[]): Folded {
  const seen = new Map<string, ToldRow>();
  const problems: RowProblem[] = [];
  const kept: ToldRow[] = [];
  for (const row of rows) {
    const same = seen.get(saying(row));
    const turned = same ?? seen.get(saying(turnRound(row)));
    if (turned) {
      problems.push(foldedInto(turned, row, same ? "double" : "mirror"));
      continue;
    }
    seen.set(saying(row), row);
    kept.push(row);
  }
  return { rows: kept, problems };
}

/**
 * Of a source in which each relationship stands twice, once from each side, makes one row of two: the role of the later one is the other role
 * of the earlier one. Two belong together when a rule or a type knows the pair of roles (`isKnownPair`), when both have the same role, or
 * when no other one is left. A row to which none belongs stays as it is.
 */
export function foldMirrors(
  rows: readonly ToldRow[],
  isKnownPair: (row: ToldRow, inverseRole: ParsedRole) => boolean,
): Folded {
  const merged = new Map<number, ToldRow>();
  const problems: RowProblem[] = [];
  const oneSided = rows.filter(({ role, inverseRole }) => (role === undefined) !== (inverseRole === undefined));
  for (const group of Map.groupBy(oneSided, pairKey).values()) {
    const [left, right] = [new Set<ToldRow>(), new Set<ToldRow>()];
    for (const row of group) (isTurned(row) ? right : left).add(row);
    const isSame = (row: ToldRow, role: ParsedRole) => foldText(roleIn(row).role) === foldText(role.role);
    for (const belongs of [isKnownPair, isSame, () => left.size === 1 && right.size === 1]) {
      for (const one of [...left]) {
        const other = [...right].find((each) => hasRoleAtOtherEnd(one, each) && belongs(one, roleIn(each)));
        if (!other) continue;
        left.delete(one);
        right.delete(other);
        const [first, second] = one.row < other.row ? [one, other] : [other, one];
        const told = roleIn(second);
        merged.set(first.row, first.role ? { ...first, inverseRole: told } : { ...first, role: told });
        problems.push(foldedInto(first, second, "mirror"));
      }
    }
  }
  const gone = new Set(problems.map(({ row }) => row));
  return { rows: rows.flatMap((row) => (gone.has(row.row) ? [] : [merged.get(row.row) ?? row])), problems };
}

/** What is told of a row that stays away because of another one. */
export function foldedInto(stays: ToldRow, { row, values }: ToldRow, problem: "mirror" | "double"): RowProblem {
  const fields = Object.keys({ ...stays.values, ...values }) as (keyof typeof values)[];
  const different = fields.filter((field) => values[field] !== undefined && values[field] !== stays.values[field]);
  const told = problem === "double" ? "says the same as" : "says the same from the other side as";
  const and =
    different.length === 0 ? "" : `, and differs in ${different.join(", ")}: what the earlier row says is taken`;
  return { row, problem, field: "", message: `${told} row ${stays.row}${and}`, of: stays.row };
}

/** The same, with its ends exchanged. */
function turnRound(row: ToldRow): ToldRow {
  // Of a row with a type, the ends are those of the type.
  if (row.type !== undefined) return row;
  return { ...row, from: row.to, to: row.from, role: row.inverseRole, inverseRole: row.role };
}

function saying({ from, to, type, role, inverseRole, office, days }: ToldRow): string {
  const texts = [type, role && foldText(role.text), inverseRole && foldText(inverseRole.text), office];
  return JSON.stringify([thingKey(from), thingKey(to), ...texts.map((text) => text ?? null), ...Object.values(days)]);
}

function pairKey(row: ToldRow): string {
  const ends = [thingKey(row.from), thingKey(row.to)].sort(compareText);
  return JSON.stringify([...ends, row.type ?? null, row.office ?? null, ...Object.values(row.days)]);
}

function isTurned({ from, to }: ToldRow): boolean {
  return compareText(thingKey(from), thingKey(to)) > 0;
}

function roleIn({ role, inverseRole }: ToldRow): ParsedRole {
  return (role ?? inverseRole)!;
}

/** Turned round, the other row says the role of the other thing. */
function hasRoleAtOtherEnd(one: ToldRow, other: ToldRow): boolean {
  return (one.role === undefined) === (other.role === undefined);
}

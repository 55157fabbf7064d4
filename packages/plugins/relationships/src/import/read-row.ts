/** Reads one row: what it says, or what is wrong with it. Pure. */
import { inputIssues, isDate, isUuid, type RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema } from "../asked.ts";
import { type EvidenceInput, evidenceSchema } from "../edge/evidence.ts";
import { bases, bounds, visibilities } from "../edge/relationship.ts";
import { once } from "../once.ts";
import { type DayReader, endOf, type MeantDay, startOf } from "./day-phrase.ts";
import type { CheckedOptions, RowField } from "./import-options.ts";
import type { ImportProblem } from "./import-report.ts";
import type { ParsedRole } from "./parse-role.ts";
import type { SourceRow } from "./source-row.ts";
import { type ToldDays, toldDays } from "./told-days.ts";

/** A thing as a row names it. */
export interface NamedThing {
  readonly entity: string | undefined;
  readonly key: string;
  /** It is the record's id, however things are named elsewhere. */
  readonly isId: boolean;
}

/** What a row says, apart from what it is called. */
export interface RowValues {
  readonly strength?: string;
  readonly confidence?: string;
  readonly isPrimary?: boolean;
  readonly basis?: (typeof bases)[number];
  readonly source?: string;
  readonly notes?: string;
  readonly visibility?: (typeof visibilities)[number];
}

export interface ReadRow {
  readonly row: number;
  readonly line: number | undefined;
  readonly key: string | undefined;
  readonly from: NamedThing;
  readonly to: NamedThing;
  readonly type: string | undefined;
  readonly role: ParsedRole | undefined;
  readonly inverseRole: ParsedRole | undefined;
  readonly office: string | undefined;
  readonly days: ToldDays;
  readonly values: RowValues;
  /** By attribute, as they are written. */
  readonly attributes: { readonly [key: string]: unknown };
  readonly kept: KeptOfExport;
}

/** What only an export writes. */
export interface KeptOfExport {
  readonly id?: string;
  readonly supersedes?: string;
  readonly evidence?: readonly EvidenceInput[];
  readonly acts?: readonly ActInput[];
}

const acted = ["ended", "corrected", "superseded", "retracted", "reopened"] as const;

export interface ActInput {
  readonly act: (typeof acted)[number];
  readonly on?: string | undefined;
  readonly reason?: string | undefined;
}

const evidencesSchema = once(() => z.array(evidenceSchema).max(1_000));
const actsSchema = once(() =>
  z
    .array(z.object({ act: z.enum(acted), on: daySchema.optional(), reason: z.string().max(10_000).optional() }))
    .max(10_000),
);

export interface RowProblem {
  readonly row: number;
  readonly problem: ImportProblem;
  readonly code?: string;
  readonly field: string;
  readonly message: string;
  /** Of mirrors and doubles. */
  readonly of?: number;
  /** As they are after two rows became one. */
  readonly role?: string | undefined;
  readonly inverseRole?: string | undefined;
}

export interface RowReading {
  readonly options: CheckedOptions;
  readonly statedOn: string;
  readonly readRole: (text: string) => ParsedRole;
  readonly readDay: DayReader;
  readonly mayLastNoDay: boolean;
}

/** Stops the reading of a row. */
class Wrong extends Error {
  readonly found: Omit<RowProblem, "row">;
  constructor(problem: ImportProblem, field: string, message: string) {
    super(message);
    this.found = { problem, field, message };
  }
}

export function readRow(source: SourceRow, row: number, reading: RowReading): ReadRow | RowProblem {
  try {
    return readCells(source, row, reading);
  } catch (error) {
    if (error instanceof Wrong) return { row, ...error.found };
    throw error;
  }
}

function readCells({ cells, line, isRagged }: SourceRow, row: number, reading: RowReading): ReadRow {
  const { columns, from, to, endsAreExclusive } = reading.options;
  if (isRagged)
    throw new Wrong("invalid", "", "has another number of cells than the header: quote what contains the delimiter");
  const cell = (field: RowField) => cells[columns[field] ?? field];
  const text = (field: RowField) => textOf(cell(field), field);
  const role = roleOf(text("role"), "role", reading);
  const inverseRole = roleOf(text("inverseRole"), "inverseRole", reading);
  const days = toldDays({
    start: dayOf(text("validFrom"), { field: "validFrom", is: boundOf(text("validFromIs"), "validFromIs") }, reading),
    end: dayOf(text("validUntil"), { field: "validUntil", is: boundOf(text("validUntilIs"), "validUntilIs") }, reading),
    roles: [role, inverseRole].filter((each) => each !== undefined),
    statedOn: reading.statedOn,
    isExclusive: endsAreExclusive,
    mayLastNoDay: reading.mayLastNoDay,
  });
  if ("problem" in days) throw new Wrong(days.problem, days.field, days.message);
  return {
    ...{ row, line, key: text("key"), type: text("type"), role, inverseRole, office: text("office"), days },
    from: thingOf(cell("from"), "from", text("fromEntity") ?? from.entity),
    to: thingOf(cell("to"), "to", text("toEntity") ?? to.entity),
    values: valuesOf(text, cell),
    attributes: attributesOf(cells, reading.options),
    kept: keptOf(cells, text),
  };
}

function keptOf(cells: SourceRow["cells"], text: (field: RowField) => string | undefined): KeptOfExport {
  const [id, supersedes] = [idOf(text("relationshipId"), "relationshipId"), idOf(text("supersedes"), "supersedes")];
  // Texts are columns of others that happen to have these names.
  const list = (field: "evidence" | "acts", schema: z.ZodType) => {
    const value = Object.hasOwn(cells, field) ? cells[field] : undefined;
    if (typeof value !== "object" || value === null) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const [issue] = inputIssues(result.error.issues, value);
    throw new Wrong("invalid", field, `${issue!.field} ${issue!.message}`.trim());
  };
  const kept = { id, supersedes, evidence: list("evidence", evidencesSchema()), acts: list("acts", actsSchema()) };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}

function idOf(text: string | undefined, field: RowField): string | undefined {
  if (text === undefined || isUuid(text)) return text;
  throw new Wrong("invalid", field, `"${text}" is no id: leave it out, and the relationship gets one`);
}

function valuesOf(text: (field: RowField) => string | undefined, cell: (field: RowField) => unknown): RowValues {
  const values = {
    strength: shareOf(text("strength"), "strength"),
    confidence: shareOf(text("confidence"), "confidence"),
    isPrimary: booleanOf(cell("isPrimary"), "isPrimary"),
    basis: oneOf(text("basis"), "basis", bases),
    source: text("source"),
    // With the blanks around it.
    notes: notesOf(cell("notes")),
    visibility: oneOf(text("visibility"), "visibility", visibilities),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function attributesOf(cells: SourceRow["cells"], { columns }: CheckedOptions): ReadRow["attributes"] {
  const whole = columns.attributes === undefined && Object.hasOwn(cells, "attributes") ? cells.attributes : undefined;
  if (typeof whole === "object" && whole !== null && !Array.isArray(whole)) return { ...whole };
  const named = Object.entries(columns.attributes ?? {}).map(([key, column]) => [key, cells[column]] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== undefined && value !== null && value !== ""));
}

/** Names, words and days are far shorter; patterns are not looked for in more. */
const MOST = 10_000;

function notesOf(value: unknown): string | undefined {
  if (typeof value !== "string") return textOf(value, "notes");
  return value.trim() === "" ? undefined : value.normalize("NFC");
}

function textOf(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value !== "string") throw new Wrong("invalid", field, "must be a text");
  if (value.length > MOST) throw new Wrong("invalid", field, `has ${value.length} characters: ${MOST} are the most`);
  return value.normalize("NFC").trim() || undefined;
}

function thingOf(value: unknown, field: "from" | "to", entity: string | undefined): NamedThing {
  if (isReference(value)) return { entity: value.entityType, key: value.id, isId: true };
  const key = textOf(value, field);
  if (key === undefined) throw new Wrong("invalid", field, "is empty: name the thing at this end");
  return { entity, key, isId: false };
}

function isReference(value: unknown): value is RecordReference {
  if (typeof value !== "object" || value === null) return false;
  const { entityType, id } = value as { readonly entityType?: unknown; readonly id?: unknown };
  return typeof entityType === "string" && typeof id === "string" && entityType.length + id.length <= MOST;
}

function roleOf(text: string | undefined, field: "role" | "inverseRole", reading: RowReading): ParsedRole | undefined {
  if (text === undefined) return undefined;
  const role = reading.readRole(text);
  if (role.unreadDays === undefined) return role;
  // Who has a rule for the whole text has read it.
  const isRuled = reading.options.rules.some((rule) => [rule.role, rule.otherRole].includes(text));
  if (isRuled) return { text, role: text, tenses: [] };
  const message = `tells days that cannot be read for sure, "${role.unreadDays}": write them as YYYY-MM-DD, say dateOrder, or give a rule for this very text`;
  throw new Wrong("bad_days", field, message);
}

interface DayColumn {
  readonly field: "validFrom" | "validUntil";
  readonly is: MeantDay["is"] | undefined;
}

function dayOf(text: string | undefined, { field, is }: DayColumn, { readDay, options }: RowReading) {
  if (text === undefined) return undefined;
  const phrase = readDay(text);
  if (!phrase) {
    const mayBeOrder = options.dateOrder === undefined && /^\d{1,2}[-/]\d{1,2}[-/]\d{4}$/.test(text);
    const hint = mayBeOrder ? ", or say dateOrder" : "";
    throw new Wrong("bad_days", field, `"${text}" is no day that can be read for sure: write it as YYYY-MM-DD${hint}`);
  }
  const meant = field === "validFrom" ? startOf(phrase) : endOf(phrase);
  return is === undefined ? meant : { ...meant, is };
}

function boundOf(text: string | undefined, field: RowField) {
  return oneOf(text, field, bounds);
}

function shareOf(text: string | undefined, field: RowField): string | undefined {
  if (text === undefined || /^(0(\.\d{1,4}0*)?|1(\.0+)?)$/.test(text)) return text;
  throw new Wrong("invalid", field, `"${text}" is no number from 0 to 1 with at most four decimals`);
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...(["true", "yes", "1"] as const).map((word) => [word, true] as const),
  ...(["false", "no", "0"] as const).map((word) => [word, false] as const),
]);

function booleanOf(value: unknown, field: string): boolean | undefined {
  const text = textOf(value, field)?.toLowerCase();
  if (text === undefined) return undefined;
  const known = BOOLEANS.get(text);
  if (known === undefined) throw new Wrong("invalid", field, `"${text}" is neither true, yes or 1, nor false, no or 0`);
  return known;
}

function oneOf<const W extends string>(text: string | undefined, field: string, words: readonly W[]): W | undefined {
  const word = words.find((each) => each === text);
  if (text === undefined || word !== undefined) return word;
  throw new Wrong("invalid", field, `"${text}" is none of ${words.join(", ")}`);
}

/** An attribute as its definition wants it, where text can be that; what cannot stays, and is refused by the rules of attributes. */
export function attributeOf(value: unknown, kind: string): unknown {
  if (typeof value !== "string") return value;
  if (kind === "number" && /^-?\d+(\.\d+)?$/.test(value.trim())) return Number(value);
  if (kind === "boolean") return BOOLEANS.get(value.trim().toLowerCase()) ?? value;
  return kind === "date" && isDate(value.trim()) ? value.trim() : value;
}

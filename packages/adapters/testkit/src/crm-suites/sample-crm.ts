/** A small schema of the suites' own, beside the domain's: every kind of field, and references that refuse, cascade and detach. */
import { type CrmOptions, createCrm } from "@relata/core";
import {
  boolean,
  date,
  decimal,
  defineEntity,
  instant,
  integer,
  json,
  money,
  oneOf,
  reference,
  text,
} from "@relata/core/plugin";
import * as z from "zod";

/** Boxes in boxes. The ids are the suites' own, so that facts can name them. */
const crate = defineEntity("crate", {
  plural: "crates",
  ids: "app",
  fields: {
    label: text().optional(),
    outerId: reference("crate", { inverse: "inner", onDelete: "cascade" }).optional(),
    /** The specimen that opens the crate: with `specimen.crateId`, a circle between two entities. */
    keyId: reference("specimen", { inverse: "opens", onDelete: "cascade" }).optional(),
  },
});

const specimen = defineEntity("specimen", {
  plural: "specimens",
  fields: {
    code: text({ maxLength: 20 }).unique(),
    title: text({ fold: true }).optional().indexed(),
    note: text({ maxLength: 100 }).optional(),
    weight: integer({ min: -9007199254740991 }).optional().indexed(),
    pieces: integer({ min: 0, max: 1_000 }).default(1),
    ratio: decimal({ scale: 3 }).optional(),
    share: decimal({ scale: 2, min: 0, max: 100 }).optional(),
    price: money().optional(),
    foundOn: date().optional(),
    seenAt: instant().optional(),
    active: boolean().default(true),
    grade: oneOf("fine", "fair", "poor").optional(),
    details: json(z.record(z.string(), z.unknown())).optional(),
    origin: text().optional().written("once"),
    serial: integer().optional().unique(),
    crateId: reference("crate", { inverse: "specimens", onDelete: "cascade" }).optional(),
    twinId: reference("specimen", { inverse: "twins", onDelete: "detach" }).optional(),
  },
});

const sample = defineEntity("sample", {
  plural: "samples",
  ids: "app",
  fields: {
    part: integer().default(1),
    specimenId: reference("specimen", { inverse: "samples", onDelete: "cascade" }).optional(),
    crateId: reference("crate", { inverse: "samples" }).optional(),
    labId: reference("user", { inverse: "samples", onDelete: "detach" }).optional(),
  },
  unique: [["specimenId", "part"]],
});

export const sampleEntities = [crate, specimen, sample] as const;

/** Opens a CRM with the sample's entities. */
export function openSample(options: CrmOptions) {
  return createCrm({ ...options, entities: sampleEntities });
}

export type SampleCrm = Awaited<ReturnType<typeof openSample>>;
export type SpecimenWhere = NonNullable<NonNullable<Parameters<SampleCrm["specimens"]["count"]>[0]>["where"]>;
export type AccountWhere = NonNullable<NonNullable<Parameters<SampleCrm["accounts"]["count"]>[0]>["where"]>;

/** The codes of the specimens that satisfy a condition, in the order of the codes. */
export async function codesWhere(crm: SampleCrm, where: SpecimenWhere): Promise<string> {
  const page = await crm.specimens.list({ where, orderBy: [{ code: "asc" }], limit: 1_000 });
  return codesOf(page.items);
}

/** "a b c" */
export function codesOf(records: readonly { readonly code: string }[]): string {
  return records.map(({ code }) => code).join(" ");
}

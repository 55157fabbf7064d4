/** How what callers give is checked. */
import { inputIssues, invalidInput, isDate } from "@relata/core/plugin";
import * as z from "zod";
import { certainties } from "./edge/edge-days.ts";
import { bounds, visibilities } from "./edge/relationship.ts";

export const daySchema = z.string().refine(isDate, { message: "is not a day that exists, as YYYY-MM-DD" });
/** Normalised, as what is stored is: it is compared with that. */
export const idSchema = z.string().normalize("NFC").min(1).max(200);
export const keySchema = z.string().normalize("NFC").min(1).max(200);
export const reasonSchema = z.string().max(10_000).optional();
export const boundSchema = z.enum(bounds);
export const certaintySchema = z.enum(certainties);
export const visibilitySchema = z.enum(visibilities);
/** A record of any entity, as core's `RecordReference`. */
export const thingSchema = z.strictObject({ entityType: z.string().min(1).max(100), id: idSchema });
/** From 0 to 1, as a number or a decimal; as a decimal from here on. */
export const shareOfOneSchema = z.union([z.number(), z.string()]).transform(String);

/** Of attributes, by key. An object cannot have the key `__proto__` in every place that it passes: it is refused. */
export const attributeValuesSchema = <V extends z.ZodType>(value: V) =>
  z
    .custom<Readonly<Record<string, unknown>>>((given) => !hasPrototypeKey(given), {
      message: 'cannot have "__proto__" as the key of an attribute: choose another one',
    })
    .pipe(z.record(z.string(), value));

function hasPrototypeKey(given: unknown): boolean {
  return typeof given === "object" && given !== null && Object.hasOwn(given, "__proto__");
}

export const attributeValueSchema = z.union([z.string(), z.number(), z.boolean()]);

/** @throws `invalid_input`, naming each wrong field by its entity */
export function parsed<S extends z.ZodType>(entity: string, schema: S, given: unknown): z.output<S> {
  const result = schema.safeParse(given);
  if (!result.success) throw invalidInput(entity, inputIssues(result.error.issues, given));
  return result.data;
}

/** All of a list at once: one error tells of all, by their `index` where there are several. @throws `invalid_input` */
export function parsedAll<S extends z.ZodType>(entity: string, schema: S, given: unknown): z.output<S>[] {
  if (!Array.isArray(given))
    throw invalidInput(entity, [{ field: "", code: "invalid_type", message: "must be a list" }]);
  const results = given.map((each) => schema.safeParse(each));
  const issues = results.flatMap((result, index) =>
    result.success ? [] : inputIssues(result.error.issues, given[index], given.length > 1 ? index : undefined),
  );
  if (issues.length > 0) throw invalidInput(entity, issues);
  return results.map((result) => result.data as z.output<S>);
}

/** What is not given is not in it. */
export function withoutUndefined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept: { [key: string]: unknown } = { ...(given as object) };
  for (const key of Object.keys(kept)) if (kept[key] === undefined) delete kept[key];
  return kept as never;
}

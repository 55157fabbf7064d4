/** Which days are asked about. */
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { certaintySchema, daySchema, parsed } from "../asked.ts";
import type { Certainty } from "../edge/edge-days.ts";

/** A day that was asked for. */
export interface AskedDay {
  readonly on: string;
  readonly certainty: Certainty;
}

/** Days that were asked for, both included. */
export interface AskedSpan {
  readonly from: string;
  readonly until: string;
  readonly certainty: Certainty;
}

export interface DayQuery {
  /** Today unless given. */
  readonly on?: string | undefined;
  /** Which days are meant where they are not exact; "stated" unless given. */
  readonly certainty?: Certainty | undefined;
}

export interface SpanQuery {
  /** The first and the last day asked about. */
  readonly from: string;
  readonly until: string;
  readonly certainty?: Certainty | undefined;
}

/** For `z.strictObject`. */
const dayFields = { on: daySchema.optional(), certainty: certaintySchema.default("stated") };
export const spanFields = { from: daySchema, until: daySchema, certainty: certaintySchema.default("stated") };
/** Either, or neither: today. */
const daysFields = { ...dayFields, from: daySchema.optional(), until: daySchema.optional() };

interface WithToday {
  readonly settings: { today(): Promise<string> };
}

type Given<S extends z.ZodRawShape> = z.output<z.ZodObject<S, z.core.$strict>>;

/** @throws `invalid_input`, naming each wrong field by its entity */
export async function askedDay<S extends z.ZodRawShape>(
  context: WithToday,
  { entity, fields, given }: { readonly entity: string; readonly fields: S; readonly given: unknown },
): Promise<Given<S> & AskedDay> {
  const asked = parsed(entity, z.strictObject({ ...fields, ...dayFields }), given) as Given<S> &
    Given<typeof dayFields>;
  return { ...asked, on: asked.on ?? (await context.settings.today()) };
}

/** @throws `invalid_input` for days that are not two, or in the wrong order, or beside `on` */
export async function askedSpan<S extends z.ZodRawShape>(
  context: WithToday,
  { entity, fields, given }: { readonly entity: string; readonly fields: S; readonly given: unknown },
): Promise<Given<S> & AskedSpan> {
  const asked = parsed(entity, z.strictObject({ ...fields, ...daysFields }), given) as Given<S> &
    Given<typeof daysFields>;
  const wrong = (field: string, message: string) => invalidInput(entity, [{ field, code: "not_allowed", message }]);
  if (asked.on !== undefined && (asked.from ?? asked.until) !== undefined)
    throw wrong("on", "is one day, and from and until are the days of a span: give the one or the others");
  if ((asked.from === undefined) !== (asked.until === undefined))
    throw wrong(asked.from === undefined ? "from" : "until", "is required too: a span has a first and a last day");
  const day = asked.on ?? asked.from ?? (await context.settings.today());
  const { from = day, until = day } = asked;
  if (until < from) throw wrong("until", `is before from, ${from}`);
  return { ...asked, from, until };
}

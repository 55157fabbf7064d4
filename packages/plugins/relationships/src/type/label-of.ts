/** What an end of a type is called, by gender and language. Pure. */
import type { TypeRecord } from "../parts.ts";
import { type End, nameAt, roleAt } from "./type-ends.ts";
import type { Variant } from "./type-schemas.ts";

export interface LabelQuery {
  readonly gender?: string | undefined;
  /** An IETF language tag: "pt-BR" finds "pt-BR", else "pt". */
  readonly language?: string | undefined;
}

export interface Label {
  /** What stands at this end is this to the other: "mother of"; null where the end has no name. */
  readonly name: string | null;
  /** "mother" */
  readonly role: string | null;
}

type Labelled = Pick<TypeRecord, "shape" | "name" | "inverseName" | "fromRole" | "toRole" | "variants">;

/**
 * The words for an end. Of the variants that say nothing that is not so, the one of the nearest language has it, then the one of the gender: for a woman
 * in Portuguese "mãe", then what Portuguese has for any gender, then "mother", then "parent". Name and role are found apart.
 */
export function labelOf(type: Labelled, end: End, query: LabelQuery = {}): Label {
  const isOfEnd = (variant: Variant) => type.shape === "symmetric" || variant.end === end;
  const fitting = type.variants
    .flatMap((variant) => {
      const nearness = isOfEnd(variant) ? nearnessOf(variant, query) : undefined;
      return nearness === undefined ? [] : [{ variant, nearness }];
    })
    .toSorted((a, b) => b.nearness - a.nearness)
    .map(({ variant }) => variant);
  return {
    name: fitting.find(({ name }) => name !== undefined)?.name ?? nameAt(type, end),
    role: fitting.find(({ role }) => role !== undefined)?.role ?? roleAt(type, end),
  };
}

/** Undefined where it is of another gender or language. */
function nearnessOf({ gender, language }: Variant, query: LabelQuery): number | undefined {
  if (gender !== undefined && gender !== query.gender) return undefined;
  const byGender = gender === undefined ? 0 : 1;
  if (language === undefined) return byGender;
  const [own, asked] = [language.toLowerCase(), query.language?.toLowerCase()];
  if (asked === undefined || !(asked === own || asked.startsWith(`${own}-`))) return undefined;
  // A longer tag is a nearer one, and any is nearer than none.
  return own.length * 2 + byGender;
}

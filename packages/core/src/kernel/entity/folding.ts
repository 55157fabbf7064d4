/** How the shadow of a text is made. */
import { foldPhone } from "../value/phone.ts";
import { foldText } from "../value/text.ts";
import type { FieldDefinition } from "./field.ts";

/** `text`: without case, width and diacritics. `phone`: the digits of a phone number. */
export type Folding = "text" | "phone";

export function foldingOf({ definition }: { readonly definition: FieldDefinition }): Folding {
  return definition.fold ?? "text";
}

export function foldAs(folding: Folding, value: string): string {
  switch (folding) {
    case "text":
      return foldText(value);
    case "phone":
      return foldPhone(value);
    default:
      return folding satisfies never;
  }
}

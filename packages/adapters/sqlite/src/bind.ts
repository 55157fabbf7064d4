/** What may be handed to the driver, and how lists go there. */
import { CrmError, type Storable } from "@relata/core/adapter";

export type DriverValue = string | number | bigint | Uint8Array | null;

/**
 * The value as the driver takes it: a boolean is 1 or 0. Anything that is not storable is refused here, because the driver would
 * take an object for named parameters and bind NULL without a word.
 */
export function bind(value: unknown): DriverValue {
  switch (typeof value) {
    case "string":
    case "bigint":
      return value;
    case "number":
      if (Number.isNaN(value)) break;
      return value;
    case "boolean":
      return value ? 1 : 0;
    default:
      if (value === null || value instanceof Uint8Array) return value;
  }
  throw new CrmError("value_refused", `A value of type ${typeof value} (${String(value)}) cannot be stored.`);
}

/** A list as one parameter, for `json_each`. Written by hand, so that no digit of a big integer is lost. */
export function jsonList(values: readonly Storable[]): string {
  return `[${values.map(jsonValue).join(",")}]`;
}

function jsonValue(value: Storable): string {
  return typeof value === "string" ? JSON.stringify(value) : String(bind(value));
}

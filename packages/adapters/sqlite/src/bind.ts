/** What may be handed to the driver, and how lists go there. */
import { CrmError, type Storable } from "@relata/core/adapter";

export type DriverValue = string | number | bigint | Uint8Array | null;

/** The values as the driver takes them: a boolean is 1 or 0. @throws as `bind` does. */
export function bindAll(values: readonly unknown[]): readonly DriverValue[] {
  for (const value of values) if (!isDriverValue(value)) return values.map(bind);
  return values as readonly DriverValue[];
}

/**
 * The value as the driver takes it. Anything that is not storable is refused here, because a driver would take an object for named
 * parameters, and undefined or NaN for NULL, without a word.
 *
 * @throws `value_refused`
 */
export function bind(value: unknown): DriverValue {
  if (isDriverValue(value)) return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  throw new CrmError("value_refused", `A value of type ${typeof value} (${String(value)}) cannot be stored.`);
}

function isDriverValue(value: unknown): value is DriverValue {
  switch (typeof value) {
    case "string":
    case "bigint":
      return true;
    case "number":
      return !Number.isNaN(value);
    default:
      return value === null || value instanceof Uint8Array;
  }
}

/** A list as one parameter, for `json_each`. Written by hand, so that no digit of a big integer is lost. */
export function jsonList(values: readonly Storable[]): string {
  return `[${values.map(jsonValue).join(",")}]`;
}

function jsonValue(value: Storable): string {
  return typeof value === "string" ? JSON.stringify(value) : String(bind(value));
}

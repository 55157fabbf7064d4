/** Where a page ended: the values of the order's keys, opaque to callers, and bound to the very query that made it. */
import { CrmError } from "../../errors.ts";
import { fromBase64, toBase64 } from "../runtime.ts";
import { FINGERPRINT_LENGTH, fingerprint } from "../value/fingerprint.ts";
import type { Storable } from "./storage-schema.ts";

const VERSION = 1;

/** More than the longest text that a field can hold, twice encoded. */
const MOST_CHARACTERS = 10_000_000;

/** `query` describes the query and its values; only the same description reads the cursor again. A cursor holds no secrets. */
export function encodeCursor(query: string, values: readonly Storable[]): string {
  const payload = JSON.stringify([VERSION, ...values.map(toJson)]);
  return base64url(`${fingerprint(query + payload)}${payload}`);
}

/** @throws `invalid_cursor` for a cursor that is altered, of another version, or of another query. */
export function decodeCursor(query: string, cursor: unknown): readonly Storable[] {
  if (typeof cursor !== "string" || cursor.length > MOST_CHARACTERS) throw invalidCursor("is not a cursor");
  let payload: string;
  let values: unknown;
  try {
    const text = fromBase64url(cursor);
    payload = text.slice(FINGERPRINT_LENGTH);
    if (base64url(text) !== cursor) throw new TypeError("not in canonical form");
    if (text.slice(0, FINGERPRINT_LENGTH) !== fingerprint(query + payload)) {
      throw invalidCursor(
        "was altered, or belongs to another query: pass it with the same conditions and order that it came from",
      );
    }
    values = JSON.parse(payload);
  } catch (error) {
    throw CrmError.is(error) ? error : invalidCursor("is damaged", error);
  }
  if (!Array.isArray(values) || values[0] !== VERSION) throw invalidCursor("was made by another version of the SDK");
  return values.slice(1).map(fromJson);
}

function invalidCursor(problem: string, cause?: unknown): CrmError {
  return new CrmError("invalid_cursor", `The cursor ${problem}. Start again from the first page.`, { cause });
}

/** Bigints travel as [digits]. */
function toJson(value: Storable): unknown {
  return typeof value === "bigint" ? [value.toString()] : value;
}

function fromJson(value: unknown): Storable {
  return Array.isArray(value) ? BigInt(String(value[0])) : (value as Storable);
}

/** Of the text's UTF-8, by way of percent encoding, which every runtime has, where it is more than ASCII. */
function base64url(text: string): string {
  const bytes = isAscii(text)
    ? text
    : encodeURIComponent(text).replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
  return toBase64(bytes).replace(/[+/=]/g, (char) => (char === "+" ? "-" : char === "/" ? "_" : ""));
}

function fromBase64url(encoded: string): string {
  const bytes = fromBase64(encoded.replace(/[-_]/g, (char) => (char === "-" ? "+" : "/")));
  if (isAscii(bytes)) return bytes;
  const percent = Array.from(bytes, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return decodeURIComponent(percent.join(""));
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

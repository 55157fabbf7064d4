/** Where a page ended: the values of the order's keys, opaque to callers, and bound to the very query that made it. */
import { CrmError } from "../../errors.ts";
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

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Of the text's UTF-8, by way of percent encoding, which every runtime has. */
function base64url(text: string): string {
  const bytes = encodeURIComponent(text).replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  let encoded = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes.charCodeAt(i), bytes.charCodeAt(i + 1), bytes.charCodeAt(i + 2)];
    encoded += ALPHABET[a >> 2]! + ALPHABET[((a & 3) << 4) | (b >> 4)]!;
    if (i + 1 < bytes.length) encoded += ALPHABET[((b & 15) << 2) | (c >> 6)]!;
    if (i + 2 < bytes.length) encoded += ALPHABET[c & 63]!;
  }
  return encoded;
}

function fromBase64url(encoded: string): string {
  let percent = "";
  let bits = 0;
  let held = 0;
  for (const char of encoded) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) throw new TypeError(`not base64url: "${char}"`);
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      percent += `%${((bits >> held) & 255).toString(16).padStart(2, "0")}`;
      bits &= (1 << held) - 1;
    }
  }
  return decodeURIComponent(percent);
}

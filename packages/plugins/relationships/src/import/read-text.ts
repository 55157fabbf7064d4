/** Texts of an import, piece by piece: whole texts, streams of texts, and streams of bytes. */
import { invalidInput } from "@relata/core/plugin";

/** A text, its bytes in UTF-8, or a stream of pieces of either: of a file, of a response, of `streamJson`. */
export type TextSource = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** A whole text is read in pieces of so many characters. */
const PIECE = 65_536;

interface Decoder {
  decode(bytes?: Uint8Array, options?: { readonly stream: boolean }): string;
}

export function isTextSource(value: unknown): value is TextSource {
  if (typeof value === "string") return true;
  return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

/** @throws `invalid_input` for bytes that are no UTF-8, and for what is neither text nor bytes */
export async function* piecesOf(source: TextSource, field: string): AsyncGenerator<string, void, undefined> {
  if (typeof source === "string") {
    for (let at = 0; at < source.length; at += PIECE) yield source.slice(at, at + PIECE);
    return;
  }
  const { TextDecoder } = globalThis as unknown as {
    readonly TextDecoder: new (
      encoding: string,
      options: { readonly fatal: true; readonly ignoreBOM: true },
    ) => Decoder;
  };
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const decoded = (piece?: Uint8Array) => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
    } catch {
      throw wrongText(field, "is not UTF-8: decode it, and give the text");
    }
  };
  for await (const piece of source instanceof Uint8Array ? [source] : source) {
    if (typeof piece === "string") yield piece;
    else if (piece instanceof Uint8Array) yield decoded(piece);
    else throw wrongText(field, "must be text, or pieces of text or of bytes");
  }
  yield decoded();
}

export function wrongText(field: string, message: string) {
  const code = field === "" ? "invalid_type" : "invalid_value";
  return invalidInput("relationshipImport", [{ field, code, message }]);
}

/** Rows of JSON: a list, or what an export wrote. */
import { piecesOf, type TextSource, wrongText } from "./read-text.ts";
import { type DocumentPart, documentParts, FORMAT, type SourcePart, type SourceRow } from "./source-row.ts";

/** @throws `invalid_input` for what is no JSON, and for JSON that is no such thing */
export async function* readJson(source: TextSource): AsyncGenerator<SourceRow | SourcePart, void, undefined> {
  if (typeof source === "string") yield* readWhole(source);
  else yield* readPieces(piecesOf(source, "json"));
}

function* readWhole(text: string): Generator<SourceRow | SourcePart, void, undefined> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw wrongText("json", `is no JSON: ${(error as SyntaxError).message}`);
  }
  if (Array.isArray(parsed)) {
    for (const cells of parsed) yield { cells };
    return;
  }
  const document = (parsed ?? {}) as { readonly [list: string]: unknown };
  for (const list of [...documentParts, "edges"]) {
    const values = Object.hasOwn(document, list) ? document[list] : undefined;
    if (Array.isArray(values)) for (const value of values) yield itemOf(list, value);
    else if (values !== undefined) throw wrongText(`json.${list}`, "must be a list");
    else if (list === "edges") throw noList();
  }
}

const noList = () => wrongText("json", "must be a list of rows, or have a list of edges");

function itemOf(list: string, value: unknown): SourceRow | SourcePart {
  return list === "edges" ? { cells: value as SourceRow["cells"] } : { part: list as DocumentPart, value };
}

/** No more is held than a piece, and one row that is not whole yet. */
async function* readPieces(pieces: AsyncIterable<string>): AsyncGenerator<SourceRow | SourcePart, void, undefined> {
  const { JSONParser } = await import("@streamparser/json");
  let items: (SourceRow | SourcePart)[] = [];
  let failure: Error | undefined;
  let hasEdges = false;
  const begin = (text: string) => {
    const isList = text.startsWith("[");
    if (!isList && !text.startsWith("{")) throw noList();
    hasEdges = isList;
    const paths = isList ? ["$.*"] : ["$.format", ...[...documentParts, "edges"].map((list) => `$.${list}.*`)];
    const parser = new JSONParser({ paths, keepStack: false });
    parser.onValue = ({ value, stack, key }) => {
      const list = isList ? "edges" : String(stack[1]?.key);
      // An export without relationships has an empty list, of which nothing is told.
      if (!isList && stack.length === 1) hasEdges ||= value === FORMAT;
      else if (typeof key !== "number") failure ??= wrongText(`json.${list}`, "must be a list");
      else items.push(itemOf(list, value));
      if (list === "edges") hasEdges = true;
    };
    parser.onError = (error) => {
      failure ??= wrongText("json", `is no JSON: ${error.message}`);
    };
    return parser;
  };
  let parser: ReturnType<typeof begin> | undefined;
  for await (const piece of pieces) {
    const text = parser ? piece : piece.replace(/^[\ufeff\s]+/, "");
    if (text === "") continue;
    parser ??= begin(text);
    parser.write(text);
    if (failure) throw failure;
    yield* items;
    items = [];
  }
  if (parser && !parser.isEnded) parser.end();
  if (failure) throw failure;
  if (!hasEdges) throw noList();
}

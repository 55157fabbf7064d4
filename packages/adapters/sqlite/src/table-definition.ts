/** The CREATE TABLE that SQLite keeps as the definition of a table: what it says of columns, and how it is amended. */

/** By column, the list of values that a check holds it to. */
export function listedValues(definition: string): ReadonlyMap<string, readonly string[]> {
  const lists = [...columnRanges(definition)].flatMap(([column, { start, end }]) => {
    const list = COLUMN.exec(definition.slice(start, end))?.[2];
    return list === undefined ? [] : [[column, unquotedTexts(list)] as const];
  });
  return new Map(lists);
}

/**
 * The definition with other rules for a column, or undefined when the column does not stand there as the SDK writes columns. Its
 * default stays: rows that are older than the column have their value from there.
 */
export function withRules(definition: string, column: string, rules: string): string | undefined {
  const range = columnRanges(definition).get(column);
  const kept = range && COLUMN.exec(definition.slice(range.start, range.end))?.[1];
  if (!kept) return undefined;
  return definition.slice(0, range.start) + (rules ? `${kept} ${rules}` : kept) + definition.slice(range.end);
}

/** The definition with null allowed in a column, or undefined when the column does not stand there as the SDK writes columns. */
export function withNull(definition: string, column: string): string | undefined {
  const range = columnRanges(definition).get(column);
  const kept = range && COLUMN.exec(definition.slice(range.start, range.end))?.[1];
  if (!kept) return undefined;
  const rules = definition.slice(range.start + kept.length, range.end).replace(/^ not null/, "");
  return definition.slice(0, range.start) + kept + rules + definition.slice(range.end);
}

export function withConstraint(definition: string, constraint: string): string {
  const end = definition.lastIndexOf(")");
  return `${definition.slice(0, end)}, ${constraint}${definition.slice(end)}`;
}

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[(),]/g;
const COLUMN_NAME = /^"((?:[^"]|"")*)" /;
/** First name, type and default; then the list, if the check is one of a list and not that of a boolean. */
const COLUMN =
  /^("(?:[^"]|"")*" \w+(?: default (?:'(?:[^']|'')*'|[^ ]+))?)(?: not null)?(?: constraint "(?:[^"]|"")*" check \("(?:[^"]|"")*" in \((?:0, 1|((?:'(?:[^']|'')*'(?:, )?)*))\)\))?$/;

interface Range {
  readonly start: number;
  readonly end: number;
}

/** From a column's name to before the comma or the parenthesis that ends it. */
function columnRanges(definition: string): ReadonlyMap<string, Range> {
  const ranges = new Map<string, Range>();
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of definition.matchAll(TOKEN)) {
    if (token === "(") depth++;
    if (token === ")") depth--;
    const isStart = token === "(" && depth === 1;
    const isEnd = (token === "," && depth === 1) || (token === ")" && depth === 0);
    if (isEnd) {
      const name = COLUMN_NAME.exec(definition.slice(start, index))?.[1];
      if (name !== undefined) ranges.set(name.replaceAll('""', '"'), { start, end: index });
    }
    if (isStart || isEnd) start = index + 1 + (definition[index + 1] === " " ? 1 : 0);
  }
  return ranges;
}

function unquotedTexts(list: string): readonly string[] {
  return [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = ""]) => text.replaceAll("''", "'"));
}

/** The CREATE TABLE that SQLite keeps as the definition of a table: what it says of columns, and how it is amended. */
import { quoteName } from "./quote.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

export function readDefinition(connection: SqliteConnection, table: string): string {
  const [[definition] = []] = connection.all("select sql from sqlite_schema where type = 'table' and name = ?", [
    table,
  ]);
  return String(definition);
}

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
  return amended(definition, column, () => (rules ? ` ${rules}` : ""));
}

/** The definition with null allowed in a column, or undefined when the column does not stand there as the SDK writes columns. */
export function withNull(definition: string, column: string): string | undefined {
  return amended(definition, column, (rules) => rules.replace(/^ not null/, ""));
}

/** The definition with null forbidden in a column, or undefined when the column does not stand there as the SDK writes columns. */
export function withNotNull(definition: string, column: string): string | undefined {
  return amended(definition, column, (rules) => ` not null${rules.replace(/^ not null/, "")}`);
}

/** `change` gets what follows a column's name, type and default. */
function amended(definition: string, column: string, change: (rules: string) => string): string | undefined {
  const range = columnRanges(definition).get(column);
  const kept = range && COLUMN.exec(definition.slice(range.start, range.end))?.[1];
  if (!kept) return undefined;
  const rules = change(definition.slice(range.start + kept.length, range.end));
  return definition.slice(0, range.start) + kept + rules + definition.slice(range.end);
}

/** SQLite renames tables and columns wherever a definition names them, but not in the names of constraints. */
export function withConstraintsRenamed(definition: string, rename: (name: string) => string): string {
  return definition.replace(/'(?:[^']|'')*'|constraint "((?:[^"]|"")*)"/gi, (found, name: string | undefined) =>
    name === undefined ? found : `constraint ${quoteName(rename(name.replaceAll('""', '"')))}`,
  );
}

/** The definition without the foreign keys of a column, or without those that refer to a table. */
export function withoutForeignKeys(
  definition: string,
  which: { readonly column: string } | { readonly target: string },
): string {
  let kept = definition;
  for (const { start, end } of [...ranges(definition)].reverse()) {
    const key = FOREIGN_KEY.exec(definition.slice(start, end));
    if (!key) continue;
    const [, column, target] = key.map((name) => name?.replaceAll('""', '"'));
    if ("column" in which ? column !== which.column : target !== which.target) continue;
    // The comma before it goes with it.
    kept = kept.slice(0, kept.lastIndexOf(",", start)) + kept.slice(end);
  }
  return kept;
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

const FOREIGN_KEY =
  /^(?:constraint "(?:[^"]|"")*" )?foreign key \((?:"tenant_id", )?"((?:[^"]|"")*)"\) references "((?:[^"]|"")*)" /i;

interface Range {
  readonly start: number;
  readonly end: number;
}

/** From a column's name to before the comma or the parenthesis that ends it. */
function columnRanges(definition: string): ReadonlyMap<string, Range> {
  const columns = new Map<string, Range>();
  for (const range of ranges(definition)) {
    const name = COLUMN_NAME.exec(definition.slice(range.start, range.end))?.[1];
    if (name !== undefined) columns.set(name.replaceAll('""', '"'), range);
  }
  return columns;
}

/** The columns and constraints, each from its first character to before the comma or the parenthesis that ends it. */
function ranges(definition: string): readonly Range[] {
  const found: Range[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of definition.matchAll(TOKEN)) {
    if (token === "(") depth++;
    if (token === ")") depth--;
    const isStart = token === "(" && depth === 1;
    const isEnd = (token === "," && depth === 1) || (token === ")" && depth === 0);
    if (isEnd) found.push({ start, end: index });
    if (isStart || isEnd) start = index + 1 + (definition[index + 1] === " " ? 1 : 0);
  }
  return found;
}

function unquotedTexts(list: string): readonly string[] {
  return [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = ""]) => text.replaceAll("''", "'"));
}

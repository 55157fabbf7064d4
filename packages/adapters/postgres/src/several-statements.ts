/** Whether a text has more than one statement: one behind another could end the transaction that they are in. */

/** What a semicolon may stand in without ending a statement, each passed over whole, and any other character. */
const PASSED_OVER =
  /--[^\n\r]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"]|"")*"|\b[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|(?<![\w$\u0080-\uffff])\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$|[^;]/gy;

/** When in doubt true: a comment within a comment hides nothing here. */
export function hasSeveralStatements(text: string): boolean {
  if (!text.includes(";")) return false;
  let end = 0;
  for (const match of text.matchAll(PASSED_OVER)) end = match.index + match[0].length;
  return /[^\s;]/.test(text.slice(end).replace(/--[^\n\r]*|\/\*[\s\S]*?\*\//g, ""));
}

/** For plugins that give out pages, drawings and lines of text: what comes from outside stands in them as text and as nothing else. */

/** What begins a new line, moves the cursor of a terminal, or turns the direction of what follows. */
const NOT_ON_A_LINE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** Text as it stands on one line of a terminal: a blank in place of control characters, line separators and bidirectional controls. */
export function onOneLine(text: string): string {
  return text.replace(NOT_ON_A_LINE, " ").trim();
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it stands in HTML, SVG and XML, and in a quoted attribute of any. What XML 1.0 (2.2, Char) does not allow is left out. */
export function escaped(text: string): string {
  const allowed = text.replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, "").replace(/\p{Cs}/gu, "\ufffd");
  return allowed.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/**
 * Text as it stands in a quoted label of a Mermaid chart, on one line: what is no letter, digit or harmless sign by its code, as quotes,
 * brackets, backticks, `#` and `<` mean something there, and so does what begins a list in Markdown.
 */
export function escapedMermaid(text: string): string {
  return onOneLine(text)
    .replace(/[^\p{L}\p{M}\p{N} .,:+\-/()%–≤≥]/gu, codeOf)
    .replace(/^[-+]|(?<=^\d+)[.)]/, codeOf);
}

function codeOf(character: string): string {
  return `#${character.codePointAt(0)};`;
}

export interface HtmlPage {
  readonly title: string;
  /** A language tag: "en". */
  readonly language: string;
  /** CSS. With its hash ("sha256-…") no other style applies, and none in an attribute; without it all of the page's do. */
  readonly style: string;
  readonly styleHash?: string;
  /** JavaScript and its hash ("sha256-…"); without it no script runs. */
  readonly script?: { readonly text: string; readonly hash: string };
  /** HTML in which all that comes from outside is escaped. */
  readonly body: string;
}

/** A page of HTML that needs nothing but itself: its Content-Security-Policy lets nothing load, and no script run but its own. */
export function htmlPage({ title, language, style, styleHash, script, body }: HtmlPage): string {
  const policy = [
    "default-src 'none'",
    `style-src '${styleHash ?? "unsafe-inline"}'`,
    ...(script ? [`script-src '${script.hash}'`] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
${script ? `<script>${script.text}</script>\n` : ""}</body>
</html>
`;
}

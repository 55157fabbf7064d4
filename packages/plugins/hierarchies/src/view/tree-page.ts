/** A hierarchy as a page of HTML that needs nothing but itself. */
import { escaped, htmlPage } from "@relata/core/markup";
import type { DrawnLine } from "./drawn-tree.ts";
import { pageScript, pageScriptHash } from "./page-script.ts";
import { pageStyle } from "./page-style.ts";

/** The words of the page that are not data. */
export interface PageWords {
  readonly account: string;
  readonly own: string;
  readonly total: string;
  readonly find: string;
  readonly openAll: string;
  readonly closeAll: string;
  readonly seeAbove: string;
  /** Before the instant that was read. */
  readonly asOf: string;
  /** What the button before a name is called for those who cannot see it. */
  readonly toggle: string;
}

export const englishWords: PageWords = {
  ...{ account: "Account", own: "own", total: "total", find: "Find", openAll: "Open all", closeAll: "Close all" },
  ...{ seeAbove: "see above", asOf: "as of", toggle: "Open or close" },
};

export interface PageNode {
  readonly name: string;
  readonly archived: boolean;
  /** For each figure, the account's own and the total. */
  readonly figures: readonly (readonly [own: string, total: string])[];
}

export interface TreePage {
  readonly title: string;
  /** What is said below the title. */
  readonly caption: string;
  /** A language tag: "en". */
  readonly language: string;
  readonly words: PageWords;
  readonly figures: readonly string[];
  readonly lines: readonly DrawnLine[];
  readonly nodeOf: (id: string) => PageNode;
}

/** At first so many rows are open at most, the top ones always. */
const MOST_OPEN = 300;

/**
 * One flat table, whose rows say how deep they are: any depth, and thousands of rows, are quick to read and to lay out. All that comes from
 * outside is escaped, and a Content-Security-Policy lets nothing run or load but the page's own script, known by its hash.
 */
export function treePage({ title, caption, language, words, figures, lines, nodeOf }: TreePage): string {
  const openDepth = openDepthOf(lines);
  const first = new Map<string, string>();
  const rows = lines.map((line, at) => {
    const href = first.get(line.id);
    if (href === undefined) first.set(line.id, `r${at}`);
    return rowOf(line, nodeOf(line.id), { id: `r${at}`, href, openDepth, words });
  });
  const body = `<h1>${escaped(title)}</h1>
<p>${escaped(caption)}</p>
<p class="tools"><label>${escaped(words.find)} <input type="search"></label><output></output>
<button type="button" name="open">${escaped(words.openAll)}</button>
<button type="button" name="close">${escaped(words.closeAll)}</button></p>
<table role="treegrid" aria-label="${escaped(title)}">
<thead>${headOf(figures, words)}</thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>`;
  const script = { text: pageScript, hash: pageScriptHash };
  return htmlPage({ title, language, style: pageStyle, script, body });
}

function headOf(figures: readonly string[], words: PageWords): string {
  const cells = figures.flatMap((figure) =>
    [words.own, words.total].map(
      (which) => `<th scope="col">${escaped(figure)}<br><small>${escaped(which)}</small></th>`,
    ),
  );
  return `<tr><th scope="col">${escaped(words.account)}</th>${cells.join("")}</tr>`;
}

interface Row {
  readonly id: string;
  /** Where the account is drawn in full, if not here. */
  readonly href: string | undefined;
  readonly openDepth: number;
  readonly words: PageWords;
}

function rowOf(line: DrawnLine, { name, archived, figures }: PageNode, { id, href, openDepth, words }: Row): string {
  const opens = line.hasBelow && !line.again;
  const expanded = opens ? ` aria-expanded="${line.depth < openDepth}"` : "";
  const hidden = line.depth > openDepth ? " hidden" : "";
  const above = href === undefined ? "" : ` <small><a href="#${href}">${escaped(words.seeAbove)}</a></small>`;
  const label = line.label === "" ? "" : ` <small>${escaped(line.label)}</small>`;
  const shown = archived ? `<s><bdi>${escaped(name)}</bdi></s>` : `<bdi>${escaped(name)}</bdi>`;
  const cells = figures.map(([own, total]) => `<td>${escaped(own)}</td><td>${escaped(total)}</td>`);
  const button = `<button type="button" tabindex="-1" aria-label="${escaped(words.toggle)}">▸</button>`;
  return `<tr id="${id}" aria-level="${line.depth + 1}"${expanded} tabindex="-1"${hidden}><th scope="row" style="--depth:${line.depth}">${button}${shown}${label}${above}</th>${cells.join("")}</tr>`;
}

/** The deepest level that can be open with all above it. */
function openDepthOf(lines: readonly DrawnLine[]): number {
  const counts: number[] = [];
  for (const { depth } of lines) counts[depth] = (counts[depth] ?? 0) + 1;
  let [depth, shown] = [0, counts[0] ?? 0];
  while (depth + 1 < counts.length && shown + counts[depth + 1]! <= MOST_OPEN) {
    depth += 1;
    shown += counts[depth]!;
  }
  return depth;
}

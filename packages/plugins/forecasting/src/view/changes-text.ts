/** Changes as text: a table, and a waterfall of blocks beside it. */
import { onOneLine } from "@relata/core/markup";
import { figureWriter, unitsOf } from "./drawn-figure.ts";
import { textTable } from "./text-table.ts";
import { instantText, nameOf, type ViewWords } from "./view-words.ts";
import { type DrawnChanges, waterfallBars } from "./waterfall-bars.ts";

/** How many characters the bars may be long. */
const LENGTH = 40;

export function changesText(changes: DrawnChanges, locale: string, words: ViewWords): string {
  const { from, to, opening, closing, bars } = changes;
  const units = unitsOf([opening, closing, ...bars.map(({ figure }) => figure)]);
  const writer = figureWriter(locale, units);
  const count = new Intl.NumberFormat(locale);
  // Blocks of several currencies have no common length.
  const blocks = units.length === 1 ? blocksOf(changes) : new Map<string, string>();
  const row = (kind: string, figure: string, number: string) => [
    ...[onOneLine(nameOf(kind, words)), figure, number, blocks.get(kind) ?? ""],
  ];
  const moved = bars.filter(({ opportunities }) => opportunities.length > 0);
  const rows = [
    row("opening", writer.write(opening), ""),
    ...moved.map(({ kind, figure, opportunities }) =>
      row(kind, writer.writeChange(figure), count.format(opportunities.length)),
    ),
    row("closing", writer.write(closing), ""),
  ];
  const title = [words.changes, writer.unit].filter((part) => part !== "").join(" ");
  const head = [words.change, words.amount, words.opportunities, ""].map(onOneLine);
  return `${title}, ${instantText(from)} – ${instantText(to)}\n\n${textTable(head, rows, [0, 3])}`;
}

function blocksOf(changes: DrawnChanges): ReadonlyMap<string, string> {
  const bars = waterfallBars(changes)[0]?.bars ?? [];
  const ends = bars.flatMap(({ from, to }) => [from, to]);
  const least = Math.min(0, ...ends);
  const most = Math.max(0, ...ends);
  const place = (amount: number) => (most === least ? 0 : Math.round(((amount - least) / (most - least)) * LENGTH));
  return new Map(
    bars.map(({ kind, from, to, count }) => {
      const [start, end] = [place(Math.min(from, to)), place(Math.max(from, to))];
      const block = count === null ? "█" : to < from ? "░" : "▓";
      return [kind, " ".repeat(start) + block.repeat(Math.max(end - start, from === to ? 0 : 1))];
    }),
  );
}

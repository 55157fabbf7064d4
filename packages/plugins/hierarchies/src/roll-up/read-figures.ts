/** The figures of a roll-up as they are read, and their values at each account. */
import type { AnyRepository } from "@relata/core/plugin";
import { addUp, type Group, type Tally } from "./add-up.ts";
import type { AskedFigures } from "./ask-figures.ts";
import { type Asked, extremeFigure, type Figure, type RateOf, sumFigure } from "./figure.ts";
import type { FigureValue } from "./measures.ts";
import { extremesOf, latestOf, type Rows, readLatest, readSums, sumsOf } from "./own-figures.ts";
import { conditionOf } from "./reference-path.ts";

/** What the database has answered: to all measures together, and to each that is the latest. */
export interface Read {
  readonly sums: Rows;
  readonly latest: ReadonlyMap<Asked, Rows>;
}

/** Which accounts the records belong to, as a condition on the reference; and whether they are kept apart. */
export interface Wanted {
  readonly accounts: unknown;
  readonly byAccount: boolean;
}

export async function readFigures(
  repository: AnyRepository,
  { path, where, archived, measures }: AskedFigures,
  { accounts, byAccount }: Wanted,
): Promise<Read> {
  const query = { path, where: { and: [conditionOf(path, accounts), where] }, archived, byAccount };
  const sums = await readSums(repository, query, measures);
  const latest = new Map<Asked, Rows>();
  for (const measure of measures) {
    if (measure.fn === "latest") latest.set(measure, await readLatest(repository, query, measure));
  }
  return { sums, latest };
}

/** How own figures become totals. */
export interface Totalling {
  readonly ratesTo: (currency: string | undefined) => RateOf;
  readonly group: Group;
  readonly weighted: boolean;
}

/** The values of one measure. Where accounts are not kept apart, the name of all of them is empty. */
export interface Values {
  own(id: string): FigureValue;
  total(id: string): FigureValue;
}

export function valuesOf(asked: Asked, read: Read, { ratesTo, group, weighted }: Totalling): Values {
  if (asked.fn === "count" || asked.fn === "sum")
    return valuesBy(sumFigure(asked, { rateOf: ratesTo(asked.in), weighted }), sumsOf(read.sums, asked), group);
  const figure = extremeFigure(asked);
  const latest = read.latest.get(asked);
  const own = latest ? latestOf(latest, asked, figure.merge) : extremesOf(read.sums, asked, figure.merge);
  return valuesBy(figure, own, group);
}

function valuesBy<P>(figure: Figure<P>, own: ReadonlyMap<string, Tally<P>>, group: Group): Values {
  const totals = addUp(group, own, figure);
  return { own: (id) => figure.finish(own.get(id)), total: (id) => figure.finish(totals.get(id)) };
}

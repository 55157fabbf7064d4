/** Members' cards as a page of HTML that needs nothing but itself, to be printed. */
import { escaped, htmlPage } from "@relata/core/markup";
import type { MembershipCard } from "./card.ts";

/** The words of a card that are not data. */
export interface CardWords {
  readonly title: string;
  readonly number: string;
  readonly memberSince: string;
  readonly validUntil: string;
  /** In place of a last day. */
  readonly forLife: string;
  /** Before the household or organisation. */
  readonly through: string;
}

export const englishCardWords: CardWords = {
  ...{ title: "Membership card", number: "No.", memberSince: "Member since", validUntil: "Valid until" },
  ...{ forLife: "for life", through: "through" },
};

export interface CardPageOptions {
  /** A language tag; "en" unless given. */
  readonly language?: string;
  readonly words?: Partial<CardWords>;
  /** A day as it is to be read; as it is, "YYYY-MM-DD", unless given. */
  readonly formatDay?: (day: string) => string;
}

/** The size of a bank card: ISO/IEC 7810, ID-1. */
export const cardStyle = `
:root { color-scheme: light; font: 10pt/1.3 system-ui, sans-serif; }
body { margin: 10mm; display: flex; flex-wrap: wrap; gap: 5mm; }
article { box-sizing: border-box; width: 85.6mm; height: 53.98mm; padding: 5mm; border: .2mm solid #888; border-radius: 3.18mm; display: flex; flex-direction: column; overflow: hidden; break-inside: avoid; }
header { display: flex; justify-content: space-between; gap: 3mm; font-size: 9pt; }
h2 { margin: auto 0 0; font-size: 14pt; line-height: 1.15; overflow-wrap: anywhere; }
p { margin: 0 0 auto; font-size: 9pt; }
dl { display: flex; justify-content: space-between; gap: 3mm; margin: 0; font-size: 8pt; }
dt { color: #555; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
@page { margin: 10mm; }
@media print { body { margin: 0; } }
`;

/** The SHA-256 of the style, as a Content-Security-Policy names it. */
export const cardStyleHash = "sha256-CjAUKjToqVep9rHhtwyKO9Bi9hDSqUzjC3VKSoFqyzs=";

/** All that comes from outside is escaped, and a Content-Security-Policy lets nothing run or load but the page's own style, known by its hash. */
export function cardPage(
  cards: readonly MembershipCard[],
  { language = "en", words: given = {}, formatDay = (day) => day }: CardPageOptions = {},
): string {
  const words = { ...englishCardWords, ...given };
  const body = cards.map((card) => cardOf(card, words, formatDay)).join("\n");
  return htmlPage({ title: words.title, language, style: cardStyle, styleHash: cardStyleHash, body });
}

function cardOf(card: MembershipCard, words: CardWords, formatDay: (day: string) => string): string {
  const { program, level, name, through, number, memberSince, validUntil } = card;
  const fact = (term: string, value: string) =>
    `<div><dt>${escaped(term)}</dt><dd><bdi>${escaped(value)}</bdi></dd></div>`;
  const facts = [
    ...(number === null ? [] : [fact(words.number, number)]),
    ...(memberSince === null ? [] : [fact(words.memberSince, formatDay(memberSince))]),
    fact(words.validUntil, validUntil === null ? words.forLife : formatDay(validUntil)),
  ];
  const by = through === null ? "" : `${escaped(words.through)} <bdi>${escaped(through)}</bdi>`;
  return `<article>
<header><bdi>${escaped(program)}</bdi><bdi>${escaped(level)}</bdi></header>
<h2><bdi>${escaped(name)}</bdi></h2>
<p>${by}</p>
<dl>${facts.join("")}</dl>
</article>`;
}

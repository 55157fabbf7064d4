/** Random texts and numbers in many scripts, against a plain reading of the rules. */
import { compareText } from "@relata/core/adapter";
import * as fc from "fast-check";
import { expect } from "vitest";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { openDirectory } from "./directory-crm.ts";

/** As it is written, and as it is compared. */
const letters: readonly (readonly [written: string, folded: string])[] = [
  ["a", "a"],
  ["A", "a"],
  ["á", "a"],
  ["s", "s"],
  ["ß", "ss"],
  ["ё", "е"],
  ["Е", "е"],
  ["王", "王"],
  ["明", "明"],
  ["ｶﾞ", "ガ"],
  ["ガ", "ガ"],
  ["カ", "カ"],
  ["กี", "กี"],
  ["ก", "ก"],
  ["\u1100\u1161", "가"],
  ["😀", "😀"],
];
const signs = ["1", "1", "1", "1", "4", "0", "(0)", "-", "+"];

interface Written {
  readonly text: string;
  readonly folded: string;
}

/** Short ones are found often. */
const lengths = fc.constantFrom(1, 1, 2, 3).chain((length) => {
  return fc.array(fc.constantFrom(...letters), { minLength: length, maxLength: length });
});
const word = lengths.map(
  (units): Written => ({
    text: units.map(([written]) => written).join(""),
    folded: units.map(([, folded]) => folded).join(""),
  }),
);
const words = (least: number, most: number) =>
  fc.array(word, { minLength: least, maxLength: most }).map((all): Written & { readonly words: readonly string[] } => ({
    text: all.map(({ text }) => text).join(" "),
    folded: all.map(({ folded }) => folded).join(" "),
    words: all.map(({ folded }) => folded),
  }));
/** Few digits, so that numbers meet. */
const phone = (most: number) =>
  fc.array(fc.constantFrom(...signs, " "), { minLength: 4, maxLength: most }).map((all): Written => {
    const text = all.join("").trim();
    const digits = text.replaceAll("(0)", "").replaceAll(/[^0-9]/g, "");
    return { text, folded: digits.replace(/^0+/, "") };
  });

interface Entry {
  readonly entity: "firm" | "person";
  readonly id: string;
  readonly title: string | null;
  /** Field and folded text, in the order in which they are told. */
  readonly texts: (readonly [field: string, folded: string])[];
  readonly phones: (readonly [field: string, folded: string])[];
}

interface Asked {
  readonly words: readonly string[];
  readonly phone: string | undefined;
  readonly whole: string;
}

/** The place in the list of ranks; undefined when it is not found. */
function rankOf({ texts, phones }: Entry, { words, phone, whole }: Asked): number | undefined {
  const inText = (holds: (text: string) => boolean) => texts.some(([, text]) => holds(text));
  const inPhone = (holds: (digits: string) => boolean) => phones.some(([, digits]) => holds(digits));
  const same = (digits: string) => isSame(digits, phone!);
  const found =
    words.every((each) => inText((text) => text.includes(each))) &&
    (phone === undefined || inPhone((digits) => same(digits) || digits.includes(phone)));
  if (!found) return undefined;
  const alone = words.length === 0;
  if (alone ? inPhone(same) : inText((text) => text === whole)) return 0;
  if (alone ? inPhone((digits) => digits.endsWith(phone!)) : inText((text) => text.startsWith(whole))) return 1;
  return !alone && inText((text) => text.includes(` ${whole}`)) ? 2 : 3;
}

function isSame(digits: string, phone: string): boolean {
  const national = [1, 2, 3].map((dropped) => phone.slice(dropped).replace(/^0+/, ""));
  return digits === phone || national.some((each) => each.length >= 7 && each === digits);
}

function matchedIn({ texts, phones }: Entry, { words, phone }: Asked): readonly string[] {
  return [
    ...texts.filter(([, text]) => words.some((each) => text.includes(each))),
    ...phones.filter(([, digits]) => phone !== undefined && (digits.includes(phone) || isSame(digits, phone))),
  ].map(([field]) => field);
}

/** Fills a directory by the seed; gives what is in it. */
async function fill(bench: CrmBench, seed: number, size: number) {
  const crm = await openDirectory(await bench.options());
  const some = <T>(from: fc.Arbitrary<T>, salt: number) => fc.sample(from, { seed: seed * 100 + salt, numRuns: size });
  const [first, second] = [some(words(1, 3), 1), some(fc.option(words(1, 2)), 2)];
  const [third, fourth] = [some(fc.option(words(1, 3)), 3), some(fc.option(words(1, 2)), 4)];
  const firms = await crm.firms.createMany(first.map(({ text }, i) => ({ name: text, city: second[i]?.text ?? null })));
  const people = await crm.people.createMany(
    third.map((name, i) => ({ name: name?.text ?? null, alias: fourth[i]?.text ?? null })),
  );
  const folded = (field: string, written: Written | null): Entry["texts"] => {
    return written ? [[field, written.folded]] : [];
  };
  const entries: Entry[] = [
    ...firms.map(({ id }, i): Entry => {
      const texts = [...folded("name", first[i]!), ...folded("city", second[i]!)];
      return { entity: "firm", id, title: first[i]!.folded, texts, phones: [] };
    }),
    ...people.map(({ id }, i): Entry => {
      const texts = [...folded("name", third[i]!), ...folded("alias", fourth[i]!)];
      return { entity: "person", id, title: third[i]?.folded ?? null, texts, phones: [] };
    }),
  ];
  const owners = some(fc.nat(entries.length - 1), 5);
  const addresses = some(words(1, 2), 6);
  await crm.mailboxes.createMany(
    addresses.map(({ text, folded }, i) => {
      const { entity, id, texts } = entries[owners[i]!]!;
      texts.push(["mailboxes.address", folded]);
      return { address: text, [`${entity}Id`]: id };
    }),
  );
  const callees = some(fc.nat(people.length - 1), 7);
  await crm.lines.createMany(
    some(phone(14), 8).map(({ text, folded }, i) => {
      const { id } = people[callees[i]!]!;
      entries.find((entry) => entry.id === id)!.phones.push(["lines.number", folded]);
      return { number: text, personId: id };
    }),
  );
  return { crm, entries };
}

const ranks = ["equal", "begins", "word", "part"];

async function compare(bench: CrmBench, { seed, size, asked }: Record<"seed" | "size" | "asked", number>) {
  const { crm, entries } = await fill(bench, seed, size);
  const questions = fc.sample(fc.tuple(words(0, 2), fc.option(phone(7), { freq: 2 }), fc.constantFrom(3, 20, 1_000)), {
    seed,
    numRuns: asked,
  });
  const seen: Record<string, number> = {};
  for (const [typed, number, limit] of questions) {
    const called = number && number.folded.length >= 4 ? number : undefined;
    const text = [typed.text, called?.text ?? ""].join(" ");
    const question = { words: typed.words, phone: called?.folded, whole: typed.folded };
    // Of words and a number together, no field is equal to the whole.
    const whole = called && typed.words.length > 0 ? "\0" : typed.folded;
    const found = entries.flatMap((entry) => {
      const rank = text.trim() === "" ? undefined : rankOf(entry, { ...question, whole });
      return rank === undefined ? [] : [{ ...entry, rank, matched: matchedIn(entry, question) }];
    });
    found.sort(
      (a, b) =>
        a.rank - b.rank ||
        (a.title === null || b.title === null
          ? Number(a.title === null) - Number(b.title === null)
          : compareText(a.title, b.title)) ||
        compareText(a.entity, b.entity) ||
        compareText(a.id, b.id),
    );
    const expected = found
      .slice(0, limit)
      .map(({ entity, id, rank, matched }) => ({ entity, id, rank: ranks[rank], matched }));
    const hits = await crm.search(text, { entities: ["firm", "person"], limit });
    const given = hits.map(({ entity, id, rank, matched }) => {
      return { entity, id, rank, matched: matched.map(({ field }) => field) };
    });
    expect([seed, text, given]).toEqual([seed, text, expected]);
    const kind = typed.words.length === 0 ? "number" : called ? "both" : "words";
    for (const { rank } of given) seen[`${kind} ${rank}`] = (seen[`${kind} ${rank}`] ?? 0) + 1;
  }
  return seen;
}

export const searchRandom: CrmSuite = {
  name: "search as its rules say",
  facts: [
    crmFact("among few records, for random texts and numbers in many scripts (seeds 1 to 3)", async (bench) => {
      for (const seed of [1, 2, 3]) expectAllRanks(await compare(bench, { seed, size: 60, asked: 120 }));
    }),
    crmFact("among many records (seed 4)", async (bench) => {
      expectAllRanks(await compare(bench, { seed: 4, size: 900, asked: 60 }));
    }),
  ],
};

/** The questions have asked for everything. */
function expectAllRanks(seen: Record<string, number>): void {
  const alone = ranks.flatMap((rank) => [`words ${rank}`, ...(rank === "word" ? [] : [`number ${rank}`])]);
  for (const kind of [...alone, "both part"]) expect([kind, (seen[kind] ?? 0) > 0]).toEqual([kind, true]);
}

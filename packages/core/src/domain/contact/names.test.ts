import { describe, expect, it } from "vitest";
import { contactDisplay, fullNameOf, type NameParts, sortingNameOf } from "./names.ts";

/** What is written, then: in full, in an alphabetical list, informally. */
const examples: readonly (readonly [string, NameParts, string, string, string])[] = [
  ["English", { givenName: "Ann", familyName: "Roe" }, "Ann Roe", "Roe, Ann", "Ann"],
  [
    "with a middle name, a title and a degree",
    { honorific: "Dr.", givenName: "John", middleName: "Q.", familyName: "Smith", suffix: "PhD" },
    "Dr. John Q. Smith, PhD",
    "Smith, John Q.",
    "John",
  ],
  [
    "of a generation",
    { givenName: "Martin", familyName: "King", suffix: "Jr." },
    "Martin King Jr.",
    "King, Martin",
    "Martin",
  ],
  [
    "a third one",
    { givenName: "Thurston", familyName: "Howell", suffix: "III" },
    "Thurston Howell III",
    "Howell, Thurston",
    "Thurston",
  ],
  [
    "Spanish, with two family names",
    { honorific: "Sra.", givenName: "Ana María", familyName: "García", secondFamilyName: "Pérez" },
    "Sra. Ana María García Pérez",
    "García Pérez, Ana María",
    "Ana María",
  ],
  ["Chinese", { familyName: "王", givenName: "小明" }, "王小明", "王小明", "王小明"],
  [
    "Chinese, with a title",
    { familyName: "王", givenName: "小明", honorific: "先生" },
    "王小明先生",
    "王小明",
    "王小明",
  ],
  [
    "Chinese, with a Latin title",
    { familyName: "王", givenName: "小明", honorific: "Dr." },
    "Dr. 王小明",
    "王小明",
    "王小明",
  ],
  [
    "Chinese, in Latin script",
    { familyName: "Wang", givenName: "Xiaoming" },
    "Xiaoming Wang",
    "Wang, Xiaoming",
    "Xiaoming",
  ],
  [
    "Chinese, in Latin script, in its order",
    { familyName: "Wang", givenName: "Xiaoming", nameOrder: "family_first" },
    "Wang Xiaoming",
    "Wang Xiaoming",
    "Xiaoming",
  ],
  ["Japanese", { familyName: "山田", givenName: "太郎", honorific: "様" }, "山田太郎様", "山田太郎", "山田太郎"],
  ["Japanese, in kana", { familyName: "さとう", givenName: "マリー" }, "さとうマリー", "さとうマリー", "さとうマリー"],
  ["Japanese, with an iteration mark", { familyName: "佐々木", givenName: "希" }, "佐々木希", "佐々木希", "佐々木希"],
  ["Korean", { familyName: "김", givenName: "철수" }, "김철수", "김철수", "김철수"],
  [
    "Korean, with a title",
    { familyName: "김", givenName: "철수", honorific: "박사" },
    "김철수 박사",
    "김철수",
    "김철수",
  ],
  ["Thai", { givenName: "สมชาย", familyName: "ใจดี" }, "สมชาย ใจดี", "สมชาย ใจดี", "สมชาย"],
  [
    "Thai, with a title",
    { givenName: "สมชาย", familyName: "ใจดี", honorific: "คุณ" },
    "คุณสมชาย ใจดี",
    "สมชาย ใจดี",
    "สมชาย",
  ],
  [
    "Hungarian",
    { givenName: "Anna", familyName: "Nagy", honorific: "Dr.", preferredLanguage: "hu" },
    "Dr. Nagy Anna",
    "Nagy Anna",
    "Anna",
  ],
  ["Hungarian, with no language", { givenName: "Anna", familyName: "Nagy" }, "Anna Nagy", "Nagy, Anna", "Anna"],
  [
    "Vietnamese",
    { givenName: "An", middleName: "Văn", familyName: "Nguyễn", preferredLanguage: "vi-VN" },
    "Nguyễn Văn An",
    "Nguyễn Văn An",
    "An",
  ],
  [
    "Icelandic",
    { givenName: "Björk", familyName: "Guðmundsdóttir", preferredLanguage: "is" },
    "Björk Guðmundsdóttir",
    "Björk Guðmundsdóttir",
    "Björk",
  ],
  ["a given name alone", { givenName: "Suharto" }, "Suharto", "Suharto", "Suharto"],
  ["a family name alone", { familyName: "Roe", honorific: "Ms" }, "Ms Roe", "Roe", "Roe"],
  ["two scripts", { familyName: "王", givenName: "Peter" }, "Peter 王", "王, Peter", "Peter"],
  [
    "an order that is said",
    { familyName: "山田", givenName: "太郎", nameOrder: "given_first" },
    "太郎 山田",
    "山田, 太郎",
    "太郎 山田",
  ],
];

describe("names", () => {
  it.each(examples)("%s", (...[, parts, full, sort, informal]) => {
    expect(contactDisplay(parts)).toBe(full);
    expect(contactDisplay(parts, { form: "sort" })).toBe(sort);
    expect(contactDisplay(parts, { form: "informal" })).toBe(informal);
  });

  it("of a contact that has none are the e-mail address, else the phone number, else nothing", () => {
    expect(contactDisplay({ email: "a@b.test", phone: "1" })).toBe("a@b.test");
    expect(contactDisplay({ phone: "1" })).toBe("1");
    expect(contactDisplay({})).toBe("");
  });

  it("are none for an honorific, a suffix or a middle name alone", () => {
    expect(fullNameOf({ honorific: "Dr.", suffix: "PhD" })).toBeUndefined();
    expect(fullNameOf({ middleName: "Q." })).toBeUndefined();
    expect(fullNameOf({ givenName: "", familyName: "" })).toBeUndefined();
  });

  it("are sorted by family name and given name, by their readings where there are any", () => {
    expect(sortingNameOf({ givenName: "Ann", familyName: "Roe" })).toEqual({ first: "Roe", second: "Ann" });
    const yamada = { familyName: "山田", givenName: "太郎", familyNameReading: "やまだ", givenNameReading: "たろう" };
    expect(sortingNameOf(yamada)).toEqual({ first: "やまだ", second: "たろう" });
    expect(sortingNameOf({ givenName: "สมชาย", familyName: "ใจดี" })).toEqual({ first: "สมชาย", second: "ใจดี" });
    expect(sortingNameOf({ givenName: "Suharto" })).toEqual({ first: "Suharto", second: "" });
    expect(sortingNameOf({})).toEqual({ first: "", second: "" });
  });
});

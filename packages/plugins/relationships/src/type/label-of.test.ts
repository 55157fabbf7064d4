import { describe, expect, it } from "vitest";
import { marriage, onEveryStorage, parenthood, thingsOf } from "../relationships-fixture.ts";
import { genderOf } from "./gender.ts";
import { labelOf } from "./label-of.ts";

describe("the words for an end", () => {
  const parent = { shape: "paired" as const, ...parenthood, variants: [...parenthood.variants] };

  it("are those of the gender and of the nearest language", () => {
    expect(labelOf(parent, "from")).toEqual({ name: "parent of", role: "parent" });
    expect(labelOf(parent, "from", { gender: "female" })).toEqual({ name: "mother of", role: "mother" });
    expect(labelOf(parent, "to", { gender: "male", language: "de" })).toEqual({ name: "son of", role: "son" });
    expect(labelOf(parent, "from", { gender: "female", language: "pt-BR" })).toEqual({ name: "mãe de", role: "mãe" });
    expect(labelOf(parent, "from", { gender: "other", language: "PT" })).toEqual({
      name: "progenitor de",
      role: "parent",
    });
    expect(labelOf(parent, "to", { gender: "female", language: "pt" })).toEqual({
      name: "daughter of",
      role: "daughter",
    });
  });

  it("are alike at both ends of a symmetric type", () => {
    const spouse = {
      ...marriage,
      toRole: null,
      inverseName: null,
      variants: [{ end: "from" as const, gender: "female", name: "wife of" }],
    };
    expect(labelOf(spouse, "to", { gender: "female" })).toEqual({ name: "wife of", role: "spouse" });
  });

  it("follow from how a person is addressed, where their gender is not said", () => {
    expect(["Mr.", "Mrs", "Dr.", "Frau", null].map((honorific) => genderOf({ honorific }))).toEqual([
      "male",
      "female",
      undefined,
      "female",
      undefined,
    ]);
    expect(genderOf({ honorific: "Mr.", gender: "female" })).toBe("female");
  });
});

onEveryStorage((open) => {
  it("describe an edge from each of its sides", async () => {
    const crm = await open();
    const { thing } = await thingsOf(crm, "Maria, João, Acme Ltd");
    await crm.contacts.update(thing.Maria!.id, { gender: "female" });
    await crm.contacts.update(thing.João!.id, { honorific: "Sr" });
    const { id } = await crm.relationships.relate({ type: "parent", from: thing.Maria!, to: thing.João! });
    const { id: mention } = await crm.relationships.relate({ type: "mention", from: thing.Maria!, to: thing.Acme! });
    const text = async (query: object) => (await crm.relationships.describe([id], query))[0]!.text;
    expect(await text({})).toBe("Maria: mother of Sr João");
    expect(await text({ near: thing.João! })).toBe("Sr João: son of Maria");
    expect(await text({ near: thing.João!, language: "pt-PT" })).toBe("Sr João: filho de Maria");
    expect((await crm.relationships.describe([mention], { near: thing.Acme! }))[0]).toEqual({
      id: mention,
      near: { ...thing.Acme!, name: "Acme Ltd", role: null },
      far: { ...thing.Maria!, name: "Maria", role: "source" },
      name: null,
      text: "Maria: source about Acme Ltd",
    });
  });
});

import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { openCrm, refusal, thingsOf } from "../relationships-fixture.ts";
import { pageStyle, pageStyleHash } from "./page-style.ts";

const attack = `</text></svg></title><script>top.attacked = 1</script><img src="https://e.example/x.png" onerror="alert('1')">`;

it("applies no other style than the page's own, whose hash its policy names", () => {
  expect(`sha256-${createHash("sha256").update(pageStyle).digest("base64")}`).toBe(pageStyleHash);
});

it("draws the same neighbourhood in the same way, with the same facts in a table, as of a day and an instant", async () => {
  const crm = await openCrm();
  const { thing } = await thingsOf(crm, `Anna, Ben, Acme Ltd, ${attack} Ltd`);
  const evil = thing[attack]!;
  await crm.relationships.relateMany([
    {
      type: "employment",
      from: thing.Anna!,
      to: thing.Acme!,
      validFrom: "2018-12-31",
      validFromIs: "at_latest",
      strength: "0.25",
    },
    { type: "acquaintance", from: thing.Anna!, to: thing.Ben!, validUntil: "2020-12-31", validUntilIs: "about" },
    { type: "ownership", from: thing.Anna!, to: evil, attributes: { share: "1" } },
  ]);
  const page = await crm.relationships.drawNeighbourhood(thing.Anna!, { on: "2020-01-01" });
  expect(await crm.relationships.drawNeighbourhood(thing.Anna!, { on: "2020-01-01" })).toBe(page);
  expect(page).toContain(`default-src 'none'; style-src '${pageStyleHash}'; base-uri 'none'`);
  expect(page).not.toMatch(/<script|<img| style=|javascript:/);
  expect(page).toContain("<h1>Relationships of Anna</h1>\n<p>on 2020-01-01, as of 2026-06-15 12:00 UTC</p>");
  expect(page).toContain(
    '<tr><th scope="row"><bdi>Anna</bdi></th><td><bdi>employee of</bdi></td><td><bdi>Acme Ltd</bdi></td><td><bdi>≤ 2018-12-31</bdi></td><td><bdi></bdi></td><td><bdi>0.25</bdi></td></tr>',
  );
  expect(page.match(/<line /g)).toHaveLength(3);
  expect(page.match(/marker-end/g)).toHaveLength(2);

  const later = await crm.relationships.drawNeighbourhood(thing.Anna!, {
    ...{
      on: null,
      types: ["employment"],
      title: "<Netz>",
      language: "de",
      words: { onAnyDay: "an jedem Tag", asOf: "Stand" },
    },
  });
  expect(later).toContain('<html lang="de">');
  expect(later).toContain("<h1>&lt;Netz&gt;</h1>\n<p>an jedem Tag, Stand 2026");
  expect(later.match(/<line /g)).toHaveLength(1);
  const none = await crm.relationships.drawNeighbourhood(thing.Ben!, { on: "2021-01-01" });
  expect(none).toContain("There are no relationships.");
  await crm.contacts.update(thing.Anna!.id, { gender: "female" });
  await crm.relationships.relate({ type: "parent", from: thing.Anna!, to: thing.Ben! });
  expect(await crm.relationships.drawNeighbourhood(thing.Ben!)).toContain("<bdi>mother of</bdi>");
  expect(await crm.relationships.drawNeighbourhood(thing.Ben!, { language: "pt-BR" })).toContain("<bdi>mãe de</bdi>");
  const before = crm.asOf(new Date(Date.UTC(2026, 5, 14)));
  expect((await refusal(before.relationships.drawNeighbourhood(thing.Anna!))).code).toBe("not_found");
  const error = await refusal(crm.relationships.drawNeighbourhood(thing.Anna!, { language: "no language" }));
  expect(error).toMatchObject({ code: "invalid_input", details: { field: "language" } });
});

import { createHash } from "node:crypto";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it } from "vitest";
import { onEveryStorage, refusal, societyOf } from "../standing-memberships-fixture.ts";
import type { MembershipCard } from "./card.ts";
import { cardPage, cardStyle, cardStyleHash } from "./card-page.ts";

const storages = {
  memory: () => memory(),
  sqlite: () => sqlite({ filename: ":memory:" }),
  postgres: leasedSchemas(postgres),
};

onEveryStorage(storages, (open) => {
  it("has what a card needs, of the member and of somebody through it", async () => {
    const crm = await open();
    const { programId, levelIds } = await societyOf(crm, [{ key: "family", memberKind: "household", maxInherited: 1 }]);
    await crm.membershipPrograms.update(programId, { numberFormat: "{number:6}" });
    const { id: accountId } = await crm.accounts.create({ name: "Silva household", kind: "household" });
    const membershipId = await crm.memberships.stand({
      accountId,
      terms: [{ levelId: levelIds[0]!, from: "2025-01-01", to: "2026-12-31" }],
    });
    const people = await crm.contacts.createMany([
      { givenName: "Anna", familyName: "Silva", honorific: "Dr." },
      { givenName: "Ben", familyName: "Silva" },
    ]);
    const [anna, ben] = people.map(({ id }) => id) as [string, string];
    const household = { accountId, kind: "household" as const };
    await crm.affiliations.create({ ...household, contactId: anna, validFrom: "2025-06-01", validUntil: "2026-09-30" });
    await crm.affiliations.create({ ...household, contactId: ben, validFrom: "2025-07-01" });
    const on = "2026-03-01";
    const shared = { membershipId, program: "Society", level: "family", number: "000001", status: "current", on };
    expect(await crm.memberships.card(membershipId, { on })).toEqual({
      ...{ ...shared, name: "Silva household", through: null, memberSince: "2025-01-01", validUntil: "2026-12-31" },
    });
    expect(await crm.memberships.card(membershipId, { on, contactId: anna })).toEqual({
      ...{ ...shared, name: "Dr. Anna Silva", through: "Silva household" },
      ...{ memberSince: "2025-06-01", validUntil: "2026-09-30" },
    });
    expect(await refusal(crm.memberships.card(membershipId, { on, contactId: ben }))).toMatchObject({
      code: "no_card",
      message: `Membership ${membershipId} gives no card on ${on}: no_seat.`,
    });
    expect(await refusal(crm.memberships.card(membershipId, { on: "2027-02-01" }))).toMatchObject({
      details: { reason: "expired" },
    });
    expect(await refusal(crm.memberships.card(crypto.randomUUID(), { on }))).toMatchObject({ code: "not_found" });
    expect(await refusal(crm.memberships.cardPage([], { on }))).toMatchObject({ code: "invalid_input" });
    for (const options of [{ words: { title: 3 } }, { words: { tilte: "x" } }, { formatDay: "x" }, null])
      expect(await refusal(crm.memberships.cardPage([{ membershipId }], options as never))).toMatchObject({
        code: "invalid_input",
      });
    const page = await crm.memberships.cardPage([{ membershipId }, { membershipId, contactId: anna }], { on });
    expect(page.match(/<article>/g)).toHaveLength(2);
  });
});

describe("the page of cards", () => {
  const card: MembershipCard = {
    ...{ membershipId: "m", program: "Friends & <Co>", level: "gold", status: "current", on: "2026-03-01" },
    ...{
      name: `<script>alert("x")</script>`,
      through: "O'Hara",
      number: "7",
      memberSince: "2025-01-01",
      validUntil: null,
    },
  };

  it("escapes all that comes from outside, and lets nothing load but its own style", () => {
    const page = cardPage([card], { language: `en"><img src=x>`, words: { title: "</title><script>" } });
    expect(page).not.toMatch(/<script|<img|<\/title><s/);
    expect(page).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
    expect(page).toContain("through <bdi>O&#39;Hara</bdi>");
    expect(page).toContain(
      `content="default-src 'none'; style-src '${cardStyleHash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page).not.toMatch(/style="|https?:|url\(/);
  });

  it("names its style by the hash that browsers compute", () => {
    expect(cardStyleHash).toBe(`sha256-${createHash("sha256").update(cardStyle).digest("base64")}`);
    expect(cardPage([card])).toContain(`<style>${cardStyle}</style>`);
  });

  it("writes days and words as it is told, and life in place of a last day", () => {
    const page = cardPage([card, { ...card, validUntil: "2026-12-31", number: null }], {
      words: { forLife: "auf Lebenszeit", validUntil: "Gültig bis" },
      formatDay: (day) => day.split("-").toReversed().join("."),
    });
    expect(page).toContain("<dt>Gültig bis</dt><dd><bdi>auf Lebenszeit</bdi></dd>");
    expect(page).toContain("<dd><bdi>31.12.2026</bdi></dd>");
    expect(page.match(/<dt>No\.<\/dt>/g)).toHaveLength(1);
  });
});

/** The story that the example tells: a register comes in, somebody knows somebody, a minister leaves, and a person asks what is known of them. */
import type { CrmOptions } from "@relata/core";
import { howDoWeKnow, toldToThem, whatFollows, whoHoldsWhat } from "./briefing.ts";
import { knows, openOffice } from "./crm.ts";
import { partyOf, takeIn } from "./take-in.ts";

export interface Day {
  readonly lines: readonly string[];
  /** The neighbourhood of the ministry, as a page of HTML. */
  readonly page: string;
}

export async function liveThroughADay(storage: CrmOptions["storage"]): Promise<Day> {
  const crm = await openOffice({ storage, clock: () => Date.parse("2026-06-15T09:00:00Z") });
  try {
    const { created, unmapped } = await takeIn(crm);
    const lines = [
      `${created} relationships from the register; not understood: ${unmapped.map(({ role }) => role).join(", ")}`,
    ];
    const ministry = await partyOf(crm, "account", "Ministry of Water");
    const [anna, ben, cleo, dora] = await Promise.all(
      ["Anna Silva", "Ben Okoro", "Cleo Marsh", "Dora Lind"].map((name) => partyOf(crm, "contact", name)),
    );
    await crm.relationships.setProfile(ministry.id, {
      kind: "government_body",
      attributes: { level: "national", branch: "executive" },
    });
    await crm.relationships.relate({
      ...{ type: knows, from: anna!, to: dora!, attributes: { through: "the water fair" } },
      evidence: [{ note: "They gave a talk together.", on: "2025-10-03" }],
    });

    lines.push("", "On 1 June 2023:", ...(await whoHoldsWhat(crm, ministry.id, "2023-06-01")));
    const minister = await crm.offices.find({ where: { accountId: ministry.id, title: "Minister" } });
    await crm.relationships.vacate(minister!.id, { on: "2026-06-14", reason: "resigned" });
    lines.push("", "Today:", ...(await whoHoldsWhat(crm, ministry.id, "2026-06-15")));
    lines.push("", "How do we know Ben Okoro?", ...(await howDoWeKnow(crm, anna!, ben!)));
    lines.push("", "What follows for Anna Silva:", ...(await whatFollows(crm, anna!)));

    await crm.relationships.recordReading(cleo!, { purpose: "invitation to the water fair" });
    await crm.relationships.recordStatement(cleo!, {
      ...{ kind: "refusal", purpose: "newsletter", words: "No newsletters, please.", statedThrough: "e-mail" },
    });
    const { reason } = await crm.relationships.mayUse(cleo!, { purpose: "newsletter" });
    lines.push("", "May Cleo Marsh get the newsletter?", reason, "", ...(await toldToThem(crm, cleo!)));
    const page = await crm.relationships.drawNeighbourhood(ministry, { hops: 2, title: "Ministry of Water" });
    return { lines, page };
  } finally {
    await crm.close();
  }
}

/** The story that the example tells: five join, one renews by card, one by bank, one lets it lapse, one is a member for life. */
import type { CrmOptions } from "@relata/core";
import type { PaymentProvider } from "@relata/memberships";
import { morning, takeIn } from "./desk.ts";
import { report } from "./report.ts";
import { openSociety } from "./society.ts";

/** Charges every card; the same `chargeId` is one charge, however often it is asked for. */
const card: PaymentProvider = {
  charge: async ({ chargeId }) => ({ status: "paid", paymentId: `card ${chargeId}` }),
};

export async function liveThroughTwoYears(storage: CrmOptions["storage"]): Promise<readonly string[]> {
  let now = Date.parse("2026-01-15T09:00:00Z");
  const on = (day: string) => {
    now = Date.parse(`${day}T09:00:00Z`);
  };
  const society = await openSociety({ storage, clock: () => now });
  const { crm } = society;
  const lines: string[] = [];
  const told = async (day: string) => {
    on(day);
    lines.push(`${day}:`, ...(await morning(crm, card)).map((line) => `  ${line}`));
  };
  try {
    const anna = await takeIn(society, {
      givenName: "Anna",
      familyName: "Silva",
      plan: "friend/annual",
      paymentId: "bank 1",
    });
    const ben = await takeIn(society, {
      givenName: "Ben",
      familyName: "Okoro",
      plan: "friend/annual",
      paymentId: "bank 2",
    });
    await takeIn(society, { givenName: "Cleo", familyName: "Marsh", plan: "friend/annual", paymentId: "bank 3" });
    on("2026-02-01");
    await takeIn(society, { givenName: "Dora", familyName: "Lind", plan: "patron/annual", paymentId: "bank 4" });
    await takeIn(society, { givenName: "Emil", familyName: "Roth", plan: "life/life", paymentId: "bank 5" });
    await crm.memberships.setAutoRenewal(anna, { autoRenew: true, paymentMethod: "card 7" });
    await told("2026-02-02");
    await told("2026-12-20");
    const { order } = await crm.memberships.renew(ben);
    await crm.memberships.recordPayment({ paymentId: "bank 6", orderId: order.id, amount: order.amount });
    await told("2027-01-10");
    await told("2027-02-16");
    lines.push(await report(crm, { from: "2026-02-16", until: "2027-02-16" }));
    return lines;
  } finally {
    await crm.close();
  }
}

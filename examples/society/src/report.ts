/** The society on one page: who is a member, how the year went, and what comes. */
import type { SocietyCrm } from "./society.ts";

export async function report(crm: SocietyCrm, { from, until }: { readonly from: string; readonly until: string }) {
  const { members, rows } = await crm.memberships.countMembers({ on: until, by: ["status"] });
  const flow = await crm.memberships.memberFlow({ from, until });
  const { rate } = await crm.memberships.renewalRate({ from, until });
  const gained = flow.joined + flow.rejoined + flow.resumed;
  return [
    `${members} members on ${until} (${rows.map(({ status, memberships }) => `${status} ${memberships}`).join(", ")})`,
    `${flow.opening} at the opening, ${gained} came, ${flow.opening + gained - flow.closing} left, ${flow.closing} at the closing`,
    `Terms renewed: ${rate ?? "none fell due"}`,
  ].join("\n");
}

/** The operations beside an account's own: `crm.accounts.addInterest` and `crm.accounts.removeInterest`. */
import { normalised } from "./normalise-label.ts";
import type { InterestsContext } from "./parts.ts";

/** Once is enough: an account that has the interest already stays as it is. A label that is new becomes an interest. */
export function addInterest(context: InterestsContext, accountId: string, label: string) {
  return context.transaction(async (tx) => {
    const { record: interest } = await tx.interests.upsert({ label: normalised(label) }, { by: "label" });
    const found = await tx.accountInterests.find({ where: { accountId, interestId: interest.id } });
    if (found) return interest;
    await tx.accountInterests.create({ accountId, interestId: interest.id });
    await tx.emit("account.interest_added", accountId, { label: interest.label });
    return interest;
  });
}

/** Whether the account had the interest. The interest itself stays. */
export function removeInterest(context: InterestsContext, accountId: string, label: string): Promise<boolean> {
  return context.transaction(async (tx) => {
    const old = normalised(label);
    const found = await tx.accountInterests.find({ where: { accountId, interest: { label: old } } });
    if (!found) return false;
    await tx.accountInterests.delete(found.id);
    await tx.emit("account.interest_removed", accountId, { label: old });
    return true;
  });
}

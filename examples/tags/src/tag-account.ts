/** The operations beside an account's own: `crm.accounts.tag` and `crm.accounts.untag`. */
import { normalised } from "./normalise-label.ts";
import type { TagsContext } from "./parts.ts";

/** Once is enough: an account that has the tag already stays as it is. A label that is new becomes a tag. */
export function tagAccount(context: TagsContext, accountId: string, label: string) {
  return context.transaction(async (tx) => {
    const { record: tag } = await tx.tags.upsert({ label: normalised(label) }, { by: "label" });
    const tagged = await tx.taggings.find({ where: { accountId, tagId: tag.id } });
    if (tagged) return tag;
    await tx.taggings.create({ accountId, tagId: tag.id });
    await tx.emit("account.tagged", accountId, { label: tag.label });
    return tag;
  });
}

/** Whether the account had the tag. The tag itself stays. */
export function untagAccount(context: TagsContext, accountId: string, label: string): Promise<boolean> {
  return context.transaction(async (tx) => {
    const old = normalised(label);
    const tagged = await tx.taggings.find({ where: { accountId, tag: { label: old } } });
    if (!tagged) return false;
    await tx.taggings.delete(tagged.id);
    await tx.emit("account.untagged", accountId, { label: old });
    return true;
  });
}

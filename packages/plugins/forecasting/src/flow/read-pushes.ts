/** Reads how expected close dates were pushed, from the versions of opportunities. */
import { count } from "@relata/core/plugin";
import { type AskedFlow, scopedAt } from "./flow-query.ts";
import { type DateVersion, type Push, type PushedState, pushesIn } from "./pushes.ts";

const CHUNK = 500;
const PAGE = 1_000;

/** Of those that are there, in the scope, at the end of the days: their pushes since the first of them. */
export async function readPushes({ asked, start, atEnd }: AskedFlow): Promise<readonly Push[]> {
  const changed = await atEnd.repository("opportunity").aggregate({
    where: { and: [{ updatedAt: { gte: start } }, await scopedAt(asked, atEnd)] },
    groupBy: { id: "id", status: "status", ownerId: "ownerId", stageId: "stageId" },
    measures: { number: count() },
  });
  const pushes: Push[] = [];
  for (let at = 0; at < changed.length; at += CHUNK) {
    const latest = new Map(
      changed.slice(at, at + CHUNK).map((row) => [row.id as string, row as object as PushedState]),
    );
    for (const push of pushesIn(latest, await versionsOf([...latest.keys()], { start, atEnd }))) pushes.push(push);
  }
  return pushes;
}

async function versionsOf(
  ids: readonly string[],
  { start, atEnd }: Pick<AskedFlow, "start" | "atEnd">,
): Promise<readonly DateVersion[]> {
  const { versions } = atEnd.repository("opportunity");
  const found: DateVersion[] = [];
  let before: { readonly at: Date; readonly id: string; readonly version: number } | undefined;
  for (;;) {
    const page = await versions({ ids, from: start, limit: PAGE, ...(before ? { before } : {}) });
    for (const version of page) found.push(version);
    before = page.at(-1);
    if (before === undefined || page.length < PAGE) return found;
  }
}

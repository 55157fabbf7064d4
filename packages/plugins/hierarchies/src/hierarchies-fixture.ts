/** Names instead of ids, for tests. */
import { createCrm } from "@relata/core";
import { memory } from "@relata/memory";
import { onTestFinished } from "vitest";
import { hierarchies } from "./hierarchies.ts";
import type { Placement } from "./place-accounts.ts";

interface Naming {
  readonly accounts: {
    createMany(
      inputs: readonly { readonly name: string }[],
    ): Promise<readonly { readonly id: string; readonly name: string }[]>;
  };
}

export interface Ids {
  readonly [name: string]: string;
}

/** What a call fails with. */
export const refusal = (call: Promise<unknown>) =>
  call.then(
    () => "was not refused",
    (error: { readonly code: string; readonly message: string; readonly details: object }) => error,
  );

/** Accounts of these names, a letter each; `id.A` is the id of A, and `name` the way back, in whatever it is. */
export async function accountsOf(crm: Naming, names: string) {
  const created = await crm.accounts.createMany([...names].map((name) => ({ name })));
  const id: Ids = Object.fromEntries(created.map((account) => [account.name, account.id]));
  const name = <T>(value: T): T =>
    JSON.parse(created.reduce((text, account) => text.replaceAll(account.id, account.name), JSON.stringify(value)));
  return { id, name };
}

/** "B<A 60 2020-01-01..2020-12-31": B below A; "B<": at the top. */
export function placementOf(text: string, id: Ids): Placement {
  const [edge, ...more] = text.split(" ");
  const [child, parent] = edge!.split("<") as [string, string];
  const days = more.find((part) => part.includes(".."))?.split("..");
  const share = more.find((part) => !part.includes(".."));
  return {
    ...{ childId: id[child]!, parentId: parent === "" ? null : id[parent]!, share: share ?? null },
    ...{ validFrom: days?.[0] || null, validUntil: days?.[1] || null },
  };
}

/** A hierarchy "legal" in memory, on 15 June 2026: `stored` tells its edges, with shares and days, and archived ones apart. */
export async function legalGroup(names: string, shape: "tree" | "graph" = "tree", storage = memory()) {
  const crm = await createCrm({ storage, plugins: [hierarchies()], clock: () => Date.parse("2026-06-15T12:00:00Z") });
  onTestFinished(() => crm.close());
  await crm.hierarchies.define({ key: "legal", name: "Legal ownership", shape });
  const named = await accountsOf(crm, names);
  const place = (all: readonly string[]) =>
    crm.hierarchies.setParents(
      all.map((each) => placementOf(each, named.id)),
      { hierarchy: "legal" },
    );
  const stored = async (archived: "exclude" | "only" = "exclude") => {
    const { items } = await crm.accountEdges.list({ limit: 100, archived });
    const texts = items.map(({ childId, parentId, share, kind, validFrom, validUntil }) => {
      const more = [share, kind === "subsidiary" ? null : kind];
      const days = validFrom || validUntil ? `${validFrom ?? ""}..${validUntil ?? ""}` : null;
      return [`${childId}<${parentId}`, ...more, days].filter((part) => part !== null).join(" ");
    });
    return named.name(texts).toSorted();
  };
  return { crm, place, stored, ...named };
}

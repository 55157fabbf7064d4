/** Names of households that follow their members: accounts whose `householdNaming` is "automatic". */
import { invalidInput } from "@relata/core/plugin";
import type { MembershipsContext } from "../parts.ts";
import type { GreetingRules } from "./greeting-rules.ts";
import { greetingsOf } from "./greetings.ts";

type Automatic = { readonly householdNaming: "automatic"; readonly kind: "household" };
const automatic: Automatic = { householdNaming: "automatic", kind: "household" };

/** Of these, those whose names follow their members and are not what they should be today. How many were renamed. */
async function renameHouseholds(
  tx: MembershipsContext,
  accountIds: readonly string[],
  rules: GreetingRules,
): Promise<number> {
  if (accountIds.length === 0) return 0;
  const ids: string[] = [];
  const where = { id: { in: [...accountIds] }, ...automatic };
  for await (const { id } of tx.accounts.iterate({ where, select: ["name"] })) ids.push(id);
  if (ids.length === 0) return 0;
  // Who joins the household at the same time waits, and is named after it.
  await tx.lock(...ids.map((id) => `account:${id}`));
  const names = new Map<string, string>();
  for await (const { id, name } of tx.accounts.iterate({ where: { id: { in: ids } }, select: ["name"] }))
    names.set(id, name);
  const greetings = await greetingsOf(tx, ids, { day: await tx.settings.today(), rules });
  const changes = greetings.flatMap(({ accountId, name }) =>
    names.has(accountId) && names.get(accountId) !== name ? [{ id: accountId, name }] : [],
  );
  if (changes.length > 0) await tx.accounts.updateMany(changes);
  return changes.length;
}

/** All of them, five hundred in a unit: for what no write tells of, such as the end of an affiliation that has come. */
export async function renameAll(context: MembershipsContext, rules: GreetingRules): Promise<number> {
  let renamed = 0;
  let after: string | undefined;
  do {
    const page = await context.accounts.list({ where: automatic, select: ["name"], limit: 500, after });
    renamed += await context.transaction((tx) =>
      renameHouseholds(
        tx,
        page.items.map(({ id }) => id),
        rules,
      ),
    );
    after = page.next;
  } while (after !== undefined);
  return renamed;
}

interface Changed<R> {
  readonly before?: R;
  readonly after?: R;
}

type Naming = { readonly householdNaming?: string; readonly kind?: string };
type NamedContact = { readonly id: string; readonly [field: string]: unknown };

const told = [
  ...["givenName", "middleName", "familyName", "secondFamilyName", "honorific", "suffix", "nameOrder"],
  ...["preferredLanguage", "deathDate", "archivedAt"],
];

/** The hooks by which names follow affiliations, the names of contacts, and the wish to be named. */
export function householdHooks(rules: GreetingRules) {
  return {
    affiliation: {
      async after(
        context: MembershipsContext,
        batch: readonly Changed<{ readonly accountId: string; readonly kind: string }>[],
      ): Promise<void> {
        const rows = batch.flatMap(({ before, after }) => [before, after].flatMap((row) => row ?? []));
        const ids = rows.filter(({ kind }) => kind === "household").map(({ accountId }) => accountId);
        await renameHouseholds(context, [...new Set(ids)], rules);
      },
    },
    contact: {
      async after(context: MembershipsContext, batch: readonly Changed<NamedContact>[]): Promise<void> {
        const ids = batch.flatMap(({ before, after }) =>
          before && told.some((field) => !isSame(before[field], after?.[field])) ? [before.id] : [],
        );
        const accountIds = new Set<string>();
        for (let at = 0; at < ids.length; at += 500) {
          const where = { contactId: { in: ids.slice(at, at + 500) }, kind: "household" as const };
          for await (const { accountId } of context.affiliations.iterate({ where, select: ["accountId"] }))
            accountIds.add(accountId);
        }
        await renameHouseholds(context, [...accountIds], rules);
      },
    },
    account: {
      /** @throws `invalid_input` for an organisation that is to be named after members of a household */
      async before(
        _context: MembershipsContext,
        batch: readonly { readonly input: Naming; readonly before?: Naming }[],
      ): Promise<void> {
        for (const { input, before } of batch) {
          const { householdNaming, kind = "organization" }: Naming = { ...before, ...input };
          if (householdNaming !== "automatic" || kind === "household") continue;
          const message = "is for households: the name of an organisation is what is written";
          throw invalidInput("account", [{ field: "householdNaming", code: "not_allowed", message }]);
        }
      },
      async after(
        context: MembershipsContext,
        batch: readonly Changed<{ readonly id: string; readonly name: string; readonly householdNaming: string }>[],
      ): Promise<void> {
        const ids = batch.flatMap(({ before, after }) =>
          after?.householdNaming === "automatic" &&
          (before?.householdNaming !== "automatic" || before.name !== after.name)
            ? [after.id]
            : [],
        );
        await renameHouseholds(context, ids, rules);
      },
    },
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return a instanceof Date && b instanceof Date ? a.getTime() === b.getTime() : a === b;
}

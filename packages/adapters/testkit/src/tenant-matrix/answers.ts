/** What calls gave or failed with, as text that can be compared. */
import { CrmError } from "@relata/core";
import type { LooseCrm } from "./loose-crm.ts";

/** Ids by the name of their entity. */
export type Ids = { readonly [entity: string]: string };
/** Errors are answers too. */
export type Call = () => unknown;

/** The answers of the calls, one after another; the ids that they ask for are replaced by the names of their entities. */
export async function answersOf(calls: readonly Call[], ids: Ids): Promise<readonly string[]> {
  const withoutIds = namesFor(ids);
  const answers: string[] = [];
  for (const call of calls) answers.push(withoutIds(await answerOf(call)));
  return answers;
}

/** The same, each call in a unit of its own that is undone. */
export async function answersUndone(
  crm: LooseCrm,
  calls: (tx: LooseCrm) => readonly Call[],
  ids: Ids,
): Promise<readonly string[]> {
  const withoutIds = namesFor(ids);
  const answers: string[] = [];
  const undone = new Error("undone");
  for (let i = 0; i < calls(crm).length; i++) {
    await crm
      .transaction(async (tx) => {
        answers.push(withoutIds(await answerOf(calls(tx)[i]!)));
        throw undone;
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error;
      });
  }
  return answers;
}

async function answerOf(call: Call): Promise<string> {
  try {
    const gave = (await call()) ?? "nothing";
    return JSON.stringify({ gave }, (_, value: unknown) => (value instanceof Error ? told(value) : value));
  } catch (error) {
    return JSON.stringify({ failed: told(error) });
  }
}

/** All that an error tells, its causes included. */
function told(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, cause } = error;
  const facts = CrmError.is(error)
    ? { code: error.code, details: error.details, retryable: error.retryable }
    : { name };
  return { ...facts, message, ...(cause === undefined ? {} : { cause: told(cause) }) };
}

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** Ids that were asked for are named; those that the call itself has made are all alike. */
function namesFor(ids: Ids): (text: string) => string {
  const names = new Map(Object.entries(ids).map(([entity, id]) => [id, `<${entity}>`]));
  const literals = [...names.keys()].map((id) => id.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const asked = new RegExp(`(?<![\\w-])(?:${literals.join("|")})(?![\\w-])`, "g");
  return (text) => text.replace(asked, (id) => names.get(id)!).replace(UUID, "<made here>");
}

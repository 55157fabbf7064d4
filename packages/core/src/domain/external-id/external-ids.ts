/** What one can do with the keys that records have in other systems: find records by them. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { DomainContext } from "../domain-model.ts";

export interface ExternalIdQuery {
  /** The other system. */
  readonly source: string;
  readonly entityType: string;
  /** The keys there. */
  readonly keys: readonly string[];
}

export interface ExternalIdOperations {
  /** The ids of the records that have these keys, by key; those that nobody has are absent. One query for every thousand. */
  resolve(query: ExternalIdQuery): Promise<ReadonlyMap<string, string>>;
}

export function externalIdOperations(context: DomainContext): ExternalIdOperations {
  return { resolve: (query) => resolveKeys(context, query) };
}

const text = z.string().normalize("NFC");
const querySchema = z.strictObject({ source: text, entityType: z.string(), keys: z.array(text) });

async function resolveKeys(context: Pick<DomainContext, "externalIds">, query: unknown) {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) throw invalidInput("externalId", inputIssues(parsed.error.issues, query));
  const { source, entityType, keys } = parsed.data;
  const ids = new Map<string, string>();
  const where = { source, entityType, key: { in: [...new Set(keys)] } };
  for await (const { key, recordId } of context.externalIds.iterate({ where })) ids.set(key, recordId);
  return ids;
}

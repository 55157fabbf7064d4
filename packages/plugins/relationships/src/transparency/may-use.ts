/** Whether what is known of a party may be used or seen, and by whose word. */
import type { RecordReference } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, keySchema, parsed, thingSchema } from "../asked.ts";
import type { RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { decide, type StatementRecord, type UseScope } from "./decide.ts";
import { requireParty, statementsOf } from "./statements.ts";

/** To whom something is shown: those who work here, the party itself, or anybody. */
export type Audience = "staff" | "party" | "public";

export interface UseQuery {
  /** "newsletter": as statements name it. */
  readonly purpose: string;
  /** By which the party is approached: core's restrictions and opt-outs count then. */
  readonly channel?: string | undefined;
  readonly field?: string | undefined;
  readonly relationshipId?: string | undefined;
  readonly type?: string | undefined;
  /** The day; today unless given. */
  readonly on?: string | undefined;
}

export interface SightQuery extends Omit<UseQuery, "purpose" | "channel"> {
  readonly audience: Audience;
  readonly purpose?: string | undefined;
}

/** Of core: "do_not_contact", "opted_out", "deceased"; see `contacts.mayContact`. */
export interface Restriction {
  readonly what: string;
  readonly since: string;
  readonly source: string | null;
}

export interface Verdict {
  readonly allowed: boolean;
  /** What decided: core's restrictions, the visibility of the relationship, a statement of the party; or nothing was said, and it is allowed. */
  readonly decidedBy: "restriction" | "visibility" | "statement" | "nothing_said";
  readonly statement: StatementRecord | null;
  /** They refuse, whatever was stated. */
  readonly restrictions: readonly Restriction[];
  /** In a sentence. */
  readonly reason: string;
  /** All statements that were weighed, the latest first. */
  readonly weighed: readonly StatementRecord[];
}

const visibleTo: { readonly [A in Audience]: readonly RelationshipRecord["visibility"][] } = {
  staff: ["public", "internal", "restricted"],
  party: ["public", "internal"],
  public: ["public"],
};

/** Which relationships are shown: to the party all but restricted ones, to anybody public ones. */
export function visibilityFor(audience: Audience): readonly RelationshipRecord["visibility"][] {
  return visibleTo[audience];
}

const scopeFields = {
  field: z.string().min(1).max(100).optional(),
  relationshipId: idSchema.optional(),
  type: keySchema.optional(),
  on: daySchema.optional(),
};
const purposeSchema = z.string().trim().min(1).max(200);
const useSchema = z.strictObject({
  purpose: purposeSchema,
  channel: z.string().min(1).max(100).optional(),
  ...scopeFields,
});
const sightSchema = z.strictObject({
  audience: z.enum(["staff", "party", "public"]),
  purpose: purposeSchema.optional(),
  ...scopeFields,
});

/** Four queries at most, and those of `mayContact` for a channel. @throws `not_found`, `invalid_input` */
export async function mayUse(context: RelationshipsContext, given: RecordReference, query: UseQuery): Promise<Verdict> {
  const party = parsed("partyStatement", thingSchema, given);
  const { on: day, ...scope } = parsed("partyStatement", useSchema, query);
  const on = day ?? (await context.settings.today());
  await requireParty(context, party);
  const { channel } = scope;
  if (channel !== undefined && party.entityType === "contact") {
    const { reasons } = await context.contacts.mayContact(party.id, { channel, on });
    const [first] = reasons;
    if (first) {
      const reason = `Refused: ${first.what.replaceAll("_", " ")} since ${first.since}${first.source === null ? "" : ` (${first.source})`}.`;
      return { ...NOTHING, allowed: false, decidedBy: "restriction", restrictions: reasons, reason };
    }
  }
  const edge = scope.relationshipId === undefined ? undefined : await edgeOf(context, scope.relationshipId);
  return verdictOf(await statementsOf(context, party), { ...scope, ...(edge ? { type: edge.typeKey } : {}) }, on);
}

/** Three queries at most. What the party itself is shown, it has not to be asked for. @throws `not_found`, `invalid_input` */
export async function maySee(
  context: RelationshipsContext,
  given: RecordReference,
  query: SightQuery,
): Promise<Verdict> {
  const party = parsed("partyStatement", thingSchema, given);
  const { on: day, audience, ...scope } = parsed("partyStatement", sightSchema, query);
  const on = day ?? (await context.settings.today());
  await requireParty(context, party);
  const edge = scope.relationshipId === undefined ? undefined : await edgeOf(context, scope.relationshipId);
  if (edge && !visibleTo[audience].includes(edge.visibility)) {
    const reason = `Refused: the relationship is ${edge.visibility}, and not shown to ${audience === "public" ? "the public" : `the ${audience}`}.`;
    return { ...NOTHING, allowed: false, decidedBy: "visibility", reason };
  }
  if (audience === "party") return NOTHING;
  return verdictOf(await statementsOf(context, party), { ...scope, ...(edge ? { type: edge.typeKey } : {}) }, on);
}

const NOTHING: Verdict = {
  ...{ allowed: true, decidedBy: "nothing_said", statement: null, restrictions: [], weighed: [] },
  reason: "Allowed: nothing was stated against it.",
};

export function verdictOf(statements: readonly StatementRecord[], use: UseScope, on: string): Verdict {
  const { effect, by, weighed } = decide(statements, use, on);
  if (!by || effect === undefined) return { ...NOTHING, weighed };
  const words = by.words === null ? "" : `: "${by.words.slice(0, 200)}"`;
  const when = by.statedAt.toISOString().slice(0, 10);
  return {
    ...{ allowed: effect === "allow", decidedBy: "statement", statement: by, restrictions: [], weighed },
    reason: `${effect === "allow" ? "Allowed" : "Refused"} by a ${by.kind} stated on ${when}${words}.`,
  };
}

async function edgeOf(context: RelationshipsContext, id: string) {
  const { visibility, type } = await context.relationships.get(id, { include: { type: true } });
  return { visibility, typeKey: type!.key };
}

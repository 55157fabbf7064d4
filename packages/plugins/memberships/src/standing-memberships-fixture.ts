/** Memberships whose terms and events stand as given, for tests: nobody is asked whether they may, and the spans are those that follow. */
import { createCrm } from "@relata/core";
import type { StorageAdapter } from "@relata/core/adapter";
import { type AnyPlugin, definePlugin } from "@relata/core/plugin";
import { describe, onTestFinished } from "vitest";
import { benefitServices } from "./benefit/benefit-services.ts";
import { storedSpans } from "./chain/rewrite-spans.ts";
import type { EventDays } from "./chain/spans.ts";
import { directoryServices } from "./directory/directory-services.ts";
import { englishGreetings } from "./household/greeting-rules.ts";
import { householdServices } from "./household/household-services.ts";
import { inheritanceServices } from "./inheritance/inheritance-services.ts";
import { memberships } from "./memberships.ts";
import { type MembershipsContext, parts, type SpanRecord } from "./parts.ts";
import type { SpanDays } from "./status/status-on.ts";

export interface StandingTerm {
  readonly levelId: string;
  readonly from: string;
  /** The last day; for life unless given. */
  readonly to?: string;
  readonly origin?: "join" | "renewal" | "return" | "upgrade" | "downgrade";
}

export interface Standing {
  readonly contactId?: string;
  readonly accountId?: string;
  /** In the order of their days; a return begins a new chain. */
  readonly terms: readonly StandingTerm[];
  readonly events?: readonly (Pick<EventDays, "kind" | "validFrom"> & { readonly validUntil?: string })[];
}

async function standing(context: MembershipsContext, { contactId, accountId, terms, events = [] }: Standing) {
  return context.transaction(async (tx) => {
    const { programId } = await tx.membershipLevels.get(terms[0]!.levelId);
    const party = {
      ...(contactId === undefined ? {} : { contactId }),
      ...(accountId === undefined ? {} : { accountId }),
    };
    const planOf = async (levelId: string) =>
      (await tx.membershipPlans.find({ where: { levelId } })) ??
      (await tx.membershipPlans.create({ levelId, key: "any", name: "any", price: { amount: "0", currency: "EUR" } }));
    const renewalPlanId = (await planOf(terms.at(-1)!.levelId)).id;
    const joinedOn = terms[0]!.from;
    const { id: membershipId } = await tx.memberships.create({ programId, ...party, renewalPlanId, joinedOn });
    let chainStartsOn = joinedOn;
    const termDays = [];
    for (const [position, { levelId, from, to, origin = position === 0 ? "join" : "renewal" }] of terms.entries()) {
      if (origin === "return") chainStartsOn = from;
      const planId = (await planOf(levelId)).id;
      const days = { startsOn: from, countsFrom: from, anchorOn: joinedOn, chainStartsOn, position };
      const term = { membershipId, levelId, planId, origin, ...days, ...(to === undefined ? {} : { endsOn: to }) };
      termDays.push(await tx.membershipTerms.create(term));
    }
    const eventDays = events.map((event) => ({ validUntil: null, status: null, voidedOn: null, ...event }));
    for (const event of events) await tx.membershipEvents.create({ membershipId, ...event });
    const spans = storedSpans({ terms: termDays, events: eventDays, orders: [] });
    await tx.membershipSpans.createMany(spans.map((span) => ({ ...span, membershipId, programId })));
    return membershipId;
  });
}

/** The plugin, with one service more. */
const standingMemberships = () =>
  definePlugin({
    id: "memberships",
    ...parts,
    hooks: (memberships() as unknown as { readonly definition: { readonly hooks: object } }).definition.hooks,
    services: (context) => ({
      ...inheritanceServices(context),
      ...benefitServices(context),
      ...directoryServices(context),
      ...householdServices(context, englishGreetings),
      /** The id of the membership. */
      stand: (given: Standing) => standing(context, given),
      /** Spans of one membership in place of those that follow from its terms: each lasts for all days that are asked for. */
      replaceSpans: (like: SpanRecord, spans: readonly Omit<SpanDays, "firstDay" | "lastDay">[]) =>
        context.transaction(async (tx) => {
          const { membershipId, programId, levelId } = like;
          const { items } = await tx.membershipSpans.list({ where: { membershipId }, limit: 1_000 });
          await tx.membershipSpans.deleteMany(items.map(({ id }) => id));
          return tx.membershipSpans.createMany(
            spans.map((span, at) => ({
              ...{ ...span, membershipId, programId, levelId },
              ...{ firstDay: `${1000 + at}-01-01`, lastDay: "9999-12-31" },
            })),
          );
        }),
    }),
  });

const openStanding = (storage: StorageAdapter) => createCrm({ storage, plugins: [standingMemberships()] });
export type StandingCrm = Awaited<ReturnType<typeof openStanding>>;

/** What a call fails with. */
export const refusal = (call: Promise<unknown>) =>
  call.then(
    () => "was not refused",
    (error: { readonly code: string; readonly message: string; readonly details: object }) => error,
  );

type MakeStorage = (after: (cleanUp: () => unknown) => void) => StorageAdapter;

/** Opens an empty CRM on each storage, for facts that hold on all of them. */
export function onEveryStorage(
  storages: { readonly [name: string]: MakeStorage },
  facts: (open: (plugins?: readonly AnyPlugin[]) => Promise<StandingCrm>) => void,
): void {
  for (const [name, storage] of Object.entries(storages))
    describe(name, { timeout: 60_000 }, () => {
      facts(async (plugins = []) => {
        const crm = await createCrm({
          storage: storage((cleanUp) =>
            onTestFinished(async () => {
              await cleanUp();
            }),
          ),
          plugins: [...plugins, standingMemberships()],
        });
        onTestFinished(() => crm.close());
        return crm as unknown as StandingCrm;
      });
    });
}

/** A program with these levels, in their order. */
export async function societyOf(
  crm: StandingCrm,
  levels: readonly Omit<Parameters<StandingCrm["membershipLevels"]["create"]>[0], "programId" | "rank" | "name">[],
) {
  const { id: programId } = await crm.membershipPrograms.create({ key: "society", name: "Society", currency: "EUR" });
  const made = [];
  for (const [rank, level] of levels.entries())
    made.push(await crm.membershipLevels.create({ name: level.key, ...level, programId, rank }));
  return { programId, levelIds: made.map(({ id }) => id) };
}

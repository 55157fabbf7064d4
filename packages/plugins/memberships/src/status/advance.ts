/** Tells what has changed since the last time, each once. Nothing else depends on it: statuses are right without it. */
import { dayIn } from "@relata/core/plugin";
import * as z from "zod";
import { instantSchema, parsed } from "../asked.ts";
import { lockMemberships } from "../chain/lock-memberships.ts";
import { byMembership } from "../chain/read-chain.ts";
import type { MembershipRecord, MembershipsContext, SpanRecord } from "../parts.ts";
import { type Announcement, announcementsOf } from "./announce.ts";
import { FIRST_DAY, LAST_DAY } from "./day-offset.ts";
import { readRules } from "./read-rules.ts";
import { statusOn } from "./status-on.ts";
import { defaultStatusRules, type StatusRule } from "./status-rule.ts";
import { turningMemberships } from "./turning-spans.ts";

export interface Advanced {
  /** The day up to which all is told, the organisation's. */
  readonly through: string;
  /** How many of each were told. */
  readonly announced: { readonly [event: string]: number };
}

const AT_ONCE = 200;
const advanceSchema = z.strictObject({ now: instantSchema.optional() });

/**
 * Up to the organisation's day of an instant, now unless given: changes of status, by all days between, and reminders. How far a membership was
 * told of is stored in the unit that tells, two hundred in one: whatever fails, or runs at the same time, nothing is told twice, and the next
 * call goes on. Only what can have changed is read: what was written since, and whose rules begin or end in the days between.
 *
 * @throws `invalid_input`
 */
export async function advance(
  context: MembershipsContext,
  given: { readonly now?: Date | undefined } = {},
): Promise<Advanced> {
  const { now = context.now() } = parsed("membership", advanceSchema, given);
  const { timeZone } = await context.settings.current();
  const through = dayIn(now, timeZone);
  const announced = new Map<string, number>();
  const [clock, programs] = [
    await context.membershipClocks.find({ where: { scope: "tenant" } }),
    await programsOf(context),
  ];
  const after = clock?.advancedThrough ?? FIRST_DAY;
  const sources = [
    idsOf(context, { changedSinceAnnounced: true }),
    ...programs.flatMap(({ id, text }) =>
      clock && clock.rules[id] !== text ? [idsOf(context, { programId: id })] : [],
    ),
    ...(after < through ? turningMemberships(context, await turns(context, programs), { after, through }) : []),
  ];
  const seen = new Set<string>();
  for (const ids of sources) {
    const batch: string[] = [];
    const tell = async () => {
      for (const name of await tellOf(context, batch.splice(0), { through, isLatest: after <= through }))
        announced.set(name, (announced.get(name) ?? 0) + 1);
    };
    for await (const id of ids) {
      if (seen.has(id)) continue;
      seen.add(id);
      if (batch.push(id) === AT_ONCE) await tell();
    }
    await tell();
  }
  await moveClock(context, { through, rules: Object.fromEntries(programs.map(({ id, text }) => [id, text])) });
  return { through, announced: Object.fromEntries(announced) };
}

interface ProgramRules {
  readonly id: string;
  readonly rules: readonly StatusRule[];
  readonly text: string;
}

async function programsOf(context: MembershipsContext): Promise<readonly ProgramRules[]> {
  const programs = await Array.fromAsync(
    context.membershipPrograms.iterate({ select: ["statusRules"], archived: "include" }),
  );
  return programs.map(({ id, statusRules }) => {
    const rules = statusRules ?? defaultStatusRules;
    return { id, rules, text: statusRules === null ? "" : JSON.stringify(rules) };
  });
}

async function turns(context: MembershipsContext, programs: readonly ProgramRules[]) {
  const levels = await Array.fromAsync(
    context.membershipLevels.iterate({ select: ["reminderDays"], archived: "include" }),
  );
  return {
    rules: programs.flatMap(({ rules }) => rules),
    reminderDays: levels.flatMap(({ reminderDays }) => reminderDays),
  };
}

type MembershipFilter = { readonly changedSinceAnnounced: true } | { readonly programId: string };

async function* idsOf(context: MembershipsContext, where: MembershipFilter): AsyncIterable<string> {
  for await (const { id } of context.memberships.iterate({ where, select: ["id"], archived: "include" })) yield id;
}

/** The names of what was told. One unit. */
async function tellOf(
  context: MembershipsContext,
  ids: readonly string[],
  { through, isLatest }: { readonly through: string; readonly isLatest: boolean },
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  return context.transaction(async (tx) => {
    await lockMemberships(tx, ids);
    const memberships = await Array.fromAsync(
      tx.memberships.iterate({ where: { id: { in: ids } }, archived: "include" }),
    );
    const spans = byMembership(
      await Array.fromAsync(tx.membershipSpans.iterate({ where: { membershipId: { in: ids } } })),
    );
    const rules = await readRules(
      tx,
      memberships.map(({ programId }) => programId),
    );
    const levels = await Array.fromAsync(
      tx.membershipLevels.iterate({ select: ["reminderDays"], archived: "include" }),
    );
    const told: { readonly recordId: string; readonly announcement: Announcement }[] = [];
    const changes = [];
    for (const membership of memberships) {
      const own = spans.get(membership.id) ?? [];
      // Where the member was deleted, there is nobody to remind.
      const isSomebodys = membership.contactId !== null || membership.accountId !== null;
      const level = isSomebodys ? levels.find(({ id }) => id === lastOf(own)?.levelId) : undefined;
      const reminderDays = level?.reminderDays ?? [];
      const of = rules.of(membership.programId);
      const announcements = announcementsOf({ ...membership, spans: own, rules: of, reminderDays }, through);
      told.push(...announcements.map((announcement) => ({ recordId: membership.id, announcement })));
      changes.push(toldThrough(membership, { through, isLatest, status: statusOn(own, of, through)?.status ?? null }));
    }
    if (changes.length > 0) await tx.memberships.updateMany(changes);
    await emitAll(tx, told);
    return told.map(({ announcement }) => announcement.name);
  });
}

function toldThrough(
  { id, announcedThrough, announcedStatus }: MembershipRecord,
  {
    through,
    isLatest,
    status,
  }: { readonly through: string; readonly isLatest: boolean; readonly status: string | null },
) {
  // Of an earlier instant than before, what was told stays told.
  if (announcedThrough !== null && announcedThrough > through) return { id, announcedThrough, announcedStatus };
  // Up to the day that others were told of, there is more to tell of this one: the next call looks at it again.
  return {
    id,
    announcedThrough: through,
    announcedStatus: status,
    ...(isLatest ? { changedSinceAnnounced: false } : {}),
  };
}

async function emitAll(
  tx: MembershipsContext,
  told: readonly { readonly recordId: string; readonly announcement: Announcement }[],
): Promise<void> {
  for (const { recordId, announcement } of told) {
    if (announcement.name === "membership.reminder_due") await tx.emit(announcement.name, recordId, announcement.data);
    else await tx.emit(announcement.name, recordId, announcement.data);
  }
}

function lastOf(spans: readonly SpanRecord[]): SpanRecord | undefined {
  return spans.find(({ lastDay }) => lastDay === LAST_DAY);
}

async function moveClock(
  context: MembershipsContext,
  { through, rules }: { readonly through: string; readonly rules: Record<string, string> },
): Promise<void> {
  await context.transaction(async (tx) => {
    await tx.lock("memberships:advance");
    const clock = await tx.membershipClocks.find({ where: { scope: "tenant" } });
    if (!clock) await tx.membershipClocks.create({ advancedThrough: through, rules });
    else if (clock.advancedThrough <= through)
      await tx.membershipClocks.update(clock.id, { advancedThrough: through, rules });
  });
}

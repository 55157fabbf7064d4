/** One outbox that several processes drain: each delivery is one's only, and what a killed one has claimed is for the others. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { createCrm } from "@relata/core";
import { expect, it, onTestFinished } from "vitest";
import type { Delivered } from "./fixtures/draining-process.ts";
import { ownDatabase } from "./fixtures/own-database.ts";
import { postgres } from "./postgres-adapter.ts";

const database = ownDatabase();
const ids = Array.from({ length: 100 }, (_, i) => `t${i}`);

type Got = Delivered & { readonly by: number };

/** A hundred teams with `versions` each, and so many events that wait to be delivered. */
async function openFilled(versions: number) {
  const crm = await createCrm({
    storage: postgres({ connectionString: database.url() }),
    subscribers: { copies: { on: ["team.created", "team.updated"], deliver: () => {} } },
  });
  onTestFinished(() => crm.close());
  const tenant = crm.as({ tenantId: `of ${versions} versions` });
  await tenant.transaction(async (tx) => {
    for (const id of ids) await tx.teams.create({ id, name: "1" });
  });
  for (let version = 2; version <= versions; version++) {
    await tenant.transaction(async (tx) => {
      for (const id of ids) await tx.teams.update(id, { name: String(version) });
    });
  }
  return tenant;
}

/** All of them begin when the last one is ready, and go on when each has delivered something: none is left out, however slow it is. */
async function drainIn(processes: number, got: Got[], mostOfFirst?: number): Promise<readonly ChildProcess[]> {
  const children = Array.from({ length: processes }, (_, by) => {
    const most = by === 0 && mostOfFirst !== undefined ? [String(mostOfFirst)] : [];
    const child = fork(new URL("./fixtures/draining-process.ts", import.meta.url), [database.url(), ...most], {
      execArgv: ["--conditions=@relata/source"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  });
  const sendAll = () => {
    for (const child of children) child.send(0);
  };
  await Promise.all(children.map((child) => once(child, "message")));
  for (const [by, child] of children.entries())
    child.on("message", (delivered: Delivered) => got.push({ ...delivered, by }));
  const begun = Promise.all(children.map((child) => once(child, "message")));
  sendAll();
  await begun;
  sendAll();
  return children;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(20)) if (await holds()) return;
  expect(await holds()).toBe(true);
}

/** The versions of a record in the order in which they were delivered, whoever did it. */
function versionsOf(got: readonly Got[], id: string): readonly number[] {
  const own = got.filter(({ recordId }) => recordId === id);
  return own.toSorted((a, b) => Number(BigInt(a.at) - BigInt(b.at))).map(({ version }) => version);
}

it("delivers each event once, and those of a record in order, in three processes that share the work", async () => {
  const tenant = await openFilled(3);
  const got: Got[] = [];
  await drainIn(3, got);
  await until(async () => got.length >= 300 && (await tenant.eventDeliveries.count()) === 0);
  expect(got).toHaveLength(300);
  expect(new Set(got.map(({ id }) => id)).size).toBe(300);
  for (const id of ids) expect(versionsOf(got, id)).toEqual([1, 2, 3]);
  expect(new Set(got.map(({ by }) => by))).toEqual(new Set([0, 1, 2]));
}, 60_000);

it("leaves what a killed process has claimed to the others, after the claim has run out", async () => {
  const tenant = await openFilled(2);
  const got: Got[] = [];
  const [first, ...others] = await drainIn(3, got, 5);
  const ofFirst = () => got.filter(({ by }) => by === 0);
  await until(() => ofFirst().length === 5);
  first!.kill("SIGKILL");
  await once(first!, "close");
  const claimed = await tenant.eventDeliveries.count({ where: { claimedUntil: { gt: new Date() } } });
  expect(claimed).toBeGreaterThanOrEqual(1);
  let before = -1;
  await until(async () => {
    const stands = before === got.length;
    before = got.length;
    if (!stands) await sleep(500);
    return stands;
  });
  const left = await tenant.eventDeliveries.count();
  expect(left).toBeGreaterThanOrEqual(1);
  expect(new Set(got.map(({ id }) => id)).size).toBe(200 - left + 1);
  for (const other of others) other.send(60_000);
  await until(async () => (await tenant.eventDeliveries.count()) === 0);
  const times = new Map<string, number>();
  for (const { id } of got) times.set(id, (times.get(id) ?? 0) + 1);
  expect(times.size).toBe(200);
  // The first process had made the delivery, and could not take it off any more.
  expect([...times].filter(([, count]) => count > 1)).toEqual([[ofFirst()[4]!.id, 2]]);
  for (const id of ids) expect([...new Set(versionsOf(got, id))]).toEqual([1, 2]);
}, 60_000);

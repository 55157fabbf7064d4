/** Two CRMs on one file, as two processes have it: each delivery is one's only. */
import { setTimeout as sleep } from "node:timers/promises";
import { createCrm } from "@relata/core";
import { definePlugin } from "@relata/core/plugin";
import { expect, it } from "vitest";
import { temporaryFile } from "./fixtures/open-sales.ts";
import { sqlite } from "./sqlite-adapter.ts";

interface Got {
  readonly by: string;
  readonly id: string;
  readonly recordId: string;
  readonly version: number;
}

function syncing(by: string, got: Got[]) {
  return definePlugin({
    id: "syncing",
    subscribers: {
      sync: {
        on: ["team.created", "team.updated"],
        async deliver(_, { id, recordId, data }) {
          await sleep(1);
          got.push({ by, id, recordId, version: data.version });
        },
      },
    },
  });
}

it("delivers everything once and in order while two CRMs drain one file, and one of them writes", async () => {
  const filename = temporaryFile();
  const got: Got[] = [];
  const open = (by: string) =>
    createCrm({ storage: sqlite({ filename, durability: "relaxed" }), plugins: [syncing(by, got)] });
  const [one, two] = [await open("one"), await open("two")];
  const ids = Array.from({ length: 20 }, (_, i) => `t${i}`);
  for (const id of ids) await one.teams.create({ id, name: "A" });
  const drain = async (crm: typeof one) => {
    let delivered = 0;
    while (got.length < 60) {
      delivered += (await crm.eventDeliveries.drain()).delivered;
      await sleep(5);
    }
    return delivered;
  };
  const write = async () => {
    for (const name of ["B", "C"]) for (const id of ids) await one.teams.update(id, { name });
  };
  const [byOne, byTwo] = await Promise.all([drain(one), drain(two), write()]);
  expect(byOne + byTwo).toBe(60);
  expect(new Set(got.map(({ id }) => id)).size).toBe(60);
  for (const id of ids)
    expect(got.filter(({ recordId }) => recordId === id).map(({ version }) => version)).toEqual([1, 2, 3]);
  expect(new Set(got.map(({ by }) => by))).toEqual(new Set(["one", "two"]));
  expect(await two.eventDeliveries.count()).toBe(0);
  await Promise.all([one.close(), two.close()]);
}, 30_000);

it("is delivered by the process that comes after one that has ended in the middle", async () => {
  const filename = temporaryFile();
  const storage = sqlite({ filename, durability: "relaxed" });
  let ms = Date.parse("2026-06-15T10:00:00Z");
  const clock = () => ms;
  const attempted: string[] = [];
  const first = await createCrm({
    storage,
    clock,
    subscribers: {
      sync: {
        on: ["team.created"],
        deliver(_, { id }) {
          attempted.push(id);
          // The drain never comes to take it off: as if the process had ended here.
          return new Promise<void>(() => {});
        },
      },
    },
  });
  await first.teams.create({ id: "t1", name: "A" });
  first.eventDeliveries.drain().catch(() => {});
  while (attempted.length === 0) await sleep(1);
  const got: string[] = [];
  const second = await createCrm({
    storage,
    clock,
    subscribers: { sync: { on: ["team.created"], deliver: (_, { id }) => void got.push(id) } },
  });
  expect(await second.eventDeliveries.drain()).toEqual({ delivered: 0, failed: 0, parked: 0 });
  ms += 60_000;
  expect(await second.eventDeliveries.drain()).toEqual({ delivered: 1, failed: 0, parked: 0 });
  expect(got).toEqual(attempted);
  await second.close();
  await first.close();
});

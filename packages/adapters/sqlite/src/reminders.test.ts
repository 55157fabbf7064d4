import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCrm } from "@relata/core";
import { expect, it, onTestFinished } from "vitest";
import { sqlite } from "./sqlite-adapter.ts";

it("reminders are announced once, by whichever of several processes comes first", async () => {
  const folder = mkdtempSync(join(tmpdir(), "relata-reminders-"));
  const open = () =>
    createCrm({
      storage: sqlite({ filename: join(folder, "crm.db") }),
      subscribers: { reminders: { on: ["activity.reminder_due"], deliver: () => {} } },
    });
  const crms = [await open(), await open(), await open()];
  onTestFinished(async () => {
    for (const crm of crms) await crm.close();
    rmSync(folder, { recursive: true });
  });
  const remindAt = new Date(Date.now() - 1_000);
  await crms[0]!.activities.createMany(
    Array.from({ length: 90 }, (_, i) => ({ kind: "task" as const, subject: `t${i}`, remindAt })),
  );
  const calls = crms.flatMap((crm) => [1, 2, 3].map(() => crm.activities.remind({ limit: 20 })));
  const counts = (await Promise.all(calls)).map(({ announced }) => announced);
  expect(counts.reduce((sum, count) => sum + count)).toBe(90);
  const deliveries = await crms[0]!.eventDeliveries.list({ limit: 1_000 });
  expect(new Set(deliveries.items.map(({ recordId }) => recordId)).size).toBe(90);
  expect(deliveries.items).toHaveLength(90);
});

import { fork } from "node:child_process";
import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { openSales, temporaryFile } from "./fixtures/open-sales.ts";

/** Starts a process that writes, kills it in the middle and gives the batches that it said were committed. */
async function killWriter(filename: string, first: number, afterMs: number): Promise<readonly number[]> {
  const child = fork(new URL("./fixtures/writing-process.ts", import.meta.url), [filename, String(first)], {
    execArgv: ["--conditions=@relata/source"],
  });
  const committed: number[] = [];
  child.on("message", (batch: number) => committed.push(batch));
  await once(child, "message");
  await sleep(afterMs);
  child.kill("SIGKILL");
  await once(child, "close");
  return committed;
}

it("loses nothing that was committed, and keeps nothing in part, when a process is killed while it writes", async () => {
  const filename = temporaryFile();
  await (await openSales(filename)).close();
  const committed: number[] = [];
  for (const [round, afterMs] of [0, 3, 7, 12, 20, 33].entries()) {
    committed.push(...(await killWriter(filename, round * 100_000, afterMs)));
    const database = new DatabaseSync(filename);
    const deals = "select account_id, count(*) as deals from deals group by account_id";
    const batches = database
      .prepare(`select a.id, deals from accounts a left join (${deals}) on account_id = a.id`)
      .all();
    expect(batches.filter((batch) => batch.deals !== 10)).toEqual([]);
    const stored = new Set(batches.map((batch) => batch.id));
    expect(committed.filter((batch) => !stored.has(`a${batch}`))).toEqual([]);
    expect(database.prepare("pragma integrity_check").get()).toEqual({ integrity_check: "ok" });
    expect(database.prepare("pragma foreign_key_check").all()).toEqual([]);
    database.close();
  }
  expect(committed.length).toBeGreaterThanOrEqual(6);
}, 60_000);

import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { drivers, first } from "./fixtures/drivers.ts";
import { openSales, temporaryFile } from "./fixtures/open-sales.ts";

/** Starts a process that writes, kills it in the middle and gives the batches that it said were committed. */
async function killWriter(
  filename: string,
  { batch, afterMs, driver }: { readonly batch: number; readonly afterMs: number; readonly driver: string },
): Promise<readonly number[]> {
  const child = fork(new URL("./fixtures/writing-process.ts", import.meta.url), [filename, String(batch), driver], {
    execArgv: ["--conditions=@relata/source"],
  });
  const committed: number[] = [];
  child.on("message", (written: number) => committed.push(written));
  await once(child, "message");
  await sleep(afterMs);
  child.kill("SIGKILL");
  await once(child, "close");
  return committed;
}

describe.each(drivers)("$name", ({ name, options, open }) => {
  it("loses nothing that was committed, and keeps nothing in part, when a process is killed while it writes", async () => {
    const filename = temporaryFile();
    await (await openSales(filename, undefined, options)).close();
    const committed: number[] = [];
    for (const [round, afterMs] of [0, 3, 7, 12, 20, 33].entries()) {
      committed.push(...(await killWriter(filename, { batch: round * 100_000, afterMs, driver: name })));
      const database = open(filename);
      const deals = "select account_id, count(*) as deals from deals group by account_id";
      const batches = database
        .prepare(`select a.id, deals from accounts a left join (${deals}) on account_id = a.id`)
        .all() as { id: string; deals: number }[];
      expect(batches.filter((batch) => batch.deals !== 10)).toEqual([]);
      const stored = new Set(batches.map((batch) => batch.id));
      expect(committed.filter((batch) => !stored.has(`a${batch}`))).toEqual([]);
      expect(first(database, "pragma integrity_check")).toEqual({ integrity_check: "ok" });
      expect(database.prepare("pragma foreign_key_check").all()).toEqual([]);
      database.close();
    }
    expect(committed.length).toBeGreaterThanOrEqual(6);
  }, 60_000);
});

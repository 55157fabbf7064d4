/** A day of a public affairs office: `pnpm start` in this folder. The clock is the example's own; yours is the system's. */
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqlite } from "@relata/sqlite";
import { liveThroughADay } from "./a-day.ts";

const filename = join(tmpdir(), `public-affairs-${process.pid}.db`);
const drawing = join(tmpdir(), "ministry.html");
try {
  const { lines, page } = await liveThroughADay(sqlite({ filename }));
  for (const line of lines) console.log(line);
  writeFileSync(drawing, page);
  console.log(`\nThe neighbourhood of the ministry, to look at: ${drawing}`);
} finally {
  for (const end of ["", "-wal", "-shm"]) rmSync(`${filename}${end}`, { force: true });
}

/** The demo from the first line to the last: read, check, import, report. */
import { fileURLToPath } from "node:url";
import { memory } from "@relata/memory";
import { sqlite } from "@relata/sqlite";
import { openCrm } from "./crm.ts";
import { dayOf } from "./day.ts";
import { generateSource } from "./generate/generate.ts";
import { writeSource } from "./generate/write-source.ts";
import { importSalesData } from "./import/import-sales-data.ts";
import type { Options } from "./options.ts";
import { createProgress } from "./progress.ts";
import { formatCount } from "./report/format.ts";
import { renderImportSummary } from "./report/import-summary.ts";
import { renderFindings, renderReport } from "./report/report.ts";
import { clean } from "./source/clean.ts";
import { readSource } from "./source/read-source.ts";

const generatedFolder = fileURLToPath(new URL("../data", import.meta.url));
const seed = 20_230_109;

/** Where the demo writes to: the process's own streams, or a test's. */
export interface Terminal {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: NodeJS.WriteStream;
}

/**
 * The whole source is read and checked before the database is opened.
 *
 * @throws `csv_missing`, `csv_unreadable`, `csv_invalid`, `data_not_writable`, and the errors of the storage
 */
export async function runDemo(options: Pick<Options, "from" | "db">, { stdout, stderr }: Terminal): Promise<void> {
  const say = (text: string) => stdout.write(`${text}\n`);
  const started = performance.now();
  if (options.from === undefined) await writeSource(generateSource(seed), generatedFolder);
  const folder = options.from ?? generatedFolder;
  say(`Reading ${folder}${options.from === undefined ? " (generated)" : ""}`);
  const data = clean(await readSource(folder), dayOf(new Date()));
  say(
    `Importing ${formatCount(data.opportunities.length)} opportunities, ${data.firstDay} to ${data.lastDay}, into ${options.db ?? "memory"}`,
  );

  const storage = options.db === undefined ? memory() : sqlite({ filename: options.db });
  const crm = await openCrm({ storage });
  try {
    // The generated team is a tenant of its own, so that it never mixes with data that somebody brings.
    const team = crm.as({ actorId: "import", ...(options.from === undefined ? { tenantId: "generated" } : {}) });
    const progress = createProgress(stderr);
    const result = await importSalesData(team, data, { onProgress: progress.update }).finally(progress.stop);
    say(`\n${renderImportSummary(result, performance.now() - started)}`);
    say(`\n${await renderReport(team, data.lastDay)}`);
    say(`\n${renderFindings(data.findings)}`);
  } finally {
    await crm.close();
  }
}

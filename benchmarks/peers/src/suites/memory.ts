/** Document stores in memory. */
import { memory } from "@relata/memory";
import { compareAnswers } from "../../../src/measure/compare-answers.ts";
import type { Entrant } from "../../../src/measure/measure.ts";
import { openCrm, relataOn, type SalesCrm } from "../../../src/sales/relata.ts";
import { FIRST_DAY, writeSalesData } from "../../../src/sales/sales-data.ts";
import type { Bench, Suite } from "../../../src/suite.ts";
import { type Documents, documentsOf, stagesOf } from "../documents.ts";
import { lokijs } from "../lokijs.ts";
import type { MemoryPeer } from "../memory-peer.ts";
import { nedb } from "../nedb.ts";
import { effortOf, peerWorkloads, SIZES } from "../peer-workloads.ts";
import { versionOf } from "../versions.ts";

export const suite: Suite = {
  name: "memory",
  title: "In memory",
  storage: "memory",
  goals: [],
  comparisons: [
    ["Relata", "nedb"],
    ["Relata", "lokijs"],
  ],
  contestants: {
    Relata:
      "`@relata/core` on `@relata/memory`, with everything it does: unique rules, references and transactions too.",
    nedb: "`@seald-io/nedb` without a file, indexes on the date and on the stays' record; it copies documents in and out. It has no transactions and no references, and keeps no history.",
    lokijs:
      "live documents, as is its default; unique and binary indexes. Its transactions copy a whole collection and are left out; it has no references, and keeps no history.",
  },
  method:
    "Relata holds the data, and the peers are filled with the records that it gives. All that they hold is compared with what Relata holds.",
  versions: () => ({ NeDB: versionOf("@seald-io/nedb"), LokiJS: versionOf("lokijs") }),
  async run(bench) {
    for (const size of SIZES[bench.mode]) await runAt(bench, size);
  },
};

async function runAt(bench: Bench, size: number): Promise<void> {
  /** Stands on the first day while the data is written, and still while answers are compared. */
  const time = { fixed: FIRST_DAY as number | undefined };
  const clock = () => time.fixed ?? Date.now();
  const crm = await openCrm(memory(), clock);
  const data = await writeSalesData(crm, size);
  const workloads = peerWorkloads(data, 2_000);
  const options = { documents: await documentsOf(crm), stages: await stagesOf(crm), clock };
  time.fixed = Date.now();
  const entrants: Entrant<MemoryPeer>[] = [
    { name: "Relata", contestant: relataInMemory(crm) },
    { name: "nedb", contestant: await nedb(options) },
    { name: "lokijs", contestant: await lokijs(options) },
  ];
  const rows = async ({ contestant }: Entrant<MemoryPeer>) => inOrder(await contestant.documents());
  await compareAnswers({ entrants, workloads, rows, since: time.fixed });
  time.fixed = undefined;
  for (const workload of workloads) {
    await bench.measure(workload, entrants, { size, effort: effortOf(bench, 60) });
  }
  for (const { contestant } of entrants) await contestant.close();
}

function relataInMemory(crm: SalesCrm): MemoryPeer {
  return { ...relataOn(crm), documents: () => documentsOf(crm) };
}

/** As they were written first, with the fields in one order. */
function inOrder({ opportunities, stageEntries }: Documents) {
  return [opportunities, stageEntries].map((documents) =>
    documents
      .map((document) => Object.fromEntries(Object.entries(document).sort(([a], [b]) => (a < b ? -1 : 1))))
      .sort((a, b) => Number(a.version) - Number(b.version) || (String(a.id) < String(b.id) ? -1 : 1)),
  );
}

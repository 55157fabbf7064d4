/**
 * Run in a process of its own by `measure-row-bytes.ts`: fills memory with as many opportunities as its argument says, has the indexes
 * made that the workloads use, and prints what one opportunity takes of the heap with its stage entry, in bytes.
 */

import { FROM } from "../sales/contestant.ts";
import { openCrm, relataOn } from "../sales/relata.ts";
import { writeSalesData } from "../sales/sales-data.ts";
import { keptMemory } from "./kept-memory.ts";

const count = Number(process.argv[2]);
const kept = keptMemory();
const crm = await openCrm(kept.adapter, Date.now);
const contestant = relataOn(crm);

const before = used();
let ids = (await writeSalesData(crm, count)).ids.slice(0, 1);
await contestant.list({ from: FROM, after: undefined });
await contestant.move(ids[0]!, "discovery");
await contestant.board();
ids = [];
console.log((used() - before) / count);

function used(): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

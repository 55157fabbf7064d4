/** What Relata itself costs: its calls without a storage, its start, its size, its types. */

import { versionOf } from "../sqlite/database-file.ts";
import type { Bench, Suite } from "../suite.ts";
import { importSizes } from "./bundle.ts";
import { measureCalls } from "./measure-calls.ts";
import { measureCompletion } from "./measure-completion.ts";
import { measureStart } from "./measure-start.ts";

const own = ["Relata"] as const;
const both = ["25 plugins", "none"] as const;

/** What bounds a goal that is missed. */
const BOUND = {
  create:
    "a record passes through zod, the hooks of the domain with copies and promises of their own, and the list of steps: each of them is small, and none is most of it.",
  get: "a record of 30 fields is made, three dates and an amount among them.",
  event: "each listener gets an event of its own, with records of its own.",
  start:
    "zod's modules, the runtime's cryptography for the first id, the compilation of what is loaded, and 45 entities with 90 tables that are resolved and made: each in code that runs for the first time.",
  size: "all entities, reading and updating, the checks of plugins and the automatic migration are there from the start; what else there is, is loaded when it is first called.",
  types: "the members of all 25 plugins are merged into the handle's type when it is first looked at.",
} as const;

export const suite: Suite = {
  name: "outside",
  title: "Outside of the storage",
  storage: "outside",
  goals: [
    { workload: "create an account", of: own, atMost: 12, bound: BOUND.create },
    { workload: "create an opportunity", of: own, atMost: 12, bound: BOUND.create },
    { workload: "get an opportunity", of: own, atMost: 3, bound: BOUND.get },
    { workload: "event to five listeners", of: own, atMost: 0.5, bound: BOUND.event },
    { workload: "start", of: own, atMost: 30, bound: BOUND.start, headline: "start to the first record" },
    {
      workload: "import",
      of: ["gzip"],
      atMost: 60,
      bound: BOUND.size,
      headline: "core and memory, minified and compressed, without zod",
    },
    { workload: "import", of: ["brotli"], atMost: 60, bound: BOUND.size },
    {
      workload: "completion, file just opened",
      of: both,
      atMost: 2,
      headline: "completion in an editor with 25 plugins",
    },
    { workload: "completion, while typing", of: both, atMost: 2, bound: BOUND.types },
  ],
  comparisons: [],
  contestants: {},
  method: `The calls have a storage that answers at once, with what the memory adapter has answered to the same call before: what is left is the SDK's. An
event's cost is what emitting many at once costs more with five listeners than with none, divided by the events. A start is a process of its
own with the files that esbuild has bundled, zod included, beside a process that does nothing; it is all time, as is the time of a
completion, by TypeScript's language service, with every plugin's declaration files. A kilobyte has 1,000 bytes.`,
  versions: () => ({ esbuild: versionOf("esbuild") }),
  run,
};

async function run(bench: Bench): Promise<void> {
  await measureCalls(bench);
  if (bench.measures("start")) bench.add(await measureStart(bench));
  if (bench.measures("import")) {
    const { gzip, brotli, withZod, whole } = await importSizes();
    const what = "what the smallest useful application loads, core and memory, minified and compressed, zod left out";
    bench.add({ workload: "import", what, unit: "kB", costs: { gzip: [gzip], brotli: [brotli] } });
    const all = "the same with zod, gzip";
    bench.add({ workload: "import with zod", what: all, unit: "kB", costs: { "with zod": [withZod] } });
    const rest = "with all that is loaded when it is first called, zod left out, gzip";
    bench.add({ workload: "import with the rest", what: rest, unit: "kB", costs: { whole: [whole] } });
  }
  if (bench.measures("completion, file just opened")) for (const one of measureCompletion(bench)) bench.add(one);
}

/** What Relata itself costs: its calls without a storage, its start, its size, its types. */

import { versionOf } from "../sqlite/database-file.ts";
import type { Bench, Suite } from "../suite.ts";
import { importSizes } from "./bundle.ts";
import { measureCalls } from "./measure-calls.ts";
import { measureCompletion } from "./measure-completion.ts";
import { measureStart } from "./measure-start.ts";

const own = ["Relata"] as const;
const both = ["25 plugins", "none"] as const;

export const suite: Suite = {
  name: "outside",
  title: "Outside of the storage",
  storage: "outside",
  goals: [
    { workload: "create an account", of: own, atMost: 12 },
    { workload: "create an opportunity", of: own, atMost: 12 },
    { workload: "get an opportunity", of: own, atMost: 3 },
    { workload: "event to five listeners", of: own, atMost: 0.5 },
    { workload: "start", of: own, atMost: 30, headline: "start to the first record" },
    { workload: "import", of: ["gzip"], atMost: 60, headline: "core and memory, minified and compressed, without zod" },
    { workload: "import", of: ["brotli"], atMost: 60 },
    {
      workload: "completion, file just opened",
      of: both,
      atMost: 2,
      headline: "completion in an editor with 25 plugins",
    },
    { workload: "completion, while typing", of: both, atMost: 2 },
  ],
  comparisons: [],
  contestants: {},
  method: `The calls have a storage that answers at once, with what the memory adapter has answered to the same call before: what is left is the SDK's. An
event's cost is what emitting many at once costs more with five listeners than with none, divided by the events. A start is a process of its
own with one file that esbuild has bundled, zod included, beside a process that does nothing; it is all time, as is the time of a
completion, by TypeScript's language service, with every plugin's declaration files. A kilobyte has 1,000 bytes.`,
  versions: () => ({ esbuild: versionOf("esbuild") }),
  run,
};

async function run(bench: Bench): Promise<void> {
  await measureCalls(bench);
  if (bench.measures("start")) bench.add(await measureStart(bench));
  if (bench.measures("import")) {
    const { gzip, brotli, withZod } = await importSizes();
    const what = "the smallest useful application, core and memory, minified and compressed, zod left out";
    bench.add({ workload: "import", what, unit: "kB", costs: { gzip: [gzip], brotli: [brotli] } });
    const all = "the same with zod, gzip";
    bench.add({ workload: "import with zod", what: all, unit: "kB", costs: { "with zod": [withZod] } });
  }
  if (bench.measures("completion, file just opened")) for (const one of measureCompletion(bench)) bench.add(one);
}

import { memory } from "@relata/memory";
import { expect, it } from "vitest";
import { withBench } from "./bench/bench.ts";
import { breakAdapter } from "./broken/break-adapter.ts";
import { knownDefects } from "./broken/defects.ts";
import { compareStorageAdapters } from "./differential.ts";
import { checkPrograms } from "./random/check-programs.ts";
import { playProgram } from "./random/play-program.ts";

compareStorageAdapters(
  { name: "memory", open: () => memory() },
  { name: "memory behind a wrapper", open: () => breakAdapter(memory(), {}) },
  { runs: 40, seed: 3 },
);

it("names the adapter that differs, and gives what the contract asks for", async () => {
  const defect = knownDefects.find(({ mistake }) => mistake === "sums in floating point") ?? {};
  const comparing = checkPrograms(
    (program) =>
      withBench(
        () => memory(),
        (ours) =>
          withBench(
            () => breakAdapter(memory(), defect),
            async (theirs) =>
              playProgram(program, [
                { name: "sound", store: await ours.open(program.schema) },
                { name: "doubtful", store: await theirs.open(program.schema) },
              ]),
          ),
      ),
    { runs: 200, seed: 5, timeLimitMs: 200_000, shrinkLimitMs: 500 },
  );
  await expect(comparing).rejects.toThrow(
    /doubtful answered[\s\S]*The contract asks for[\s\S]*table t0s: tenant_id text/,
  );
}, 240_000);

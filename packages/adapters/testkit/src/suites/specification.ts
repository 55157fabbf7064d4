/** Random programs against the model of the contract, which shares no code with any adapter. */
import { fact, type Suite } from "../bench/fact.ts";
import { checkPrograms } from "../random/check-programs.ts";
import { playProgram } from "../random/play-program.ts";

const seeds = [1, 2, 3, 4];

export const specification: Suite = {
  name: "the specification",
  facts: seeds.map((seed) =>
    fact(`is followed by random programs of writes, reads, units and savepoints (seed ${seed})`, async (bench) => {
      await checkPrograms(
        async (program) => {
          const store = await bench.open(program.schema);
          try {
            await playProgram(program, [{ name: "The adapter", store }]);
          } finally {
            await bench.close(store);
          }
        },
        { runs: 25, seed, timeLimitMs: 8_000 },
      );
    }),
  ),
};

import { memory } from "@relata/memory";
import { describe, expect, it } from "vitest";
import { withBench } from "./bench/bench.ts";
import type { Fact } from "./bench/fact.ts";
import { breakAdapter, type Defect } from "./broken/break-adapter.ts";
import { knownDefects } from "./broken/defects.ts";
import { checkPrograms } from "./random/check-programs.ts";
import { playProgram } from "./random/play-program.ts";
import { allSuites } from "./suites/all-suites.ts";

function factNamed(suite: string, name: string): Fact {
  const found = allSuites.find((one) => one.name === suite)?.facts.find((fact) => fact.name === name);
  if (!found) throw new Error(`There is no fact "${suite} > ${name}".`);
  return found;
}

/** Rejects when random programs notice the defect. */
function playAgainst(defect: Defect, runs: number): Promise<void> {
  return checkPrograms(
    (program) =>
      withBench(
        () => breakAdapter(memory(), defect),
        async (bench) => playProgram(program, [{ name: "The adapter", store: await bench.open(program.schema) }]),
      ),
    { runs, seed: 7, timeLimitMs: 200_000, shrinkLimitMs: 500 },
  );
}

describe("the conformance suite", () => {
  it("accepts an adapter that is wrapped and not broken", async () => {
    for (const { suite, fact } of knownDefects) {
      await withBench(() => breakAdapter(memory(), {}), factNamed(suite, fact).run);
    }
    await expect(playAgainst({}, 100)).resolves.toBeUndefined();
  }, 240_000);

  for (const defect of knownDefects) {
    it(`notices ${defect.mistake}`, async () => {
      const fact = factNamed(defect.suite, defect.fact);
      await expect(withBench(() => breakAdapter(memory(), defect), fact.run)).rejects.toThrow();
    });
  }

  it("has a name of its own for each fact of a suite", () => {
    for (const suite of allSuites) {
      const names = suite.facts.map((fact) => fact.name);
      expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    }
  });

  it("states facts, without should", () => {
    const names = allSuites.flatMap((suite) => suite.facts.map((fact) => fact.name));
    expect(names.filter((name) => /\bshould\b/.test(name))).toEqual([]);
  });
});

describe("random programs", () => {
  for (const defect of knownDefects.filter(({ random }) => random)) {
    it(`notice ${defect.mistake}, and say with which seed`, async () => {
      await expect(playAgainst(defect, 400)).rejects.toThrow(/seed 7, program \d+[\s\S]*In this program:/);
    }, 240_000);
  }
});

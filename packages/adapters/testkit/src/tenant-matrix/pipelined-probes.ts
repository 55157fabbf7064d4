/** How the moves, boards and reports of each entity that goes through pipelines are asked for what another tenant has. */
import { type LooseCrm, repositoryOf } from "./loose-crm.ts";
import type { Probe, Probes } from "./walk-tenants.ts";

const period = { from: "2000-01-01", to: "2100-12-31" };

/** By operation; `id` is the record that is asked for. */
function probesOf(plural: string, entity: string): Probes<LooseCrm> {
  const own = async (crm: LooseCrm) => (await repositoryOf(crm, plural).find!({})) as { readonly id: string };
  const asking =
    (operation: string, queries: (id: string, stage: string) => readonly object[]): Probe<LooseCrm> =>
    (crm, ids) =>
      queries(ids[entity]!, ids.stage!).map((query) => () => repositoryOf(crm, plural)[operation]!(query));
  const byId = (id: string) => [{}, { where: { id } }];
  const inPeriod = (id: string, more: object = {}) => byId(id).map((query) => ({ ...period, ...more, ...query }));
  const stages = ["a", "b"].map((key) => ({ key, name: key, outcome: "open", probability: "10" }));
  const inOwnPipeline =
    (crm: LooseCrm, operation: string, ...given: unknown[]) =>
    async () => {
      await repositoryOf(crm, "pipelines").define!({ entityType: entity, key: "own", name: "Own", stages });
      return repositoryOf(crm, plural)[operation]!(...given);
    };
  return {
    [`${plural}.moveTo`]: (crm, ids) => [
      () => repositoryOf(crm, plural).moveTo!(ids[entity]!, "won"),
      () => repositoryOf(crm, plural).moveTo!(ids[entity]!, "nowhere", { version: 7 }),
    ],
    [`${plural}.moveMany`]: asking("moveMany", (id) => [[{ id, stage: "won" }]]),
    [`${plural}.moveToPipeline`]: (crm, ids) => [
      inOwnPipeline(crm, "moveToPipeline", ids[entity], { pipeline: "own", stage: "a" }),
      inOwnPipeline(crm, "moveToPipeline", { where: { id: ids[entity] } }, { pipeline: "own", stage: "a" }),
    ],
    [`${plural}.retireStage`]: (crm) => [
      inOwnPipeline(crm, "retireStage", { pipeline: "own", stage: "a", moveTo: "b" }),
    ],
    [`${plural}.mergeStages`]: (crm) => [inOwnPipeline(crm, "mergeStages", { pipeline: "own", from: "a", into: "b" })],
    [`${plural}.board`]: asking("board", byId),
    [`${plural}.boardColumn`]: asking("boardColumn", (id, stageId) => [{ stageId }, { stageId, where: { id } }]),
    [`${plural}.place`]: (crm, ids) => [
      () => repositoryOf(crm, plural).place!(ids[entity]!, { first: true }),
      async () => repositoryOf(crm, plural).place!((await own(crm)).id, { after: ids[entity] }),
    ],
    [`${plural}.stale`]: asking("stale", byId),
    [`${plural}.withoutNextStep`]: asking("withoutNextStep", byId),
    [`${plural}.conversion`]: asking("conversion", (id) => [...inPeriod(id), ...inPeriod(id, { by: "phase" })]),
    [`${plural}.timeInStage`]: asking("timeInStage", (id) => inPeriod(id)),
    [`${plural}.winRate`]: asking("winRate", (id) => [
      ...inPeriod(id, { base: "created", unit: "number", groupBy: { id: "id" } }),
      ...inPeriod(id, { base: "closed", unit: "amount" }),
    ]),
  };
}

/** Those of a plugin's entity that goes through pipelines, for the `probes` of `testPlugin`. */
export function pipelinedProbes<C>(plural: string, entity: string): Probes<C> {
  return probesOf(plural, entity) as unknown as Probes<C>;
}

export const corePipelinedProbes: Probes<LooseCrm> = {
  ...probesOf("opportunities", "opportunity"),
  ...probesOf("accounts", "account"),
  ...probesOf("contacts", "contact"),
};

/** Every member of every handle, asked with what another tenant has: it gets nothing, and tells nothing. */

import { createCrm } from "@relata/core";
import { defineEntity, definePlugin, reference, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { coreProbes, populateCore, waitingSubscriber } from "../tenant-matrix/core-probes.ts";
import { type LooseCrm, watchSchema } from "../tenant-matrix/loose-crm.ts";
import { walkTenants } from "../tenant-matrix/walk-tenants.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { sampleEntities } from "./sample-crm.ts";

/** Hands out the context that a plugin has in a handle. */
const inside = definePlugin({ id: "inside", services: (context) => ({ context: () => context as unknown }) });

/** Leads from one user to another, to be walked along. */
const bond = defineEntity("bond", {
  plural: "bonds",
  fields: { label: text(), fromId: reference("user"), toId: reference("user") },
});

/** Leads from any record to any other. */
const tether = defineEntity("tether", {
  plural: "tethers",
  fields: { label: text(), fromType: text(), fromId: text(), toType: text(), toId: text() },
  polymorphic: [
    { type: "fromType", id: "fromId", onDelete: "cascade" },
    { type: "toType", id: "toId", onDelete: "cascade" },
  ],
});

async function openMatrix(bench: CrmBench) {
  const watched = watchSchema(await bench.options());
  const crm = await createCrm({
    ...watched.options,
    plugins: [inside],
    entities: [...sampleEntities, bond, tether],
    subscribers: waitingSubscriber,
  });
  return { crm, schema: watched.schema(), writes: watched.writes };
}

async function populate(crm: LooseCrm, word: string): Promise<void> {
  await populateCore(crm, word);
  const { crates, specimens, samples, users, bonds, tethers } = crm as unknown as Awaited<
    ReturnType<typeof openMatrix>
  >["crm"];
  await crates.create({ id: `${word}-crate`, label: `${word} crate` });
  const specimen = await specimens.create({ code: word, title: `${word} title`, crateId: `${word}-crate`, serial: 1 });
  await users.create({ id: `${word}-friend`, name: `${word} friend`, managerId: `${word}-user` });
  await bonds.create({ label: `${word} bond`, fromId: `${word}-user`, toId: `${word}-friend` });
  const ends = { fromType: "user", fromId: `${word}-user`, toType: "crate", toId: `${word}-crate` };
  await tethers.create({ label: `${word} tether`, ...ends });
  await samples.create({ id: `${word}-sample`, specimenId: specimen.id, labId: `${word}-user` });
}

const probes = { ...coreProbes, "inside.context": "is walked by itself" };

export const tenantMatrix: CrmSuite = {
  name: "what another tenant has",
  facts: [
    crmFact("is neither given nor told by any member of a handle", async (bench) => {
      const { crm, ...seen } = await openMatrix(bench);
      expect(await walkTenants({ crm: crm as unknown as LooseCrm, ...seen, populate, probes })).toEqual([]);
    }),
    crmFact("is neither given nor told by any member of a plugin's context", async (bench) => {
      const { crm, ...seen } = await openMatrix(bench);
      const context = crm.inside.context() as LooseCrm;
      expect(await walkTenants({ crm: context, ...seen, populate, probes })).toEqual([]);
    }),
  ],
};

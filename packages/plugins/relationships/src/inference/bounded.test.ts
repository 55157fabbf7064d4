import { expect, it } from "vitest";
import { openCrm, refusal, type TestedCrm } from "../relationships-fixture.ts";
import type { InferenceRuleInput } from "./rule-schemas.ts";

/** Of this process: the machine may do other things at the same time. */
const secondsSince = (started: NodeJS.CpuUsage) => process.cpuUsage(started).user / 1e6;

const known = (id: string) => ({ entityType: "contact", id });

async function crowd(crm: TestedCrm, count: number) {
  const people = await crm.contacts.createMany(Array.from({ length: count }, (_, i) => ({ givenName: `P${i}` })));
  return people.map(({ id }) => known(id));
}

const chain = (length: number): InferenceRuleInput => ({
  ...{ key: "chain", name: "chained to", fromRole: "link", shape: "symmetric" as const },
  steps: Array.from({ length }, () => ({ types: ["acquaintance"] })),
});

const tooMany = "inference_too_many_ways";

it("refuses in a bounded time ways that meet at a hub and do not fit each other, however many pairs of them there are", async () => {
  const crm = await openCrm();
  const [a, b, hub, ...others] = await crowd(crm, 3 + 2 * 500);
  const [left, right] = [others.slice(0, 500), others.slice(500)];
  const side = (end: typeof a, middle: typeof others, year: string) => {
    const days = { type: "acquaintance", validFrom: `${year}-01-01`, validUntil: `${year}-12-31` };
    return middle.flatMap((each) => [
      { ...days, from: end!, to: each },
      { ...days, from: each, to: hub! },
    ]);
  };
  await crm.relationships.relateMany([...side(a, left, "2010"), ...side(b, right, "2020")]);
  const asked = { rules: [chain(4)], on: null };
  const started = process.cpuUsage();
  expect((await refusal(crm.relationships.inferredBetween(a!, b!, asked))).code).toBe(tooMany);
  expect(secondsSince(started)).toBeLessThan(15);
  expect(await crm.relationships.inferredBetween(a!, b!, { ...asked, maxEdges: 30_000 })).toEqual([]);
}, 180_000);

it("refuses a rule that goes round in a clique, and tells a rule of it that needs few ways", async () => {
  const crm = await openCrm();
  const clique = await crowd(crm, 10);
  await crm.relationships.relateMany(
    clique.flatMap((from, at) => clique.slice(at + 1).map((to) => ({ type: "acquaintance", from, to }))),
  );
  const started = process.cpuUsage();
  const asked = (length: number, different = true) => ({ rules: [{ ...chain(length), different }], on: null });
  expect((await refusal(crm.relationships.inferred(clique[0]!, asked(6)))).code).toBe(tooMany);
  expect((await refusal(crm.relationships.inferred(clique[0]!, asked(6, false)))).code).toBe(tooMany);
  expect(secondsSince(started)).toBeLessThan(15);
  const two = await crm.relationships.inferred(clique[0]!, asked(2));
  expect([two.length, two[0]?.ways.length]).toEqual([9, 8]);
}, 180_000);

it("tells thousands that follow at a hub, each with what it rests on, and rules that contradict each other beside one another", async () => {
  const crm = await openCrm();
  const works = { entityType: "account", id: (await crm.accounts.create({ name: "Works" })).id };
  const staff = await crowd(crm, 1_500);
  await crm.relationships.relateMany(staff.map((from) => ({ type: "employment", from, to: works })));
  const steps = [{ role: "employer" }, { role: "employee" }];
  const rule = (key: string, name: string) => ({ key, name, fromRole: key, shape: "symmetric", steps }) as const;
  const rules = [rule("friend", "friend of"), rule("foe", "foe of")];
  const started = process.cpuUsage();
  const answers = await crm.relationships.inferred(staff[0]!, { rules });
  expect(secondsSince(started)).toBeLessThan(15);
  expect(answers.map(({ name }) => name)).toEqual([...Array(1_499).fill("friend of"), ...Array(1_499).fill("foe of")]);
  expect(answers.every(({ ways, basis }) => ways[0]?.edges.length === 2 && basis === "inferred")).toBe(true);
  expect(await crm.relationships.explain(staff[0]!)).toMatchObject({ inferred: [], notInferred: null });
}, 180_000);

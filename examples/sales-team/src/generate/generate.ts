/** A sales team's data of the shape, the columns and the kinds of slips of a real export; the same for the same seed. */
import { addDays } from "../day.ts";
import { generateActivities } from "./generate-activities.ts";
import type { Cells, GeneratedSource } from "./generated-source.ts";
import { createRandom, type Random } from "./random.ts";
import {
  companyNames,
  countries,
  familyNames,
  givenNames,
  jobTitles,
  offices,
  products,
  productsByWeight,
  productWithoutBlank,
  sectors,
} from "./words.ts";

const firstDay = "2023-01-09";
const days = 450;
const opportunityCount = 1_500;

/** @param seed Any 32-bit integer. */
export function generateSource(seed: number): GeneratedSource {
  const random = createRandom(seed);
  const teams = generateTeams(random);
  const accounts = generateAccounts(random);
  const contacts = generateContacts(random, accounts);
  const pipeline = generatePipeline(random, { teams, accounts });
  const activities = generateActivities(random, { pipeline, contacts });
  return { teams, accounts, products, pipeline, contacts, activities };
}

/** Two managers for each office, three agents for each manager. */
function generateTeams(random: Random): readonly Cells[] {
  const names = distinct(8 * offices.length, () => `${random.pick(givenNames)} ${random.pick(familyNames)}`);
  return offices.flatMap((office, index) => {
    const [first = "", second = "", ...agents] = names.slice(8 * index, 8 * index + 8);
    return agents.map((agent, position) => ({
      sales_agent: agent,
      manager: position % 2 === 0 ? first : second,
      regional_office: office,
    }));
  });
}

function generateAccounts(random: Random): readonly Cells[] {
  const names = distinct(60, () => random.pick(companyNames)).sort();
  const parents = names.filter((_, index) => index % 12 === 5);
  return names.map((account) => ({
    account,
    sector: random.pick(sectors),
    year_established: String(random.integer(1975, 2018)),
    revenue: `${random.integer(4, 9000)}.${random.integer(10, 99)}`,
    employees: String(random.integer(8, 30_000)),
    office_location: random.pick(countries),
    subsidiary_of: !parents.includes(account) && random.chance(20) ? random.pick(parents) : "",
  }));
}

function generateContacts(random: Random, accounts: readonly Cells[]): readonly Cells[] {
  return accounts.flatMap(({ account = "" }, index) =>
    Array.from({ length: random.integer(1, 3) }, (_, position) => {
      const first = random.pick(givenNames);
      const last = random.pick(familyNames);
      const email = `${first}.${last}@${account}.example`.toLowerCase();
      return {
        contact_id: `C${String(index + 1).padStart(3, "0")}-${position + 1}`,
        first_name: first,
        last_name: last,
        email: random.chance(10) ? `${email} ` : email,
        job_title: random.pick(jobTitles),
        account,
      };
    }),
  );
}

function generatePipeline(
  random: Random,
  { teams, accounts }: { readonly teams: readonly Cells[]; readonly accounts: readonly Cells[] },
): readonly Cells[] {
  const ids = distinct(opportunityCount, () => opportunityId(random));
  const winPercents = new Map(teams.map(({ sales_agent }) => [sales_agent, random.integer(48, 74)]));
  return ids.map((opportunity_id) => {
    const { sales_agent = "" } = random.pick(teams);
    const { product, sales_price } = random.pick(productsByWeight);
    const { account = "" } = random.pick(accounts);
    const course = random.chance(6)
      ? { deal_stage: "Prospecting", engage_date: "", close_date: "", close_value: "" }
      : engagedCourse(random, { winPercent: winPercents.get(sales_agent) ?? 0, price: Number(sales_price) });
    const open = course.close_date === "";
    return {
      opportunity_id,
      sales_agent,
      product: product === productWithoutBlank ? product.replace(" ", "") : product,
      account: open && random.chance(60) ? "" : account,
      ...course,
    };
  });
}

/** Deals close either within weeks or after a quarter; one in ten never does. */
function engagedCourse(random: Random, { winPercent, price }: { readonly winPercent: number; readonly price: number }) {
  const engagedAfter = random.integer(0, days - 1);
  const cycle = random.chance(45) ? random.integer(1, 21) : random.integer(45, 125);
  const engage_date = addDays(firstDay, engagedAfter);
  if (engagedAfter + cycle > days || random.chance(10)) {
    return { deal_stage: "Engaging", engage_date, close_date: "", close_value: "" };
  }
  const close_date = addDays(firstDay, engagedAfter + cycle);
  if (!random.chance(winPercent)) return { deal_stage: "Lost", engage_date, close_date, close_value: "0" };
  const close_value = String(Math.round((price * random.integer(82, 118)) / 100));
  return { deal_stage: "Won", engage_date, close_date, close_value };
}

function opportunityId(random: Random): string {
  return Array.from({ length: 8 }, () => random.pick([..."ABCDEFGHJKLMNPQRSTUVWXYZ23456789"])).join("");
}

function distinct(count: number, make: () => string): string[] {
  const made = new Set<string>();
  while (made.size < count) made.add(make());
  return [...made];
}

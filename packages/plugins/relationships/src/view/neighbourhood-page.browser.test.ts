/// <reference lib="dom" />
import { createCrm } from "@relata/core";
import { memory } from "@relata/memory";
import { expect, it, onTestFinished } from "vitest";
import { relationships } from "../relationships.ts";

const EDGES = 300;
const attack = `</text></svg><script>top.attacked = 1</script><img src="https://e.example/x.png" onerror="top.attacked = 2">`;

async function openPage(html: string): Promise<Window & typeof globalThis> {
  const frame = document.createElement("iframe");
  frame.style.cssText = "width: 1200px; height: 800px";
  frame.srcdoc = html;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  onTestFinished(() => frame.remove());
  await loaded;
  return frame.contentWindow as Window & typeof globalThis;
}

it("draws 300 relationships that can be read, without a script, and loads and runs nothing", async () => {
  const crm = await createCrm({ storage: memory(), plugins: [relationships()] });
  await crm.relationships.defineTypes([
    { key: "job", name: "employee of", inverseName: "employer of", fromRole: "employee", toRole: "employer" },
    { key: "knows", shape: "symmetric", name: "knows", fromRole: "acquaintance" },
  ]);
  const accounts = await crm.accounts.createMany(
    Array.from({ length: 20 }, (_, at) => ({ name: at === 0 ? attack : `Company ${at}` })),
  );
  const contacts = await crm.contacts.createMany(
    Array.from({ length: 220 }, (_, at) => ({ givenName: "Person", familyName: `${at + 1}` })),
  );
  const person = (at: number) => ({ entityType: "contact", id: contacts[at % 220]!.id });
  const jobs = contacts.map((_, at) => ({
    ...{ type: "job", from: person(at), to: { entityType: "account", id: accounts[at % 20]!.id } },
    ...{ validFrom: "2020-01-01", strength: at % 2 },
  }));
  const known = Array.from({ length: EDGES - 220 }, (_, at) => ({
    ...{ type: "knows", from: person(at), to: person(at * 7 + 3) },
  }));
  await crm.relationships.relateMany([...jobs, ...known]);
  const around = accounts.map(({ id }) => ({ entityType: "account", id }));
  const started = performance.now();
  const page = await openPage(await crm.relationships.drawNeighbourhood(around, { hops: 2, title: attack }));
  expect(performance.now() - started).toBeLessThan(30_000);

  const { document: shown } = page;
  expect("attacked" in window).toBe(false);
  expect(shown.querySelectorAll("script, img, link, iframe, [style]")).toHaveLength(0);
  expect(page.performance.getEntriesByType("resource")).toHaveLength(0);
  expect(shown.querySelector("h1")?.textContent).toBe(attack);
  // The style of the page applies.
  expect(page.getComputedStyle(shown.querySelector("svg circle")!).strokeWidth).toBe("3px");

  const table = shown.querySelector("table")!;
  expect(table.tBodies[0]!.rows).toHaveLength(EDGES);
  expect(shown.querySelectorAll("svg line")).toHaveLength(EDGES);
  expect(table.textContent).toContain(attack);
  const svg = shown.querySelector("svg")!;
  const names = svg.getAttribute("aria-labelledby")!.split(" ");
  expect(names.map((id) => svg.querySelector(`#${id}`)?.textContent)).toEqual([
    attack,
    "The table below says the same.",
  ]);

  // No name stands over another one, and all are within the drawing.
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll("g text")].map((text) => text.getBoundingClientRect());
  expect(texts).toHaveLength(240);
  expect(
    texts.every(
      ({ left, right, top, bottom }) =>
        left >= frame.left && right <= frame.right && top >= frame.top && bottom <= frame.bottom,
    ),
  ).toBe(true);
  const over = texts.flatMap((a, at) =>
    texts
      .slice(at + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom),
  );
  expect(over.length).toBeLessThan(12);
  const region = shown.querySelector<HTMLElement>(".scroll")!;
  region.focus();
  expect(shown.activeElement).toBe(region);
  expect(region.scrollWidth).toBeGreaterThan(region.clientWidth);
});

/// <reference lib="dom" />
import { count, createCrm, sum } from "@relata/core";
import { memory } from "@relata/memory";
import { expect, it, onTestFinished } from "vitest";
import { hierarchies } from "../hierarchies.ts";

const NODES = 5_000;
const attack = `</script><script>top.attacked = 1</script><img src="https://e.example/x.png" onerror="top.attacked = 2">`;

async function openPage(html: string): Promise<Window & typeof globalThis> {
  const frame = document.createElement("iframe");
  frame.style.cssText = "width: 1000px; height: 700px";
  frame.srcdoc = html;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  onTestFinished(() => frame.remove());
  await loaded;
  return frame.contentWindow as Window & typeof globalThis;
}

it("opens, closes, finds and walks through thousands of accounts, and loads and runs nothing else", async () => {
  const crm = await createCrm({ storage: memory(), plugins: [hierarchies()] });
  const top = await crm.accounts.create({ name: attack });
  const branches = await crm.accounts.createMany(
    Array.from({ length: 50 }, (_, i) => ({ name: `Branch ${i + 1}`, parentId: top.id })),
  );
  const leaves = await crm.accounts.createMany(
    Array.from({ length: NODES - 51 }, (_, i) => ({ name: `Café ${i + 1}`, parentId: branches[i % 50]!.id })),
  );
  await crm.opportunities.create({ name: "x", accountId: leaves[0]!.id, amount: { amount: "12.50", currency: "EUR" } });
  const html = await crm.hierarchies.drawPage({
    under: top.id,
    rollUps: [{ entity: "opportunity", measures: { Deals: count(), [attack]: sum("amount") } }],
  });

  const started = performance.now();
  const page = await openPage(html);
  const { document: shown } = page;
  const rows = [...shown.querySelectorAll<HTMLTableRowElement>("tbody tr")];
  const visible = () => rows.filter((row) => !row.hidden && row.getClientRects().length > 0).length;
  expect(rows).toHaveLength(NODES);
  expect(visible()).toBe(51);
  expect(performance.now() - started).toBeLessThan(30_000);

  expect("attacked" in window).toBe(false);
  expect(shown.querySelectorAll("img, script[src], link, iframe")).toHaveLength(0);
  expect(page.performance.getEntriesByType("resource")).toHaveLength(0);
  expect(shown.querySelector("h1")?.textContent).toBe(attack);
  expect(rows[0]!.cells[0]!.textContent).toContain(attack);
  expect([...rows[0]!.cells].slice(1).map(({ textContent }) => textContent)).toEqual(["0", "1", "", "EUR\u00a012.50"]);

  const [first] = rows.filter((row) => row.getAttribute("aria-level") === "2");
  first!.querySelector("button")!.click();
  expect([first!.getAttribute("aria-expanded"), visible()]).toEqual(["true", 51 + 99]);
  first!.querySelector("button")!.click();
  expect(visible()).toBe(51);

  const press = (key: string) =>
    shown.activeElement!.dispatchEvent(new page.KeyboardEvent("keydown", { key, bubbles: true }));
  press("ArrowRight");
  press("ArrowRight");
  expect(shown.activeElement).toBe(rows[2]);
  press("ArrowLeft");
  press("ArrowLeft");
  expect([shown.activeElement === first, visible()]).toEqual([true, 51]);
  press("End");
  expect(shown.activeElement?.getAttribute("aria-level")).toBe("2");

  const field = shown.querySelector("input")!;
  const find = (text: string) => {
    field.value = text;
    field.dispatchEvent(new page.Event("input"));
    return [shown.querySelector("output")!.value, visible()];
  };
  expect(find("CAFE 4949")).toEqual(["1", 3]);
  expect(find("")).toEqual(["", 51]);
  shown.querySelector<HTMLButtonElement>("button[name=open]")!.click();
  expect(visible()).toBe(NODES);
  shown.querySelector<HTMLButtonElement>("button[name=close]")!.click();
  expect(visible()).toBe(1);
});

it("leads from where an account of a graph is mentioned to where it is drawn", async () => {
  const crm = await createCrm({ storage: memory(), plugins: [hierarchies()] });
  const [left, right, joint] = await crm.accounts.createMany([{ name: "Left" }, { name: "Right" }, { name: "Joint" }]);
  const { id: hierarchyId } = await crm.accountHierarchies.create({ key: "legal", name: "Legal", shape: "graph" });
  await crm.accountEdges.createMany(
    [left!, right!].map((parent) => ({ hierarchyId, childId: joint!.id, parentId: parent.id, share: "50" })),
  );
  const { document: shown } = await openPage(await crm.hierarchies.drawPage({ hierarchy: "legal" }));
  shown.querySelector<HTMLButtonElement>("button[name=close]")!.click();
  shown.querySelector<HTMLButtonElement>("tbody tr:nth-child(3) button")!.click();
  const link = shown.querySelector("a")!;
  expect(link.textContent).toBe("see above");
  link.click();
  expect(shown.activeElement?.textContent).toContain("Joint");
  expect(shown.activeElement).toBe(shown.querySelectorAll("tbody tr")[1]);
});

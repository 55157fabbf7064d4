import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { drawnLines } from "./drawn-tree.ts";
import { figureTexts } from "./figure-text.ts";
import { pageScript, pageScriptHash } from "./page-script.ts";
import { treeMermaid } from "./tree-mermaid.ts";
import { englishWords, treePage } from "./tree-page.ts";
import { treeText } from "./tree-text.ts";

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));
const edge = (parentId: string, childId: string, label = "") => ({ parentId, childId, label });

const graph = {
  ids: ["a", "b", "c", "d", "e"],
  edges: [edge("a", "c", "60 %"), edge("a", "b"), edge("b", "d"), edge("c", "d", "branch")],
  compare,
};

const pageOf = (name: string, more: { readonly lines?: ReturnType<typeof drawnLines> } = {}) =>
  treePage({
    ...{ title: name, caption: name, language: "en", words: englishWords, figures: [name] },
    lines: more.lines ?? drawnLines({ ids: ["a"], edges: [], compare }),
    nodeOf: () => ({ name, archived: false, figures: [[name, name]] }),
  });

describe("a drawn hierarchy", () => {
  it("is text in which each account stands below its parent, by name, and in full only once", () => {
    const facts = (id: string) => (id === "d" ? ["Won 5"] : []);
    expect(treeText(drawnLines(graph), (id) => ({ name: id.toUpperCase(), facts: facts(id) }))).toBe(
      ["A", "├─ B", "│  └─ D  (Won 5)", "└─ C  (60 %)", "   └─ D  (branch; see above)", "E", ""].join("\n"),
    );
  });

  it("is a flowchart with every edge", () => {
    expect(treeMermaid(graph.ids, graph.edges, (id) => ({ name: id, facts: id === "a" ? ["Won 1"] : [] }))).toBe(
      `flowchart TD
  n0["a<br/>Won 1"]
  n1["b"]
  n2["c"]
  n3["d"]
  n4["e"]
  n0 -->|"60 %"| n2
  n0 --> n1
  n1 --> n3
  n2 -->|"branch"| n3
`,
    );
  });

  it("is drawn at a depth at which recursion would end", () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `${i}`);
    const edges = ids.slice(1).map((id, i) => edge(`${i}`, id));
    const lines = drawnLines({ ids, edges, compare });
    expect(lines.at(-1)).toMatchObject({ id: "19999", depth: 19_999 });
  });

  it("lets no name break out of a line, of a label of Mermaid, or of the page", () => {
    const name = (text: string) => treeMermaid(["a"], [], () => ({ name: text, facts: [] })).split("\n")[1];
    expect(name('x"] --> y\nclick n0 "https://e.example" `*b*` <b> #lt; 漢字')).toBe(
      '  n0["x#34;#93; --#62; y click n0 #34;https://e.example#34; #96;#42;b#42;#96; #60;b#62; #35;lt#59; 漢字"]',
    );
    expect([name("- list"), name("1. list")]).toEqual(['  n0["#45; list"]', '  n0["1#46; list"]']);
    const page = pageOf(`</script><img src=x onerror="alert('1')">&amp;`);
    expect(page).not.toContain("<img");
    expect(page.split("</script>")).toHaveLength(2);
    expect(page).toContain(
      "<bdi>&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;</bdi>",
    );
  });

  it("runs no other script than the page's own, whose hash its policy names", () => {
    const [, script] = /<script>([\s\S]*)<\/script>/.exec(pageOf("a"))!;
    expect(script).toBe(pageScript);
    expect(`sha256-${createHash("sha256").update(script!).digest("base64")}`).toBe(pageScriptHash);
    expect(pageOf("a")).toContain(`default-src 'none'; style-src 'unsafe-inline'; script-src '${pageScriptHash}'`);
  });

  it("opens as many levels at first as are quickly read", () => {
    const ids = Array.from({ length: 5_000 }, (_, i) => `${i}`);
    const edges = ids.slice(1).map((id, i) => edge(`${Math.floor(i / 10)}`, id));
    const page = pageOf("a", { lines: drawnLines({ ids, edges, compare }) });
    expect(page.match(/<tr id/g)).toHaveLength(5_000);
    expect(page.match(/ hidden>/g)).toHaveLength(5_000 - 111);
  });

  it("writes figures exactly, in the way of a language", () => {
    const english = figureTexts("en");
    expect(english([{ amount: "90071992547409931.25", currency: "USD" }])).toBe("USD\u00a090,071,992,547,409,931.25");
    expect(
      english([
        { amount: "-1.50", currency: "EUR" },
        { amount: "7", currency: "JPY" },
      ]),
    ).toBe("-EUR\u00a01.50, JPY\u00a07");
    expect(figureTexts("de")({ amount: "1234.50", currency: "EUR" })).toBe("1.234,50\u00a0EUR");
    expect([1_234, "0.5", null, [], true].map(english)).toEqual(["1,234", "0.5", "", "", "true"]);
    expect(english(new Date(0))).toBe("1970-01-01 00:00 UTC");
  });
});

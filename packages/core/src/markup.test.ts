import { describe, expect, it } from "vitest";
import { escaped, escapedMermaid, htmlPage, onOneLine } from "./markup.ts";

describe("text that comes from outside", () => {
  it("is text in HTML and XML, in an attribute too, without what XML does not allow", () => {
    expect(escaped(`<b onload="x" class='y'>&amp;`)).toBe("&lt;b onload=&quot;x&quot; class=&#39;y&#39;&gt;&amp;amp;");
    expect(escaped("a\u0000b\u000bc\u009fd\ufffee\ud800f\tg\nh\u{1f600}")).toBe("abcde\ufffdf\tg\nh\u{1f600}");
  });

  it("is text in a label of Mermaid", () => {
    expect(escapedMermaid('x"] --> y\nclick `*b*` <b> #lt; 漢字')).toBe(
      "x#34;#93; --#62; y click #96;#42;b#42;#96; #60;b#62; #35;lt#59; 漢字",
    );
    expect(["- list", "1. list", "≤ 2 (–)"].map(escapedMermaid)).toEqual(["#45; list", "1#46; list", "≤ 2 (–)"]);
  });

  it("stays on its line of a terminal", () => {
    expect(onOneLine(" a\n\r\tb\u2028c\u202ed\u0007\u001b[2J")).toBe("a b c d [2J");
  });
});

describe("a page", () => {
  const page = { title: "</title><script>", language: `en"><img>`, style: "b {}", body: "<p>x</p>" };

  it("lets nothing load and no script run, and its own style apply", () => {
    expect(htmlPage({ ...page, styleHash: "sha256-a" })).toContain(
      `content="default-src 'none'; style-src 'sha256-a'; base-uri 'none'; form-action 'none'"`,
    );
    expect(htmlPage(page)).toContain("style-src 'unsafe-inline'; base-uri");
    expect(htmlPage(page)).not.toMatch(/<script|<img/);
  });

  it("names the one script that runs by its hash", () => {
    const html = htmlPage({ ...page, script: { text: "run()", hash: "sha256-b" } });
    expect(html).toContain("; script-src 'sha256-b'; base-uri");
    expect(html).toContain("<p>x</p>\n<script>run()</script>\n</body>");
  });
});

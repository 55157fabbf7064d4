const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it stands in HTML, SVG and XML, and in a quoted attribute of any. What XML does not allow is left out. */
export function escaped(text: string): string {
  const allowed = text.replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, "").replace(/\p{Cs}/gu, "\ufffd");
  return allowed.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

// Compiles each wrong program of packages/core/type-messages.md, and compares what the compiler says with what is written there.
//
// The document's first TypeScript fence is the application that the others import; each of the others is followed by a `text` fence.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { declare } from "./compile.mjs";

const document = resolve("packages/core/type-messages.md");
const fences = /```(ts|text)[^\n]*\n(.*?)```/gs;
// TypeScript explains what a function returns level by level; everything else is far shorter.
const longest = 1_250;
export const updateHint = "If that is better: node scripts/check-type-budget.mjs --update";

export function checkMessages({ check, folder, update, problems }) {
  const markdown = readFileSync(document, "utf8").replaceAll("\r\n", "\n");
  const [application, ...programs] = [...markdown.matchAll(fences)].filter(([, language]) => language === "ts");
  const place = join(folder, "messages");
  const imports = installApplication(application[2], place, problems);
  if (problems.length > 0) return;
  const told = programs.map(([, , program]) => ({
    program,
    said: saidAbout(check(join(place, "program.ts"), imports + program), imports.length),
  }));
  for (const { program, said } of told) {
    if (said === "") problems.push(`This compiles, and must not:\n${program}`);
    if (said.length > longest)
      problems.push(`A message of ${said.length} characters is nothing that one reads:\n${program}`);
  }

  const expected = [...markdown.matchAll(fences)].filter(([, language]) => language === "text");
  const changed = told.filter(({ said }, index) => said !== expected[index]?.[2].trimEnd());
  if (changed.length === 0 && expected.length === told.length) return;
  if (!update) {
    for (const { program, said } of changed) problems.push(`The message has changed for\n${program}It is now\n${said}`);
    problems.push(updateHint);
    return;
  }
  let next = 0;
  const written = markdown.replace(fences, (fence, language) =>
    language === "ts" ? fence : `\`\`\`text\n${told[next++].said}\n\`\`\``,
  );
  writeFileSync(document, written);
}

/** Writes the application, and returns the statement that imports everything which it exports or imports itself. */
function installApplication(text, place, problems) {
  mkdirSync(place, { recursive: true });
  const file = join(place, "app.ts");
  writeFileSync(file, text);
  problems.push(...declare([file], { rootDir: place, outDir: place }).problems);
  const own = [...text.matchAll(/^export const (\w+)/gm)].map(([, name]) => name);
  const others = text.match(/^import .*?;$/gms).filter((statement) => !statement.includes('"./'));
  return `${others.join("\n")}\nimport { ${own.join(", ")} } from "./app.ts";\n`;
}

/** Every message, after what an editor underlines for it. */
function saidAbout({ diagnostics }, offset) {
  return diagnostics
    .map(({ code, file, start, length, messageText }) => {
      if (start < offset) return `in the imports: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
      const [underlined] = file.text.slice(start, start + length).split("\n");
      return `${underlined}\n  TS${code}: ${ts.flattenDiagnosticMessageText(messageText, "\n").replaceAll("\n", "\n  ")}`;
    })
    .join("\n");
}

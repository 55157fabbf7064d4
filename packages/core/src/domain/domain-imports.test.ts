import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as plugin from "../plugin.ts";

const IMPORT = /^import (?!type )\{([^}]*)\} from "(?:\.\.\/)+kernel\//gms;

/** The names of the kernel's values that the domain imports. */
function kernelValues(): readonly string[] {
  const files = globSync("**/*.ts", { cwd: import.meta.dirname }).filter((file) => !file.includes(".test"));
  const names = files.flatMap((file) => {
    const source = readFileSync(join(import.meta.dirname, file), "utf8");
    return [...source.matchAll(IMPORT)].flatMap(([, list]) => list!.split(","));
  });
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== "" && !name.startsWith("type ")))];
}

it("uses of the kernel what every plugin has", () => {
  const used = kernelValues();
  expect(used).toContain("defineEntity");
  // It makes the `definePlugin` of plugins that stand on the domain.
  expect(used.filter((name) => !(name in plugin))).toEqual(["definePluginFor"]);
});

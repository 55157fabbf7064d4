// A branch that changes a package carries a changeset. Needs a `main` that shares history with HEAD: a shallow or single-branch clone
// has none, and the check says so and passes.

import { spawnSync } from "node:child_process";

const base = ["main", "origin/main"].find((ref) => git("rev-parse", "--verify", "--quiet", `${ref}^{commit}`));
if (base === undefined || !git("merge-base", base, "HEAD")) {
  console.log("note: skipped, no main branch to compare with in this clone");
} else {
  const { status } = spawnSync("changeset", ["status", `--since=${base}`], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  process.exitCode = status ?? 1;
}

function git(...args) {
  return spawnSync("git", args, { stdio: "ignore" }).status === 0;
}

/** The command: `npm run demo`, or `pnpm start` in this folder. */
import { CrmError } from "@relata/core";
import { runDemo } from "./demo.ts";
import { parseOptions, usage } from "./options.ts";

try {
  // The package manager changes the folder, and leaves the user's in INIT_CWD.
  const options = parseOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  if (options.help) console.log(usage);
  else await runDemo(options, process);
} catch (error) {
  // Anything else is a defect of this program, and shows its stack.
  if (!CrmError.is(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

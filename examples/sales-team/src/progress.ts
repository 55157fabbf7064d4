/** Shows how far an import is: a bar in a terminal, a line for each month elsewhere. */
import { SingleBar } from "cli-progress";
import { formatCount } from "./report/format.ts";

interface ProgressStep {
  /** "2017-03" */
  readonly month: string;
  readonly written: number;
  readonly total: number;
}

export interface Progress {
  update(step: ProgressStep): void;
  stop(): void;
}

export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? createBar(stream) : createLines(stream);
}

function createBar(stream: NodeJS.WriteStream): Progress {
  const bar = new SingleBar({
    stream,
    format: "  {month} [{bar}] {value} of {total} writes",
    formatValue: (value, _options, type) => (type === "value" || type === "total" ? formatCount(value) : String(value)),
    clearOnComplete: true,
    // The terminal's settings and the way Ctrl-C works stay as they are.
    hideCursor: null,
    linewrap: null,
    gracefulExit: false,
  });
  let started = false;
  return {
    update({ month, written, total }) {
      if (!started) bar.start(total, 0, { month });
      started = true;
      bar.update(written, { month });
    },
    stop: () => bar.stop(),
  };
}

function createLines(stream: NodeJS.WriteStream): Progress {
  let last: ProgressStep | undefined;
  const write = ({ month, written, total }: ProgressStep) =>
    stream.write(`  ${month}  ${formatCount(written)} of ${formatCount(total)} writes\n`);
  return {
    update(step) {
      if (last !== undefined && last.month !== step.month) write(last);
      last = step;
    },
    stop() {
      if (last !== undefined) write(last);
      last = undefined;
    },
  };
}

/** A server as a process of its own: started in its folder as the user who may run it, watched, and stopped by a signal. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keepPid } from "./run-folder.ts";
import type { ServerUser } from "./server-user.ts";

const startTimeoutMs = 60_000;

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** The folder of the run: it gets the log, and the number of the process. */
  readonly folder: string;
  readonly home: string;
  readonly user: ServerUser | undefined;
}

export interface ServerProcess {
  /** Waits until `answers` is true. @throws with the end of the log when the process ends before, or after 60 seconds. */
  ready(answers: () => Promise<boolean>): Promise<void>;
  /** Sends the signal unless the process has ended, and waits for its end. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

export function startProcess(command: ServerCommand): ServerProcess {
  const child = run(command);
  let ended: string | undefined;
  const end = once(child, "close").then(
    ([code, signal]) => {
      ended = `ended with ${signal ?? code}`;
    },
    (error: Error) => {
      ended = `could not be started: ${error.message}`;
    },
  );
  if (child.pid !== undefined) keepPid(command.folder, child.pid);
  return {
    async ready(answers) {
      for (const limit = Date.now() + startTimeoutMs; ended === undefined; await sleep(10)) {
        if (await answers()) return;
        if (Date.now() > limit) throw new Error(`${command.command} does not answer within 60 s\n${readLog(command)}`);
      }
      throw new Error(`${command.command} ${ended}\n${readLog(command)}`);
    },
    async stop(signal) {
      if (ended === undefined) child.kill(signal);
      await end;
    },
  };
}

/** Runs a command to its end. @throws with its output unless it ends with 0. */
export async function runToEnd(command: ServerCommand): Promise<void> {
  const [code, signal] = await once(run(command), "close");
  if (code !== 0) throw new Error(`${command.command} ended with ${signal ?? code}\n${readLog(command)}`);
}

function run({ command, args, folder, home, user }: ServerCommand) {
  const log = openSync(join(folder, "server.log"), "a");
  const env = { ...process.env, HOME: home, LC_ALL: "C" };
  const child = spawn(command, args, { cwd: home, env, stdio: ["ignore", log, log], ...user });
  closeSync(log);
  return child;
}

function readLog({ folder }: ServerCommand): string {
  return readFileSync(join(folder, "server.log"), "utf8").trim().split("\n").slice(-12).join("\n");
}

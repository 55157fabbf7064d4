/** Temporary folders that name the process they belong to, so that what a killed run has left is found, stopped and removed. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const prefix = "relata-postgres-";
const pidFile = "server.pid";
const stopTimeoutMs = 5_000;

/** Makes an empty folder `relata-postgres-<pid>-<random>` in the system's temporary folder, open to its owner only. */
export function createRunFolder(): string {
  return mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
}

/** Keeps the process that runs in the folder, so that it can be stopped when this process is gone. */
export function keepPid(folder: string, pid: number): void {
  writeFileSync(join(folder, pidFile), String(pid));
}

/**
 * Stops what runs in this user's folders whose process is gone, and removes the folders. What does not end within 5 seconds is killed.
 * On Windows nothing is done: there a process cannot be told from another that has got its number.
 */
export async function removeLeftovers(): Promise<void> {
  if (process.platform === "win32") return;
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const folder = join(tmpdir(), name);
    if (statSync(folder, { throwIfNoEntry: false })?.uid !== process.getuid?.()) continue;
    await stopLeftover(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function stopLeftover(folder: string): Promise<void> {
  const pid = readPid(folder);
  if (pid === undefined) return;
  const runs = () => commandOf(pid).includes(basename(folder));
  if (!runs()) return;
  signal(pid, "SIGQUIT");
  for (const end = Date.now() + stopTimeoutMs; Date.now() < end; await sleep(20)) if (!runs()) return;
  signal(pid, "SIGKILL");
}

/** Undefined when nothing was started in the folder, or another process is removing it. */
function readPid(folder: string): number | undefined {
  try {
    return Number(readFileSync(join(folder, pidFile), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The command line of a process, empty when there is none. */
function commandOf(pid: number): string {
  if (!isAlive(pid)) return "";
  try {
    if (existsSync("/proc/self/cmdline")) return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch (error) {
    if (!isAlive(pid)) return "";
    throw error;
  }
}

function isAlive(pid: number): boolean {
  return signal(pid, 0);
}

/** Whether there is such a process; one of another user counts. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH") return false;
    if (code === "EPERM") return true;
    throw error;
  }
}

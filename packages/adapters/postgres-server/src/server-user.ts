/** Who runs the servers: they refuse to run as root. */
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user `nobody` when this process is root's, else undefined: the user of this process. @throws where `nobody` is not known. */
export function findServerUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string) => Number(execFileSync("id", [option, "nobody"], { encoding: "utf8", stdio: "pipe" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** A folder below the run's, `home`, in which the server may write. */
export function createServerHome(folder: string, user: ServerUser | undefined): string {
  const home = join(folder, "home");
  mkdirSync(home, { mode: 0o700 });
  if (user !== undefined) {
    chmodSync(folder, 0o711);
    chownSync(home, user.uid, user.gid);
  }
  return home;
}

/** Makes a folder the server's, with all that is in it. */
export function giveFolder(folder: string, { uid, gid }: ServerUser): void {
  chownSync(folder, uid, gid);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    chownSync(join(folder, name), uid, gid);
}

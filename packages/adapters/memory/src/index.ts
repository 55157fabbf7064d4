/** Storage in memory: nothing is kept when the process ends. */
export { memory } from "./memory-adapter.ts";

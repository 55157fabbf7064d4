import { expect, it } from "vitest";
import { createProgress } from "./progress.ts";

it("writes a line for each month where there is no terminal", () => {
  const written: string[] = [];
  const stream = { isTTY: false, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
  const progress = createProgress(stream);
  progress.update({ month: "2017-01", written: 10, total: 2000 });
  progress.update({ month: "2017-01", written: 15, total: 2000 });
  progress.update({ month: "2017-02", written: 2000, total: 2000 });
  progress.stop();
  expect(written).toEqual(["  2017-01  15 of 2,000 writes\n", "  2017-02  2,000 of 2,000 writes\n"]);
});

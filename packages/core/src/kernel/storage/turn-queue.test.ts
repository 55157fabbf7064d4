import { describe, expect, it } from "vitest";
import { createTurnQueue } from "./turn-queue.ts";

const shortly = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("turns", () => {
  it("come at once when nobody has one", async () => {
    const queue = createTurnQueue({ waitTimeoutMs: 50 });
    expect(queue.busy).toBe(false);
    const end = await queue.turn();
    expect(queue.busy).toBe(true);
    end();
    expect(queue.busy).toBe(false);
  });

  it("come in the order of asking, one at a time", async () => {
    const queue = createTurnQueue({ waitTimeoutMs: 1_000 });
    const log: string[] = [];
    const work = async (name: string) => {
      const end = await queue.turn();
      log.push(`${name} begins`);
      await shortly(1);
      log.push(`${name} ends`);
      end();
    };
    await Promise.all(["a", "b", "c"].map(work));
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
    expect(queue.busy).toBe(false);
  });

  it("end once: ending again does not end the next one's", async () => {
    const queue = createTurnQueue({ waitTimeoutMs: 50 });
    const endFirst = await queue.turn();
    const second = queue.turn();
    endFirst();
    endFirst();
    const endSecond = await second;
    endFirst();
    expect(queue.busy).toBe(true);
    const third = queue.turn();
    let came = false;
    void third.then(() => {
      came = true;
    });
    await shortly(5);
    expect(came).toBe(false);
    endSecond();
    (await third)();
    expect(queue.busy).toBe(false);
  });

  it("that do not come in time are refused, and are not taken later", async () => {
    const queue = createTurnQueue({ waitTimeoutMs: 20 });
    const end = await queue.turn();
    const late = queue.turn();
    await expect(late).rejects.toMatchObject({ code: "unit_wait_timeout", retryable: true, details: { waitedMs: 20 } });
    const next = queue.turn();
    end();
    (await next)();
    expect(queue.busy).toBe(false);
  });

  it("of those who wait on keep their order when one in the middle gives up", async () => {
    const queue = createTurnQueue({ waitTimeoutMs: 30 });
    const log: string[] = [];
    const end = await queue.turn();
    const first = queue.turn().catch(() => log.push("first gave up"));
    await shortly(20);
    const second = queue.turn().then((endTurn) => {
      log.push("second");
      endTurn();
    });
    const third = queue.turn().then((endTurn) => {
      log.push("third");
      endTurn();
    });
    await first;
    end();
    await Promise.all([second, third]);
    expect(log).toEqual(["first gave up", "second", "third"]);
  });
});

import { describe, expect, it } from "vitest";
import { legalGroup, refusal } from "./hierarchies-fixture.ts";

const legal = { hierarchy: "legal" } as const;

describe("the parent that a move or a detach leaves", () => {
  it("is refused in the default tree where the account does not stand below it", async () => {
    const { crm, id, name } = await legalGroup("ABCD");
    await crm.hierarchies.move(id.C!, id.A!);
    expect(await refusal(crm.hierarchies.detach(id.C!, { parentId: id.B! }))).toMatchObject({
      code: "invalid_input",
      message: `accountHierarchy.parentId names "${id.B}", below which "${id.C}" does not stand on these days.`,
      details: { field: "parentId" },
    });
    expect(await refusal(crm.hierarchies.move(id.C!, id.D!, { instead: id.B! }))).toMatchObject({
      code: "invalid_input",
      details: { field: "instead" },
    });
    expect(name(await crm.hierarchies.path(id.C!))).toEqual(["A", "C"]);
    await crm.hierarchies.move(id.C!, id.D!, { instead: id.A! });
    expect(name(await crm.hierarchies.path(id.C!))).toEqual(["D", "C"]);
    await crm.hierarchies.detach(id.C!, { parentId: id.D! });
    expect(name(await crm.hierarchies.path(id.C!))).toEqual(["C"]);
  });

  it("is refused in a tree and in a graph where no edge to it holds on these days", async () => {
    for (const shape of ["tree", "graph"] as const) {
      const { crm, id, place, stored } = await legalGroup("ABCD", shape);
      await place(["C<A ..2026-03-31", "C<B 2026-04-01.."]);
      const refused = [
        [crm.hierarchies.detach(id.C!, { ...legal, parentId: id.A! }), "parentId"],
        [crm.hierarchies.move(id.C!, id.D!, { ...legal, instead: id.A! }), "instead"],
        [crm.hierarchies.move(id.C!, id.D!, { ...legal, instead: id.D!, from: null }), "instead"],
      ] as const;
      for (const [call, field] of refused)
        expect(await refusal(call)).toMatchObject({ code: "invalid_input", details: { field } });
      expect(await stored()).toEqual(["C<A ..2026-03-31", "C<B 2026-04-01.."]);
      await crm.hierarchies.detach(id.C!, { ...legal, parentId: id.A!, from: "2026-03-01" });
      expect(await stored()).toEqual(["C<A ..2026-02-28", "C<B 2026-04-01.."]);
    }
  });

  it("is refused where it is no account", async () => {
    const { crm, id, place } = await legalGroup("ABC", "graph");
    await place(["C<A 60"]);
    await crm.hierarchies.move(id.C!, id.A!);
    for (const of of [{ ...legal, from: null }, {}]) {
      const calls = [
        crm.hierarchies.move(id.C!, id.B!, { ...of, instead: "nobody" }),
        crm.hierarchies.detach(id.C!, { ...of, parentId: "nobody" }),
      ];
      for (const call of calls)
        expect(await refusal(call)).toMatchObject({ code: "not_found", details: { id: "nobody" } });
    }
  });
});

describe("kind and share of a move", () => {
  it("are in a graph those of the only edge that makes room", async () => {
    const { crm, id, place, stored } = await legalGroup("ABE", "graph");
    await place(["B<A 40"]);
    await crm.hierarchies.move(id.B!, id.E!, { ...legal, from: "2026-07-01" });
    expect(await stored()).toEqual(["B<A 40 ..2026-06-30", "B<E 40 2026-07-01.."]);
  });

  it("are not known where several edges make room", async () => {
    const { crm, id, place, stored } = await legalGroup("ABCD", "graph");
    await place(["D<A 30", "D<B 70"]);
    await crm.hierarchies.move(id.D!, id.C!, legal);
    expect(await stored()).toEqual(["D<A 30 ..2026-06-14", "D<B 70 ..2026-06-14", "D<C 2026-06-15.."]);
  });

  it("are those of the edge that holds on the first day, and of no later one", async () => {
    const { crm, id, place, stored } = await legalGroup("ABC");
    await place(["C<B 30 2027-01-01.."]);
    await crm.hierarchies.move(id.C!, id.A!, legal);
    expect(await stored()).toEqual(["C<A 2026-06-15.."]);
    await place(["C<B 60 ..2026-12-31", "C<B 40 2027-01-01.."]);
    await crm.hierarchies.move(id.C!, id.A!, legal);
    expect(await stored()).toEqual(["C<A 60 2026-06-15..", "C<B 60 ..2026-06-14"]);
  });

  it("are those of the only edge that there ever was, for a move since ever", async () => {
    const { crm, id, place, stored } = await legalGroup("ABC");
    await place(["C<B 30 2020-01-01.."]);
    await crm.hierarchies.move(id.C!, id.A!, { ...legal, from: null });
    expect(await stored()).toEqual(["C<A 30"]);
    await place(["C<B 60 ..2026-12-31", "C<B 40 2027-01-01.."]);
    await crm.hierarchies.move(id.C!, id.A!, { ...legal, from: null });
    expect(await stored()).toEqual(["C<A"]);
  });

  it("keep the share where another kind is given, unless one of them is a branch", async () => {
    const { crm, id, place, stored } = await legalGroup("ABC");
    await place(["C<B 60"]);
    await crm.hierarchies.move(id.C!, id.A!, { ...legal, from: null, kind: "joint_venture" });
    expect(await stored()).toEqual(["C<A 60 joint_venture"]);
    await crm.hierarchies.move(id.C!, id.B!, { ...legal, from: null, kind: "branch" });
    await crm.hierarchies.move(id.C!, id.A!, { ...legal, from: null, kind: "franchise" });
    expect(await stored()).toEqual(["C<A franchise"]);
  });
});

describe("taking an account out", () => {
  it("since ever takes archived edges to it too, so that it can be deleted", async () => {
    for (const children of ["detach", "lift"] as const) {
      const { crm, id, place, stored } = await legalGroup("ABCD");
      await place(["B<A", "C<B", "D<B"]);
      const edge = (await crm.accountEdges.find({ where: { childId: id.C! } }))!;
      await crm.accountEdges.archive(edge.id);
      expect(await refusal(crm.accounts.delete(id.B!))).toMatchObject({ code: "still_referenced" });
      await crm.hierarchies.takeOut(id.B!, { ...legal, from: "2026-01-01", children });
      expect(await stored("only")).toEqual(["C<B"]);
      await crm.hierarchies.takeOut(id.B!, { ...legal, from: null, children });
      expect(await stored("only")).toEqual([]);
      await crm.accounts.delete(id.B!);
    }
  });

  it("is refused for one that is not there", async () => {
    const { crm } = await legalGroup("A");
    const takenOut = (id: unknown) => crm.hierarchies.takeOut(id as string, { ...legal, children: "detach" });
    expect(await refusal(takenOut("nobody"))).toMatchObject({ code: "not_found", details: { id: "nobody" } });
    expect(await refusal(takenOut(undefined))).toMatchObject({ code: "invalid_input" });
    expect(await refusal(crm.hierarchies.detach(undefined as never))).toMatchObject({ code: "invalid_input" });
  });
});

it("names the caller's own option where a move ends before it starts", async () => {
  const { crm, id } = await legalGroup("AB");
  for (const call of [
    crm.hierarchies.move(id.B!, id.A!, { ...legal, until: "2020-01-01" }),
    crm.hierarchies.detach(id.B!, { ...legal, until: "2020-01-01" }),
  ])
    expect(await refusal(call)).toMatchObject({
      message: "accountHierarchy.until is before the first day, 2026-06-15.",
      details: { field: "until" },
    });
});

it("cuts no edge to or from an archived account in two, and ends it", async () => {
  const { crm, id, place, stored } = await legalGroup("ABC");
  await place(["B<A", "C<B"]);
  await crm.accounts.archive(id.B!);
  const july = { ...legal, from: "2026-07-01", until: "2026-07-31" };
  for (const call of [crm.hierarchies.move(id.C!, id.A!, july), crm.hierarchies.detach(id.C!, july)])
    expect(await refusal(call)).toMatchObject({
      code: "reference_archived",
      details: { field: "parentId", reference: id.B },
    });
  expect(await refusal(crm.hierarchies.move(id.B!, id.C!, july))).toMatchObject({ code: "reference_archived" });
  await crm.hierarchies.move(id.C!, id.A!, { ...legal, from: "2026-07-01" });
  await crm.hierarchies.detach(id.B!, { ...legal, from: "2026-07-01" });
  expect(await stored()).toEqual(["B<A ..2026-06-30", "C<A 2026-07-01..", "C<B ..2026-06-30"]);
});

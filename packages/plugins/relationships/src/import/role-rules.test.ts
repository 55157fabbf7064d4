import { describe, expect, it } from "vitest";
import type { TypeRecord } from "../parts.ts";
import { roleReader } from "./parse-role.ts";
import { mapRoles, type RoleRule } from "./role-rules.ts";

const read = roleReader();

function typeOf(key: string, more: Partial<TypeRecord>): TypeRecord {
  const none = {
    fromEntities: null,
    toEntities: null,
    variants: [],
    inverseName: null,
    toRole: null,
    archivedAt: null,
  };
  return { key, shape: "paired", name: key, fromRole: key, ...none, ...more } as unknown as TypeRecord;
}

const types = [
  typeOf("employment", {
    ...{ name: "employee of", inverseName: "employer of", fromRole: "employee", toRole: "employer" },
    ...{ fromEntities: ["contact"], toEntities: ["account"] },
  }),
  typeOf("parenthood", {
    ...{ name: "parent of", inverseName: "child of", fromRole: "parent", toRole: "child" },
    variants: [{ end: "from", gender: "female", role: "mother", name: "mother of" }],
  }),
  typeOf("spouse", { shape: "symmetric", name: "spouse of", fromRole: "spouse" }),
  typeOf("partner", { shape: "symmetric", name: "partner of", fromRole: "partner", fromEntities: ["contact"] }),
  typeOf("partnership", { fromRole: "partner", toRole: "customer", name: "partner of" }),
  typeOf("board_member", { shape: "one_sided", fromRole: "board_member", name: "on the board of" }),
];

const map = (given: string, rules: readonly RoleRule[] = [], entities = "contact contact") => {
  const [role, inverseRole] = given.split("/").map((text) => (text === "" ? undefined : read(text)));
  const [fromEntity, toEntity] = entities.split(" ") as [string, string];
  const mapped = mapRoles({ role, inverseRole, fromEntity, toEntity }, rules, types);
  return "problem" in mapped ? mapped.problem : `${mapped.type} ${mapped.way}`;
};

describe("roles by the words of types", () => {
  it("are found at either end, by role, name and variant", () => {
    expect(map("Employee", [], "contact account")).toBe("employment along");
    expect(map("employer of", [], "account contact")).toBe("employment against");
    expect(map("Former employee", [], "contact account")).toBe("employment along");
    expect(map("Mother")).toBe("parenthood along");
    expect(map("child")).toBe("parenthood against");
    expect(map("/child")).toBe("parenthood along");
    expect(map("Spouse/spouse")).toBe("spouse along");
    expect(map("Board member", [], "contact account")).toBe("board_member along");
  });

  it("are not guessed where the words, the pair or the entities do not say it", () => {
    expect(map("Employee")).toBe("unmapped_role");
    expect(map("Employee/Employee", [], "contact account")).toBe("unmapped_role");
    expect(map("Parent/Spouse")).toBe("unmapped_role");
    expect(map("Partner")).toBe("ambiguous_role");
    expect(map("Partner/Partner")).toBe("partner along");
  });
});

describe("roles by rules", () => {
  const rules: readonly RoleRule[] = [
    { role: "acting director", type: "a" },
    { role: /director$/i, tense: "former", type: "f" },
    { role: /\bdirector\b/gi, type: "d" },
    { role: "Employee", otherRole: "Employee", type: "partner" },
    { role: "Teacher", otherRole: "Pupil", type: "t" },
    { role: "Owner", type: "o", end: "to" },
    { equalRoles: true, type: "spouse" },
  ];
  it.each([
    ["Director of Sales", "d along"],
    ["Director of Sales", "d along"],
    ["Former director", "f along"],
    ["/Director", "d against"],
    ["Acting director", "a along"],
    ["EMPLOYÉE/employee", "partner along"],
    ["Pupil/Teacher", "t against"],
    ["Owner", "o against"],
    ["/owner", "o along"],
    ["Friend/Friend", "spouse along"],
    ["Friend/Foe", "unmapped_role"],
    // Each would be the director of the other.
    ["Director/Director", "spouse along"],
    ["Owner/Owner of", "o against"],
  ])("map %s to %s", (given, expected) => expect(map(given, rules)).toBe(expected));
});

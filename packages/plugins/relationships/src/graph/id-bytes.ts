/** UUIDs in the memory that they need: 16 bytes each. */

export interface IdBytes {
  readonly byteLength: number;
  set(place: number, id: string): void;
  get(place: number): string;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
/** Before these bytes stands a dash. */
const DASHES = new Set([4, 6, 8, 10]);

export function idBytes(count: number): IdBytes {
  const bytes = new Uint8Array(count * 16);
  return {
    byteLength: bytes.byteLength,
    set: (place, id) => {
      let at = 0;
      for (let i = 0; i < 16; i++) {
        if (DASHES.has(i)) at++;
        bytes[place * 16 + i] = Number.parseInt(id.slice(at, at + 2), 16);
        at += 2;
      }
    },
    get: (place) => {
      let id = "";
      for (let i = 0; i < 16; i++) id += (DASHES.has(i) ? "-" : "") + HEX[bytes[place * 16 + i]!];
      return id;
    },
  };
}

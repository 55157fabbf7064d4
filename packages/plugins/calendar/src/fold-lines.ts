/** Folds the lines of a calendar file at 75 octets (RFC 5545, 3.1), never within a character. */

const MOST_OCTETS = 75;

/** What was folded before, at whatever length, is folded anew. */
export function foldLines(file: string): string {
  return file.replaceAll("\r\n ", "").split("\r\n").map(folded).join("\r\n");
}

function folded(line: string): string {
  let text = "";
  let octets = 0;
  for (const character of line) {
    const size = octetsOf(character.codePointAt(0)!);
    if (octets + size > MOST_OCTETS) {
      text += "\r\n ";
      octets = 1;
    }
    text += character;
    octets += size;
  }
  return text;
}

/** Of a character in UTF-8. */
function octetsOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

// Which of many pieces of text stand in another: one pass over it, however many they are.

/** So few are compared one by one; more are told apart by their next character. */
const FEW = 3;

interface Piece {
  text: string;
  index: number;
}

interface Branch {
  few: readonly Piece[];
  next: ReadonlyMap<number, Branch> | null;
}

export class Sieve {
  private readonly root: Branch;
  /** By two characters in a row: may a piece begin with them? One look lets nearly every place of a text go. */
  private readonly beginnings = new Uint8Array(PAIRS);
  /** Pieces of one character begin with it, whatever comes next. */
  private readonly singles: ReadonlySet<number>;

  /** None of them empty. */
  constructor(pieces: readonly string[]) {
    this.root = branchOf(
      pieces.map((text, index) => ({ text, index })),
      0,
    );
    this.singles = new Set(pieces.filter(({ length }) => length === 1).map((piece) => piece.charCodeAt(0)));
    for (const piece of pieces) this.beginnings[pairOf(piece.charCodeAt(0), piece.charCodeAt(1))] = 1;
  }

  /** The indexes of the pieces that `text` holds, each once. It looks at a character at most as often as the longest piece is long. */
  indexesIn(text: string): Set<number> {
    const found = new Set<number>();
    let next = text.charCodeAt(0);
    for (let at = 0; at < text.length; at++) {
      const code = next;
      next = text.charCodeAt(at + 1);
      if (this.beginnings[pairOf(code, next)] === 1 || this.singles.has(code)) this.follow(text, at, found);
    }
    return found;
  }

  private follow(text: string, at: number, found: Set<number>): void {
    let branch: Branch | undefined = this.root;
    for (let depth = at; branch; depth++) {
      for (const piece of branch.few) if (text.startsWith(piece.text, at)) found.add(piece.index);
      branch = branch.next?.get(text.charCodeAt(depth));
    }
  }
}

const PAIRS = 1 << 15;
/** Behind the end of a text stands NaN, which counts as nothing. */
const pairOf = (code: number, next: number): number => (Math.imul(code, 31) ^ (next * 7)) & (PAIRS - 1);

function branchOf(pieces: readonly Piece[], depth: number): Branch {
  if (pieces.length <= FEW) return { few: pieces, next: null };
  const [ending, going] = [
    pieces.filter(({ text }) => text.length === depth),
    pieces.filter(({ text }) => text.length > depth),
  ];
  if (going.length === 0) return { few: ending, next: null };
  const groups = Map.groupBy(going, ({ text }) => text.charCodeAt(depth));
  return { few: ending, next: new Map([...groups].map(([code, alike]) => [code, branchOf(alike, depth + 1)])) };
}

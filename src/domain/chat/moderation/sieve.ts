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

  /** None of them empty. */
  constructor(pieces: readonly string[]) {
    this.root = branchOf(
      pieces.map((text, index) => ({ text, index })),
      0,
    );
  }

  /** The indexes of the pieces that `text` holds, each once. It looks at a character at most as often as the longest piece is long. */
  indexesIn(text: string): Set<number> {
    const found = new Set<number>();
    for (let at = 0; at < text.length; at++) {
      let branch: Branch | undefined = this.root;
      for (let depth = at; branch; depth++) {
        for (const piece of branch.few) if (text.startsWith(piece.text, at)) found.add(piece.index);
        branch = branch.next?.get(text.charCodeAt(depth));
      }
    }
    return found;
  }
}

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

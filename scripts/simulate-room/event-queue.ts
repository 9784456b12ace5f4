// What happens when, in a simulation: a heap by time.

type Happening = (atMs: number) => void;

export class EventQueue {
  private readonly heap: { atMs: number; happens: Happening }[] = [];

  at(atMs: number, happens: Happening): void {
    const { heap } = this;
    let place = heap.length;
    heap.push({ atMs, happens });
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (heap[parent]!.atMs <= atMs) break;
      this.swap(place, parent);
      place = parent;
    }
  }

  /** Until nothing is left to happen. */
  run(): void {
    for (let next = this.take(); next; next = this.take()) next.happens(next.atMs);
  }

  private take() {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    heap[0] = last;
    for (let place = 0; ; ) {
      const left = 2 * place + 1;
      const right = left + 1;
      let least = place;
      if (left < heap.length && heap[left]!.atMs < heap[least]!.atMs) least = left;
      if (right < heap.length && heap[right]!.atMs < heap[least]!.atMs) least = right;
      if (least === place) return first;
      this.swap(place, least);
      place = least;
    }
  }

  private swap(one: number, other: number): void {
    const { heap } = this;
    [heap[one], heap[other]] = [heap[other]!, heap[one]!];
  }
}

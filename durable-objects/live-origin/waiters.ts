// Requests that wait for something to come: looked at again when their place is woken, given up after a limit.

interface Parked {
  /** Settles the request if it can be answered now. */
  look: () => boolean;
}

export class Waiters {
  private readonly places = new Map<string, Set<Parked>>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  /** What `look` gives as soon as it is not null; null when `limitMs` passed. */
  hold<Answer>(place: string, look: () => Answer | null, limitMs: number): Promise<Answer | null> {
    const first = look();
    if (first !== null) return Promise.resolve(first);
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        this.leave(place, parked);
        settle();
      };
      const parked: Parked = {
        look: () => {
          try {
            const answer = look();
            if (answer === null) return false;
            finish(() => resolve(answer));
          } catch (error) {
            finish(() => reject(error));
          }
          return true;
        },
      };
      const timer = setTimeout(() => finish(() => resolve(null)), limitMs);
      this.enter(place, parked);
    });
  }

  wake(place: string): void {
    for (const parked of [...(this.places.get(place) ?? [])]) parked.look();
  }

  wakeAll(): void {
    for (const place of [...this.places.keys()]) this.wake(place);
  }

  private enter(place: string, parked: Parked): void {
    const here = this.places.get(place) ?? new Set();
    this.places.set(place, here.add(parked));
    this.count += 1;
  }

  private leave(place: string, parked: Parked): void {
    const here = this.places.get(place);
    if (!here?.delete(parked)) return;
    this.count -= 1;
    if (here.size === 0) this.places.delete(place);
  }
}

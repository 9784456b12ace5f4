// While one call is under way what comes next gathers: many small words become few calls.

export class Together<Item> {
  private gathered: Item[] = [];
  private underWay: Promise<unknown> = Promise.resolve();
  private next: Promise<void> | null = null;
  private readonly bring: (items: Item[]) => Promise<unknown>;

  constructor(bring: (items: Item[]) => Promise<unknown>) {
    this.bring = bring;
  }

  /** Settles as the call does that brings it. */
  put(items: readonly Item[]): Promise<void> {
    this.gathered.push(...items);
    this.next ??= this.bringNext();
    return this.next;
  }

  private async bringNext(): Promise<void> {
    await this.underWay.catch(() => undefined);
    const items = this.gathered;
    this.gathered = [];
    this.next = null;
    this.underWay = this.bring(items);
    await this.underWay;
  }
}

import "server-only";

export type Room = {
  /** Tasks that are being answered at once. */
  places: number;
  /** Tasks that wait for a place. */
  waiting: number;
  /** Milliseconds that one waits for a place. */
  patience: number;
};

/** There is no room now. Nothing was done, and it can be tried again soon. */
export class Busy extends Error {
  readonly code = "EBUSY";
}

/**
 * Admits only as many tasks as can be answered soon. Under more load than the processor can carry, those admitted
 * stay fast and memory stays bounded, and the others learn at once that they should come back.
 */
export class Admission {
  private inside = 0;
  private readonly queue: { since: number; start: (admitted: boolean) => void }[] = [];

  constructor(private readonly room: Room) {}

  /** Waits for a place, first come, first served. @returns false when there was none in time */
  async enter(): Promise<boolean> {
    if (this.inside < this.room.places) {
      this.inside++;
      return true;
    }
    if (this.queue.length >= this.room.waiting) return false;
    return new Promise((start) => {
      const entry = { since: performance.now(), start };
      this.queue.push(entry);
      setTimeout(() => this.giveUp(entry), this.room.patience).unref();
    });
  }

  /** Gives the place to the next that still waits. */
  leave(): void {
    for (let next = this.queue.shift(); next; next = this.queue.shift()) {
      // When the processor is busy, the timer may be late.
      const isInTime = performance.now() - next.since < this.room.patience;
      next.start(isInTime);
      if (isInTime) return;
    }
    this.inside--;
  }

  /** How many are inside, and how many wait. */
  get load(): { inside: number; waiting: number } {
    return { inside: this.inside, waiting: this.queue.length };
  }

  private giveUp(entry: (typeof this.queue)[number]): void {
    const at = this.queue.indexOf(entry);
    if (at < 0) return;
    this.queue.splice(at, 1);
    entry.start(false);
  }
}

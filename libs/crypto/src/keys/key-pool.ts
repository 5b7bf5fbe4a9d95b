import { generateKeyPair, type KeyAlgorithm, type KeyPair } from './key-pair.js';

/** Key pairs in the making at a time, per algorithm: the thread pool (four threads) also serves files and name look-ups. */
const AT_ONCE = 2;

/**
 * Keeps a few key pairs ready, so that whoever needs one seldom waits for it. A store is filled up again when it is half empty, not at each key
 * taken: making an RSA key takes a tenth of a second of a core, which the work that the key was taken for can use better.
 */
export class KeyPool {
  private readonly shelves = new Map<KeyAlgorithm, Shelf>();
  private closed = false;

  /** `targets`: how many to keep of each algorithm. */
  constructor(private readonly targets: Partial<Record<KeyAlgorithm, number>>) {}

  /** A key pair that nobody else has or will get. */
  async take(algorithm: KeyAlgorithm): Promise<KeyPair> {
    return this.closed ? generateKeyPair(algorithm) : this.shelf(algorithm).take();
  }

  /** Resolves when every target is met. Rejects when a key cannot be made. */
  async fill(): Promise<void> {
    await Promise.all(algorithmsOf(this.targets).map((algorithm) => this.shelf(algorithm).full()));
  }

  /** Stops making keys; who waits for one still gets it. */
  close(): void {
    this.closed = true;
    for (const shelf of this.shelves.values()) shelf.close();
  }

  private shelf(algorithm: KeyAlgorithm): Shelf {
    const known = this.shelves.get(algorithm);
    if (known) return known;
    const shelf = new Shelf(algorithm, this.closed ? 0 : (this.targets[algorithm] ?? 0));
    this.shelves.set(algorithm, shelf);
    return shelf;
  }
}

const algorithmsOf = (targets: Partial<Record<KeyAlgorithm, number>>): KeyAlgorithm[] =>
  Object.keys(targets).filter((name): name is KeyAlgorithm => name in targets);

/** The keys of one algorithm. Who waits is served first come, first served, before anything is put in store. */
class Shelf {
  private readonly ready: KeyPair[] = [];
  private readonly waiting: { resolve: (pair: KeyPair) => void; reject: (reason: unknown) => void }[] = [];
  private whenFull: { resolve: () => void; reject: (reason: unknown) => void }[] = [];
  private making = 0;
  private filling = true;

  constructor(
    private readonly algorithm: KeyAlgorithm,
    private target: number,
  ) {}

  take(): Promise<KeyPair> {
    const pair = this.ready.pop();
    if (pair) {
      this.work();
      return Promise.resolve(pair);
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.work();
    });
  }

  full(): Promise<void> {
    if (this.ready.length >= this.target) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.whenFull.push({ resolve, reject });
      this.work();
    });
  }

  close(): void {
    this.target = 0;
    this.settle();
  }

  private work(): void {
    if (this.ready.length * 2 < this.target) this.filling = true;
    const wanted = (this.filling || this.whenFull.length > 0 ? this.target : 0) + this.waiting.length;
    while (this.making < AT_ONCE && this.ready.length + this.making < wanted) {
      this.making += 1;
      void generateKeyPair(this.algorithm).then(
        (pair) => this.made(pair),
        (error: unknown) => this.failed(error),
      );
    }
  }

  private made(pair: KeyPair): void {
    this.making -= 1;
    const next = this.waiting.shift();
    if (next) next.resolve(pair);
    else this.ready.push(pair);
    this.settle();
    this.work();
  }

  /** Whoever waits is told; nothing is tried again until someone asks. */
  private failed(error: unknown): void {
    this.making -= 1;
    for (const { reject } of [...this.waiting.splice(0), ...this.whenFull.splice(0)]) reject(error);
  }

  private settle(): void {
    if (this.ready.length < this.target) return;
    this.filling = false;
    for (const { resolve } of this.whenFull.splice(0)) resolve();
  }
}

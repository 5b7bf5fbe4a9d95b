import { generateKeyPair, type KeyAlgorithm, type KeyPair } from './key-pair.js';

/** Keeps a few key pairs ready, so that whoever needs one seldom waits for it. */
export class KeyPool {
  private readonly ready = new Map<KeyAlgorithm, KeyPair[]>();
  private readonly making = new Map<KeyAlgorithm, number>();
  private closed = false;

  /** `targets`: how many to keep of each algorithm. */
  constructor(private readonly targets: Partial<Record<KeyAlgorithm, number>>) {}

  /** A key pair that nobody else has or will get. */
  async take(algorithm: KeyAlgorithm): Promise<KeyPair> {
    const pair = this.ready.get(algorithm)?.pop();
    void this.refill(algorithm);
    return pair ?? generateKeyPair(algorithm);
  }

  /** Resolves when every target is met. */
  async fill(): Promise<void> {
    await Promise.all(Object.keys(this.targets).map((algorithm) => this.refill(algorithm as KeyAlgorithm)));
  }

  /** Stops making keys. */
  close(): void {
    this.closed = true;
  }

  private async refill(algorithm: KeyAlgorithm): Promise<void> {
    const pairs = this.ready.get(algorithm) ?? [];
    this.ready.set(algorithm, pairs);
    const missing = (this.targets[algorithm] ?? 0) - pairs.length - (this.making.get(algorithm) ?? 0);
    if (missing <= 0) return;
    this.making.set(algorithm, (this.making.get(algorithm) ?? 0) + missing);
    await Promise.all(
      Array.from({ length: missing }, async () => {
        try {
          if (!this.closed) pairs.push(await generateKeyPair(algorithm));
        } finally {
          this.making.set(algorithm, (this.making.get(algorithm) ?? 1) - 1);
        }
      }),
    );
  }
}

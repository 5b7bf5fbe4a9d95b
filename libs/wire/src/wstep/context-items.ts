/** An item of `AdditionalContext`. */
export interface ContextItem {
  readonly name: string;
  readonly value: string;
}

/** What a device says of itself and of its wish (reference 04, 3.1). Order means nothing; names compare without regard to case, because `PlugAndForget` is spelt in two ways. */
export class ContextItems {
  constructor(readonly items: readonly ContextItem[]) {}

  /** First value of that name. */
  get(name: string): string | undefined {
    return this.all(name)[0];
  }

  /** Values of a name that repeats: `MAC`, `IMEI`. */
  all(name: string): readonly string[] {
    const wanted = name.toLowerCase();
    return this.items.filter((item) => item.name.toLowerCase() === wanted).map(({ value }) => value);
  }

  /** Whether the value parses as true: `True` and `true` both occur. */
  flag(name: string): boolean {
    return this.get(name)?.trim().toLowerCase() === 'true';
  }
}

/** The mode flags in the order in which Windows picks one (reference 04, 3.1 [win-static]). */
export const modeFlags = [
  'AzVMIAMExtensionJoin',
  'BulkAADJ',
  'BootstrapDomainJoin',
  'PlugAndForget',
  'WhiteGlove',
  'WhiteGloveHybridJoin',
] as const;
export type ModeFlag = (typeof modeFlags)[number];

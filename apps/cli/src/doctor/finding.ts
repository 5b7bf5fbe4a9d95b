/** `ok`, `note` (something optional is missing), or `bad` (it will not work like this). */
export interface Finding {
  readonly grade: 'ok' | 'note' | 'bad';
  readonly text: string;
}

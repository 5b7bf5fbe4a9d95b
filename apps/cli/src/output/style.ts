import { createColors } from 'picocolors';

/** How text is marked for people; without colours every function returns its text as it is. */
export type Style = ReturnType<typeof createColors>;

/** Colours on a terminal only, and not when the user does not want them (https://no-color.org). */
export function styleFor(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv = process.env): Style {
  return createColors(stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb');
}

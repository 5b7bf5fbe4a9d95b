import { type Json, type Look, type Part } from './view.js';

/** Shorter texts wrap nothing. */
const LEAST = 24;
const BASE64 = /^[A-Za-z0-9+/_-]{24,}={0,2}$/;

/** Structures in the texts of a value: tokens, markup and JSON in it, and whatever base64 hides. */
export function partsOf(value: Json, look: Look, at = ''): Part[] {
  if (typeof value === 'string') return partsOfText(value, look, at);
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => partsOf(item, look, `${at}[${index}]`));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, member]) => partsOf(member, look, at === '' ? name : `${at}.${name}`));
}

function partsOfText(text: string, look: Look, at: string): Part[] {
  const bare = text.trim().replace(/^Bearer /, '');
  if (bare.length < LEAST) return [];
  const view = look(Buffer.from(bare, 'utf8')) ?? hidden(bare, look);
  return view ? [{ at, view }] : [];
}

function hidden(text: string, look: Look): Part['view'] | undefined {
  const tight = text.replace(/\s+/g, '');
  return BASE64.test(tight) ? look(Buffer.from(tight, 'base64')) : undefined;
}

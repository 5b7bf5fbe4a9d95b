const two = (value: number): string => String(value).padStart(2, '0');

/** `MM-dd-yyyy H:mm:ssZ`, UTC; the hour is not padded (reference 06, D-A34 [trace]). */
export function formatDrsTime(time: Date): string {
  const date = `${two(time.getUTCMonth() + 1)}-${two(time.getUTCDate())}-${time.getUTCFullYear()}`;
  return `${date} ${time.getUTCHours()}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}Z`;
}

/** `M/d/yyyy h:mm:ss tt`, UTC: the nonce service's form (reference 02, 9.3 [doc]). */
export function formatNonceTime(time: Date): string {
  const hour = time.getUTCHours();
  const date = `${time.getUTCMonth() + 1}/${time.getUTCDate()}/${time.getUTCFullYear()}`;
  return `${date} ${hour % 12 || 12}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} ${hour < 12 ? 'AM' : 'PM'}`;
}

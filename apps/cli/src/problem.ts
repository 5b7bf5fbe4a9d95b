/** Something that the command's user can do something about; the message says what. */
export class CommandError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
  }
}

/**
 * Errors whose message is for people, by name: their modules are heavy, and most commands need none of them.
 */
const forPeople: ReadonlySet<string> = new Set([
  'CommandError',
  'ConfigError',
  'ScenarioError',
  'ControlError',
  'EmbeddedPostgresError',
  'NewerSchemaError',
  'PortError',
  'SwtpmMissingError',
  'TpmError',
  'TpmPlaceError',
  'AdministratorError',
  'NetworkError',
]);

const byCode: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use: stop the other program or choose another port',
  EACCES: 'permission denied: choose a place or a port that you may use',
  EPERM: 'permission denied: choose a place or a port that you may use',
  EROFS: 'the file system is read-only: choose another place',
  ENOSPC: 'there is no space left on the disk: free some, or set GREENSCREEN_DATA_DIR to another disk',
  ENOENT: 'there is no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  ECONNREFUSED: 'nothing listens there: is it running?',
  ENOTFOUND: 'there is no such host',
  '28P01': 'the database refuses this password',
  '28000': 'the database refuses this user',
  '3D000': 'there is no such database',
  '53100': 'the disk of the database is full: free some space',
};

/** One line for people when the reason is known; otherwise the error with its origin, because it is a defect of ours. */
export function explain(error: unknown): string {
  if (error instanceof Error && forPeople.has(error.name)) return error.message;
  const known = byCode[codeOf(error)];
  if (known === undefined) return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const place = placeOf(error);
  return place ? `${place}: ${known}` : `${messageOf(error)}: ${known}`;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The file or address that the system's error is about. */
function placeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('path' in error && typeof error.path === 'string') return error.path;
  return 'address' in error && 'port' in error ? `${String(error.address)}:${String(error.port)}` : undefined;
}

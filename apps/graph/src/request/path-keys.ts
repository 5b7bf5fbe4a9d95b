import { type NextFunction, type Request, type Response } from 'express';

/** `devices('id')` and `devices(deviceId='id')` are other spellings of `devices/id` and `devices/deviceId=id` (OData 4.0, 4.3). */
export function withPlainKeys(url: string): string {
  const [path = '', query] = url.split(/\?(.*)/s);
  const plain = path.replace(/\((?:(\w+)=)?(?:'|%27)?([\w.@-]+)(?:'|%27)?\)/gi, (_, name: string | undefined, key: string) =>
    name === undefined ? `/${key}` : `/${name}=${key}`,
  );
  return query === undefined ? plain : `${plain}?${query}`;
}

/** Routes see the plain spelling; the journal keeps what came. */
export function pathKeysMiddleware(request: Request, _response: Response, next: NextFunction): void {
  request.url = withPlainKeys(request.url);
  next();
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const isGuid = (text: string): boolean => GUID.test(text);

/** Address of a controller in both versions of Graph. Express compares paths without regard to case, which clients rely on (01, 3.1). */
export const bothVersions = (path: string): string[] => [`v1.0/${path}`, `beta/${path}`];

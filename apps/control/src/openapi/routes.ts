import { operationOf } from '@greenscreen/host/exchange';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { type DiscoveryService, MetadataScanner } from '@nestjs/core';
import { type Description, descriptionOf } from './describe.decorator.js';

/** A handler as Nest knows it. */
export interface Route {
  /** Lower case. */
  readonly method: string;
  /** `/journal/{id}` */
  readonly path: string;
  /** Name of its operation. */
  readonly operation: string;
  /** First segment of the address. */
  readonly group: string;
  readonly parameters: readonly string[];
  /** Members of the query that it takes one by one. */
  readonly query: readonly string[];
  readonly headers: readonly string[];
  readonly takesBody: boolean;
  readonly description: Partial<Description>;
}

/** Every handler of the API: what is described is what there is. */
export function routesOf(discovery: DiscoveryService): Route[] {
  const scanner = new MetadataScanner();
  return discovery.getControllers().flatMap(({ metatype, instance }) => {
    if (typeof metatype !== 'function') return [];
    const prototype = Object.getPrototypeOf(instance) as object;
    return scanner.getAllMethodNames(prototype).flatMap((name) => routeOf(metatype, prototype, name));
  });
}

function routeOf(controller: object, prototype: object, name: string): Route[] {
  const handler: unknown = Reflect.get(prototype, name);
  if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) return [];
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod].toLowerCase();
  const path = [controller, handler].map((owner) => String(Reflect.getMetadata(PATH_METADATA, owner))).join('/');
  const address = `/${path.split('/').filter(Boolean).join('/')}`.replaceAll(/:(\w+)/g, '{$1}');
  const named = operationOf(handler)?.operation;
  const taken = argumentsOf(controller, name);
  return [
    {
      method,
      path: address,
      operation: typeof named === 'string' ? named : name,
      group: address.split('/')[1] ?? '',
      parameters: [...address.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => parameter),
      query: taken.flatMap(({ type, data }) => (type === RouteParamtypes.QUERY && data !== undefined ? [data] : [])),
      headers: taken.flatMap(({ type, data }) =>
        type === RouteParamtypes.HEADERS && data !== undefined && data !== 'content-type' ? [data] : [],
      ),
      takesBody: taken.some(({ type }) => type === RouteParamtypes.BODY),
      description: descriptionOf(handler) ?? {},
    },
  ];
}

/** Nest keys the arguments of a handler by `<type>:<index>`. */
function argumentsOf(controller: object, name: string): { type: RouteParamtypes; data: string | undefined }[] {
  const known = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, { data?: string }>;
  return Object.entries(known).map(([key, { data }]) => ({ type: Number(key.split(':')[0]), data }));
}

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type NextFunction, type Request, type Response } from 'express';
import { type IncomingMessage } from 'node:http';
import { timingSafeEqual } from 'node:crypto';

/** The certificate that a client presented in the TLS handshake. Whether it is any good is the service's business. */
export interface PresentedCertificate {
  readonly der: Buffer;
}

/** Headers between gateway and services; the gateway removes them from what clients send. */
export const CLIENT_CERTIFICATE_HEADER = 'x-greenscreen-client-certificate';
export const GATEWAY_HEADER = 'x-greenscreen-gateway';

const presented = new WeakMap<IncomingMessage, PresentedCertificate>();

/** For a gateway in the same process: no header is involved, so there is nothing to forge. */
export function presentCertificate(request: IncomingMessage, der: Buffer): void {
  presented.set(request, { der });
}

/** Believes the header only when the request carries the secret that this installation's gateway and services share. */
export function clientCertificateMiddleware(gatewaySecret: Buffer) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    const certificate = request.headers[CLIENT_CERTIFICATE_HEADER];
    const secret = request.headers[GATEWAY_HEADER];
    delete request.headers[CLIENT_CERTIFICATE_HEADER];
    delete request.headers[GATEWAY_HEADER];
    if (typeof certificate === 'string' && typeof secret === 'string') {
      const given = Buffer.from(secret, 'base64url');
      if (given.length === gatewaySecret.length && timingSafeEqual(given, gatewaySecret)) {
        presented.set(request, { der: Buffer.from(certificate, 'base64') });
      }
    }
    next();
  };
}

export function clientCertificateOf(request: IncomingMessage): PresentedCertificate | undefined {
  return presented.get(request);
}

/** Handler parameter: the presented client certificate, or undefined. */
export const ClientCertificate = createParamDecorator((_data: unknown, context: ExecutionContext): PresentedCertificate | undefined =>
  clientCertificateOf(context.switchToHttp().getRequest<Request>()),
);

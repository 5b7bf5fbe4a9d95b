import { decodeSignedData } from '@greenscreen/crypto/cms';
import { decodeCertificate } from '@greenscreen/crypto/x509';
import { type RunResult } from '@greenscreen/scenarios/run';
import { spawn, spawnSync } from 'node:child_process';
import { connect } from 'node:tls';
import { type Lab } from '../support/lab.js';

export const programsInstalled = (...programs: string[]): boolean =>
  programs.every((program) => spawnSync(program, [program === 'curl' ? '--version' : 'version']).status === 0);

export interface SeenCertificate {
  /** Where the run met it. */
  readonly where: string;
  readonly der: Buffer;
}

/** Every certificate that a run met, once: in the device's stores and its TPM, in the AIK authority's answers, in handshakes. */
export async function certificatesOf(lab: Lab, result: RunResult): Promise<SeenCertificate[]> {
  const seen: SeenCertificate[] = [
    ...result.certificates.map(({ store, der }) => ({ where: store, der })),
    ...(result.ekCertificate ? [{ where: 'TPM', der: result.ekCertificate }] : []),
    ...(await scepCertificates(lab, result)),
    ...(await hostCertificates(lab, result)),
  ];
  return [...new Map(seen.map((one) => [one.der.toString('base64'), one])).values()];
}

async function scepCertificates({ control }: Lab, { run }: RunResult): Promise<SeenCertificate[]> {
  const lines = await control.journal({ run, service: 'aik' });
  const answers = await Promise.all(lines.map(({ id }) => control.journalExchange(id)));
  return answers.flatMap(({ operation, response }) =>
    'base64' in response
      ? decodeSignedData(Buffer.from(response.base64, 'base64')).certificates.map(({ der }) => ({ where: `aik ${operation}`, der }))
      : [],
  );
}

function hostCertificates({ address }: Lab, { traffic }: RunResult): Promise<SeenCertificate[]> {
  const secure = traffic.map(({ request }) => new URL(request.url)).filter(({ protocol }) => protocol === 'https:');
  return Promise.all(
    [...new Set(secure.map(({ hostname }) => hostname))].map(async (host) => ({
      where: host,
      der: await shownFor(host, address.gateway.port),
    })),
  );
}

function shownFor(servername: string, port: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Trust is for openssl to judge.
    const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().raw);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

/** `DC=net + …`: the subject as Node prints it, in one line; its issuer's for certificates without one. */
export function nameOf(der: Buffer): string {
  const { x509 } = decodeCertificate(der);
  const [subject, issuer] = [x509.subject, x509.issuer].map((name) => (name ?? '').replaceAll('\n', ', '));
  return subject === undefined || subject === '' ? `(issued by ${issuer})` : subject;
}

/** The same with one bit of it turned over, in the signature. */
export function damaged(der: Buffer): Buffer {
  const copy = Buffer.from(der);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

export interface CurlAnswer {
  readonly exitCode: number;
  /** 0: there was none. */
  readonly status: number;
  readonly message: string;
}

/** Asks for `https://<host>:<port>/` at this machine, as a person would who has the trust bundle. */
export function curl(host: string, port: number, ...trust: string[]): Promise<CurlAnswer> {
  const child = spawn('curl', [
    ...['--silent', '--show-error', '--max-time', '20', '--output', '-', '--write-out', '\\n%{http_code}'],
    ...[...trust, '--noproxy', '*', '--resolve', `${host}:${port}:127.0.0.1`, `https://${host}:${port}/`],
  ]);
  const [output, errors]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const printed = Buffer.concat(output).toString('utf8');
      const message = Buffer.concat(errors).toString('utf8');
      resolve({ exitCode: code ?? -1, status: Number(/\n(\d+)$/.exec(printed)?.[1] ?? 0), message });
    });
  });
}

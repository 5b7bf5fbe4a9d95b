import { attributeOf, parseXml, type XmlElement, XmlError, xml } from '../xml/index.js';
import { MsiJobError } from './error.js';

/** What Exec of `DownloadInstall` asks for (EnterpriseDesktopAppManagement CSP; reference 04, 4.5). */
export interface MsiInstallJob {
  /** `{…}`, as sent. */
  readonly productCode: string;
  readonly version: string;
  /** Places of the MSI, in order of preference. */
  readonly urls: readonly string[];
  /** SHA-256 of the MSI, hex as sent. */
  readonly fileHash: string;
  readonly commandLine: string;
  /** Minutes that the installer may take. */
  readonly timeoutMinutes: number;
  readonly retryCount: number;
  /** Minutes between attempts. */
  readonly retryIntervalMinutes: number;
}

/** Values that the CSP assumes for what a job leaves out [our choice]. */
const defaults = { timeoutMinutes: 10, retryCount: 3, retryIntervalMinutes: 5 } as const;

const NUMBER = /^\d{1,6}$/;

/** XML text, for `Data` of an item, which escapes it. */
export function encodeMsiInstallJob(job: MsiInstallJob): string {
  return xml`<MsiInstallJob id="${job.productCode}"><Product Version="${job.version}"><Download><ContentURLList>${job.urls.map((url) => xml`<ContentURL>${url}</ContentURL>`)}</ContentURLList></Download><Validation><FileHash>${job.fileHash}</FileHash></Validation><Enforcement><CommandLine>${job.commandLine}</CommandLine><TimeOut>${job.timeoutMinutes}</TimeOut><RetryCount>${job.retryCount}</RetryCount><RetryInterval>${job.retryIntervalMinutes}</RetryInterval></Enforcement></Product></MsiInstallJob>`.toString();
}

/** @throws {MsiJobError} for anything that is no job with a product, a place to get it from and its hash */
export function decodeMsiInstallJob(text: string): MsiInstallJob {
  const root = parse(text);
  if (root.name !== 'MsiInstallJob') throw new MsiJobError(`the root is ${root.name}`);
  const product = child(root, 'Product');
  const urls = child(child(product, 'Download'), 'ContentURLList')
    .children.filter(({ name }) => name === 'ContentURL')
    .map((url) => url.text.trim());
  if (urls.length === 0) throw new MsiJobError('there is no ContentURL');
  const enforcement = find(product, 'Enforcement');
  const number = (name: string, otherwise: number): number => {
    const found = enforcement && find(enforcement, name)?.text.trim();
    if (found === undefined) return otherwise;
    if (!NUMBER.test(found)) throw new MsiJobError(`${name} is "${found}"`);
    return Number(found);
  };
  return {
    productCode: attribute(root, 'id'),
    version: attribute(product, 'Version'),
    urls,
    fileHash: child(child(product, 'Validation'), 'FileHash').text.trim(),
    commandLine: (enforcement && find(enforcement, 'CommandLine')?.text.trim()) ?? '',
    timeoutMinutes: number('TimeOut', defaults.timeoutMinutes),
    retryCount: number('RetryCount', defaults.retryCount),
    retryIntervalMinutes: number('RetryInterval', defaults.retryIntervalMinutes),
  };
}

function parse(text: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) throw new MsiJobError(error.message, { cause: error });
    throw error;
  }
}

/** The format has no namespace; one that a server sets all the same does not matter. */
const find = (parent: XmlElement, name: string): XmlElement | undefined => parent.children.find((candidate) => candidate.name === name);

function child(parent: XmlElement, name: string): XmlElement {
  const found = find(parent, name);
  if (!found) throw new MsiJobError(`${parent.name} has no ${name}`);
  return found;
}

function attribute(element: XmlElement, name: string): string {
  const value = attributeOf(element, name);
  if (!value) throw new MsiJobError(`${element.name} has no ${name}`);
  return value;
}

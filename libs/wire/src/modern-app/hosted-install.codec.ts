import { attributeOf, parseXml, XmlError, xml } from '../xml/index.js';

/** Exec data that asks for no package. */
export class HostedInstallError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'HostedInstallError';
  }
}

/** What Exec of `HostedInstall` asks for (EnterpriseModernAppManagement CSP). */
export interface HostedInstall {
  readonly packageUri: string;
}

/** XML text, for `Data` of an item, which escapes it. */
export const encodeHostedInstall = ({ packageUri }: HostedInstall): string =>
  xml`<Application PackageUri="${packageUri}" DeploymentOptions="0" />`.toString();

/** @throws {HostedInstallError} for anything that is no application with a package */
export function decodeHostedInstall(text: string): HostedInstall {
  try {
    const root = parseXml(text);
    const packageUri = root.name === 'Application' ? attributeOf(root, 'PackageUri') : undefined;
    if (!packageUri) throw new HostedInstallError('there is no package');
    return { packageUri };
  } catch (error) {
    if (error instanceof XmlError) throw new HostedInstallError(error.message, { cause: error });
    throw error;
  }
}

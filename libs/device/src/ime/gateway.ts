import { CmsError, decryptEnvelopedData } from '@greenscreen/crypto/cms';
import {
  type ContentKey,
  decodeContentInfo,
  decodeContentKey,
  decodeGatewaySession,
  decodeSelectedApps,
  decodeServiceAddresses,
  encodeGatewayRequest,
  gatewaySessionUrl,
  ImeCodecError,
  type RequestContentType,
  type SelectedApp,
  SERVICE_ADDRESSES_PATH,
  SIDECAR_SERVICE,
} from '@greenscreen/wire/ime';
import { type ClientIdentity, DeploymentError, type DeviceContext, hresultOfStatus } from '../context/index.js';

/** What the agent needs of the device. */
export type AgentContext = Pick<DeviceContext, 'network' | 'clock' | 'random' | 'traits' | 'files' | 'events' | 'timeline'>;

/** The one host that the agent knows [client: secureworks/pytune]. */
const LOCATION = 'https://manage.microsoft.com';
/** ERROR_NOT_FOUND: no address for the gateway. */
const NO_GATEWAY = 0x80070490;
/** ERROR_INVALID_DATA. */
export const UNREADABLE = 0x8007000d;

/** Reads an answer; one that is none is a failure like any other. */
export function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ImeCodecError || error instanceof CmsError || error instanceof SyntaxError)
      throw new DeploymentError(UNREADABLE, error.message, { cause: error });
    throw error;
  }
}

/** Where and how the agent talks to its gateway. Every failure is a DeploymentError, or NetworkError when nobody answers. */
export class AgentGateway {
  private address: string | undefined;

  constructor(
    private readonly context: AgentContext,
    private readonly identity: () => ClientIdentity,
    private readonly deviceId: () => string,
  ) {}

  /** Asks the location service, by the MDM certificate, which gateway is responsible. */
  async locate(): Promise<void> {
    const response = await this.context.network.http({
      service: 'ime',
      operation: 'ServiceAddresses',
      method: 'GET',
      url: LOCATION + SERVICE_ADDRESSES_PATH,
      headers: { Accept: 'application/json' },
      clientCertificate: this.identity(),
    });
    if (response.status !== 200) throw new DeploymentError(hresultOfStatus(response.status), 'The agent was not told its gateway');
    const services = readable(() => decodeServiceAddresses(response.text()));
    this.address = services.find(({ serviceName }) => serviceName === SIDECAR_SERVICE)?.url;
    if (this.address === undefined) throw new DeploymentError(NO_GATEWAY, 'There is no gateway for the agent');
  }

  /** Apps that this device is to have, in their order. */
  async selectedApps(): Promise<SelectedApp[]> {
    const payload = await this.ask('GetSelectedApp', []);
    return readable(() => decodeSelectedApps(payload));
  }

  /** Where an app's content is, and its key, which only this device's certificate opens. */
  async contentOf(app: SelectedApp): Promise<{ readonly url: string; readonly key: ContentKey }> {
    const payload = await this.ask('GetContentInfo', {
      ApplicationId: app.id,
      ApplicationVersion: app.version,
      Intent: app.intent,
      CertificateBlob: this.identity().certificate.toString('base64'),
    });
    return readable(() => {
      const { uploadLocation, encryptedKey } = decodeContentInfo(payload);
      return { url: uploadLocation, key: decodeContentKey(decryptEnvelopedData(encryptedKey, this.identity().key).content) };
    });
  }

  private async ask(contentType: RequestContentType, payload: unknown): Promise<string> {
    const { network, random, traits } = this.context;
    if (this.address === undefined) await this.locate();
    const sessionId = random.uuid();
    const response = await network.http({
      service: 'ime',
      operation: 'ImeSession',
      method: 'PUT',
      url: gatewaySessionUrl(this.address ?? '', sessionId),
      headers: { 'Content-Type': 'application/json', Prefer: 'return-content' },
      body: encodeGatewayRequest({
        sessionId,
        contentType,
        payload,
        clientInfo: {
          DeviceName: '',
          OperatingSystemVersion: `10.0.${traits.osBuild}`,
          SideCarAgentVersion: '1.83.107.0',
          DeviceId: this.deviceId(),
        },
        checkinReason: 'ServiceStart',
      }),
      clientCertificate: this.identity(),
    });
    if (response.status !== 200)
      throw new DeploymentError(hresultOfStatus(response.status), `The agent's gateway answered ${response.status}`);
    return readable(() => decodeGatewaySession(response.text()).responsePayload ?? '');
  }
}

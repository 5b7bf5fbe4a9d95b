import { spkiOf } from '@greenscreen/crypto/keys';
import { encodeCsr } from '@greenscreen/crypto/pkcs10';
import { decodeCertificate } from '@greenscreen/crypto/x509';
import { type DeviceContext } from '../context/index.js';
import { type Registration } from '../join/index.js';
import { requestP2pCertificate, requestPrt, type UserCredentials, type UserSignIn } from '../token/index.js';
import { signInObstacle } from './automatic-sign-in.js';
import { computerName } from './computer-name.js';
import { type Installation, required } from './installation.js';
import { credentialOf } from './technician-enrollment.js';

/** The credential buffer is replayed: PRT with the session key under the new transport key, then the P2P certificate (reference 05, U8). */
export async function signInToWindows(installation: Installation, signIn: UserSignIn, user: UserCredentials): Promise<void> {
  const { context, service } = installation;
  const registration = required(installation.registration, 'registration');
  const { tokenEndpoint } = required(service, 'registration service');
  const credential = credentialOf(context, registration);
  const obstacle = installation.management && signInObstacle(installation.management.tree);
  if (installation.credentialsLost || obstacle !== undefined) {
    const why = installation.credentialsLost ? 'The credentials are gone' : `${obstacle ?? ''} is set`;
    context.timeline.note({ kind: 'screen', screen: 'windows-sign-in', text: `${why}: the user signs in once more` });
  }
  context.events.emit('aad', 1006);
  installation.prt = await requestPrt(context, {
    tokenEndpoint,
    credential,
    proof: { username: user.upn, password: user.password },
    unwrap: (wrapped) => context.tpm.decryptOaep(registration.keys.transport, wrapped),
  });
  context.events.emit('aad', 1007);
  const { certificate } = await requestP2pCertificate(context, {
    tokenEndpoint,
    credential,
    csr: await p2pCsr(context, registration),
    netbiosName: computerName(context),
    dnsNames: [computerName(context)],
  });
  context.stores.add('LocalMachine\\My', certificate, { kind: 'tpm', handle: registration.keys.device.handle });
  context.timeline.note({ kind: 'local', what: `${signIn.upn} is signed in; the session of defaultuser0 ended` });
}

/** A request for the device's own name and key (reference 02, 8.3). */
const p2pCsr = ({ tpm }: DeviceContext, { certificate, keys }: Registration): Promise<Buffer> =>
  encodeCsr({ subject: decodeCertificate(certificate.der).subject.raw, spki: spkiOf(keys.device.publicKey) }, (digest) =>
    tpm.sign(keys.device, digest),
  );

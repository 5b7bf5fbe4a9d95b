import { describe, expect, it } from '@jest/globals';
import { msOrganizationAccessNameDer } from './entra.js';

describe('MS-Organization-Access', () => {
  it('02-25 has the issuer Name of reference 02, 11.1, byte for byte', () => {
    expect(msOrganizationAccessNameDer.toString('hex')).toBe(
      '307831763011060a0992268993f22c64011916036e65743015060a0992268993f22c640119160777696e646f7773301d060355040313164d532d4f7267616e697a6174696f6e2d416363657373302b060355040b132438326462616361342d336538312d343663612d396337332d303935306331656163613937',
    );
  });
});

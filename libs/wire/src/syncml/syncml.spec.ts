import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeSyncMessage, encodeSyncMessage, succeeded, SyncMlError, type SyncMessage } from './index.js';

/** Reference 04, 7: the first package of a white-glove device, as printed there. */
const PACKAGE_1 = `<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID><Target><LocURI>https://r.manage.microsoft.com/devicegatewayproxy/cimhandler.ashx</LocURI></Target><Source><LocURI>9E41C7D20B8A4F5D8C3361F0AB24D7E9</LocURI></Source></SyncHdr><SyncBody><Alert><CmdID>2</CmdID><Data>1201</Data></Alert><Alert><CmdID>3</CmdID><Data>1224</Data><Item><Meta><Type xmlns="syncml:metinf">com.microsoft/MDM/LoginStatus</Type></Meta><Data>others</Data></Item></Alert><Replace><CmdID>5</CmdID><Item><Source><LocURI>./DevInfo/DevId</LocURI></Source><Data>9E41C7D20B8A4F5D8C3361F0AB24D7E9</Data></Item><Item><Source><LocURI>./DevInfo/Man</LocURI></Source><Data>Contoso</Data></Item></Replace><Final/></SyncBody></SyncML>`;

const message = (commands: SyncMessage['commands'], header: Partial<SyncMessage['header']> = {}): SyncMessage => ({
  header: { sessionId: '1', msgId: '2', target: 'T', source: 'S', ...header },
  commands,
  final: true,
});

describe('SyncML messages', () => {
  test('package 1 survives byte for byte', () => {
    const decoded = decodeSyncMessage(PACKAGE_1);
    expect(decoded.commands.map(({ verb }) => verb)).toEqual(['Alert', 'Alert', 'Replace']);
    expect(encodeSyncMessage(decoded).toString('utf8')).toBe(PACKAGE_1);
  });

  test('every kind of command survives a round trip', () => {
    const all = message(
      [
        {
          verb: 'Status',
          cmdId: '1',
          msgRef: '1',
          cmdRef: '0',
          cmd: 'SyncHdr',
          targetRefs: ['T'],
          sourceRefs: ['S'],
          challenge: { format: 'b64', type: 'syncml:auth-md5', nextNonce: 'AAECAw==' },
          code: 407,
          items: [],
        },
        { verb: 'Results', cmdId: '2', msgRef: '1', cmdRef: '6', items: [{ source: './DevDetail/SwV', data: '10.0' }] },
        {
          verb: 'Alert',
          cmdId: '3',
          code: 1226,
          items: [{ meta: { format: 'int', type: 'com.microsoft:mdm.unenrollment.userrequest', mark: 'critical' }, data: '1' }],
        },
        {
          verb: 'Atomic',
          cmdId: '4',
          commands: [
            {
              verb: 'Replace',
              cmdId: '5',
              items: [{ target: './A', meta: { format: 'chr', type: 'text/plain' }, data: '<a b="c">&\uf000' }],
            },
            { verb: 'Sequence', cmdId: '6', commands: [{ verb: 'Delete', cmdId: '7', items: [{ target: './B' }] }] },
          ],
        },
        { verb: 'Add', cmdId: '8', meta: { format: 'b64' }, items: [{ target: './C', data: 'AA', moreData: true }] },
      ],
      { sourceName: 'user', credentials: { type: 'syncml:auth-md5', format: 'b64', data: 'x' }, maxMsgSize: 524_288 },
    );
    const bytes = encodeSyncMessage(all);
    expect(decodeSyncMessage(bytes)).toEqual(all);
    expect(bytes.toString('hex')).toContain('ef8080');
  });

  test('any text survives as data', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (data) => {
        // White space alone is dropped by the parser.
        fc.pre(data.trim() !== '');
        const [command] = decodeSyncMessage(
          encodeSyncMessage(message([{ verb: 'Get', cmdId: '1', items: [{ target: './A', data }] }])),
        ).commands;
        expect(command).toMatchObject({ items: [{ data }] });
      }),
    );
  });

  test.each(['SYNCML:SYNCML1.1', ''])('namespace "%s" is read', (namespace) => {
    const other = PACKAGE_1.replace(' xmlns="SYNCML:SYNCML1.2"', namespace ? ` xmlns="${namespace}"` : '');
    expect(decodeSyncMessage(other)).toEqual(decodeSyncMessage(PACKAGE_1));
  });

  test('Format without metinf counts, CDATA is data, prefixes do not matter', () => {
    const text = `<x:SyncML xmlns:x="SYNCML:SYNCML1.2"><x:SyncHdr><x:VerDTD>1.2</x:VerDTD><x:VerProto>DM/1.2</x:VerProto><x:SessionID>A</x:SessionID><x:MsgID>1</x:MsgID><x:Target><x:LocURI>T</x:LocURI></x:Target><x:Source><x:LocURI>S</x:LocURI></x:Source></x:SyncHdr><x:SyncBody><x:Replace><x:CmdID>1</x:CmdID><x:Item><x:Meta><x:Format>xml</x:Format></x:Meta><x:Data><![CDATA[<a/>]]></x:Data></x:Item></x:Replace></x:SyncBody></x:SyncML>`;
    expect(decodeSyncMessage(text)).toEqual({
      header: { sessionId: 'A', msgId: '1', target: 'T', source: 'S' },
      commands: [{ verb: 'Replace', cmdId: '1', items: [{ meta: { format: 'xml' }, data: '<a/>' }] }],
      final: false,
    });
  });

  test.each([
    ['not XML', 'nonsense'],
    ['empty', ''],
    ['a DOCTYPE', `<!DOCTYPE a>${PACKAGE_1}`],
    ['another root', PACKAGE_1.replaceAll('SyncML', 'Sync')],
    ['another namespace', PACKAGE_1.replace('SYNCML1.2', 'SYNCML2')],
    ['another protocol', PACKAGE_1.replace('DM/1.2', 'DM/1.1')],
    ['no SessionID', PACKAGE_1.replace('<SessionID>1</SessionID>', '')],
    ['no Source', PACKAGE_1.replace(/<Source><LocURI>9E41.*?<\/Source>/, '')],
    ['no body', PACKAGE_1.replace(/<SyncBody>.*<\/SyncBody>/, '')],
    ['an unknown command', PACKAGE_1.replaceAll('Replace>', 'Copy>')],
    ['an alert without a number', PACKAGE_1.replace('1201', 'x')],
  ])('%s is refused', (_what, text) => {
    expect(() => decodeSyncMessage(text)).toThrow(SyncMlError);
  });

  test('only an Add is content with a node that is there', () => {
    expect([succeeded('Add', 418), succeeded('Replace', 418), succeeded('Exec', 202), succeeded('Get', 404)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

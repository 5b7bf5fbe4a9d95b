import { describe, expect, it } from '@jest/globals';
import { catalogue, findScenario } from '../format/index.js';
import { queryOf } from './query.js';
import { searchScenarios } from './search.js';

const scenarios = catalogue().map(findScenario);
const search = (text: string) => searchScenarios(scenarios, text);
const ids = (text: string): string[] => search(text).map(({ scenario }) => scenario.id);
const first = (text: string) => search(text)[0];

describe('what somebody looks for', () => {
  it.each(['0x801c03f3', '801C03F3', '0X801C03F3', '-2145647629', '2149319667'])('%s is an HRESULT', (text) => {
    expect(queryOf(text)).toEqual({ kind: 'hresult', hresult: '0x801c03f3' });
  });

  it('an alias is what it stands for', () => {
    expect(queryOf('0xc1036501')).toEqual({ kind: 'hresult', hresult: '0x81036501' });
  });

  it.each([
    ['204', undefined],
    ['event 204', undefined],
    ['UDR 204', 'udr'],
    ['udr/204', 'udr'],
  ])('%s is an event', (text, channel) => {
    expect(queryOf(text)).toEqual({ kind: 'number', number: 204, channel });
  });

  it.each(['object deleted', 'AADSTS135011', 'firmware 15.22'])('%s is words', (text) => {
    expect(queryOf(text).kind).toBe('words');
  });
});

describe('the search', () => {
  it('finds a failure by the HRESULT of its page, and says so', () => {
    expect(ids('0x801C03F3').sort()).toEqual(['join-object-deleted', 'join-stale-ztdid', 'user-device-deleted']);
    expect(first('801c03f3')?.reasons[0]).toBe('HRESULT on the page');
  });

  it('finds it by the HRESULT of a line and of an event too', () => {
    expect(first('0x87d1041c')).toMatchObject({
      scenario: { id: 'esp-win32-detection' },
      reasons: expect.arrayContaining(['line DeviceSetup.AppsSubcategory']),
    });
    expect(search('0x80070643').flatMap(({ reasons }) => reasons)).toContain('event autopilot 298');
  });

  it('finds it by an event of one channel, or of any', () => {
    expect(ids('udr 204')).toContain('join-object-deleted');
    expect(ids('autopilot 204')).toEqual(['aik-cert-not-issued']);
    expect(ids('204')).toEqual(expect.arrayContaining(['join-object-deleted', 'aik-cert-not-issued']));
  });

  it('passes over events that must not be there', () => {
    expect(scenarios.find(({ id }) => id === 'tpm-attest-timeout')?.expect.events).toContainEqual({
      channel: 'autopilot',
      id: 171,
      absent: true,
    });
    expect(ids('autopilot 171')).not.toContain('tpm-attest-timeout');
  });

  it('puts the entry of the catalogue first', () => {
    expect(first('49')).toMatchObject({ scenario: { id: 'join-object-deleted' }, reasons: ['entry 49 of the catalogue'] });
  });

  it('finds it by words, of which every one must be there', () => {
    expect(ids('terms of use')).toEqual(['user-tou-url-missing']);
    expect(ids('AADSTS135011')).toEqual(['user-device-disabled']);
    expect(ids('SLB9672')).toEqual(['tpm-infineon-slb9672-fw1522']);
    expect(ids('terms of nothing')).toEqual([]);
    expect(ids('')).toEqual([]);
  });

  it('finds it by its phase and by its service', () => {
    expect(ids('attestation')).toEqual(expect.arrayContaining(['tpm-12', 'aik-getcacaps-404']));
    expect(first('attestation')?.reasons).toContain('phase');
    expect(ids('securing your hardware')).toContain('tpm-12');
    expect(ids('mdm-enroll')).toEqual(expect.arrayContaining(['mdm-one-time-limit', 'mdm-already-enrolled']));
    expect(search('mdm-enroll').flatMap(({ reasons }) => reasons)).toContain('service');
  });

  it('finds every cause of a code, each told apart by its own words', () => {
    const causes = search('0x80180014').filter(({ reasons }) => reasons[0] === 'HRESULT on the page');
    expect(causes.map(({ scenario }) => scenario.id)).toEqual(['mdm-one-time-limit', 'mdm-personal-blocked', 'mdm-windows-blocked']);
    expect(new Set(causes.map(({ scenario }) => scenario.tell_apart)).size).toBe(3);
  });

  it('knows nothing of a code that no scenario has', () => {
    expect(ids('0x80004002')).toEqual([]);
  });
});

import { hardwareName, sysappendStrings } from '@pxekit/pxelinux';
import { expect, it } from 'vitest';
import { CLIENT } from './helpers.js';

it('gives the strings in the order of their bits', () => {
  expect(sysappendStrings(0b11111, { ...CLIENT, cpu: '6PVXL', dmi: { SYSVENDOR: ' ACME  Corp. ' } })).toEqual([
    'ip=10.0.2.15:10.0.2.2:10.0.2.2:255.255.255.0',
    'BOOTIF=01-52-54-00-ab-cd-ef',
    'SYSUUID=085994b8-a6d6-a941-611d-74a6ab80b83d',
    'CPU=6PVXL',
    'SYSVENDOR=ACME_Corp.',
  ]);
});

it('leaves out what the client does not say', () => {
  expect(sysappendStrings(0xffffffff, { mac: '52:54:00:ab:cd:ef' })).toEqual(['BOOTIF=01-52-54-00-ab-cd-ef']);
  expect(sysappendStrings(3, undefined)).toEqual([]);
});

it('writes hardware addresses with dashes, in lower case', () => {
  expect(hardwareName('AA:BB:CC:DD:EE:FF', 6)).toBe('06-aa-bb-cc-dd-ee-ff');
});

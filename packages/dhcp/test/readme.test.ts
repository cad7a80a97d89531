import { readFileSync } from 'node:fs';
import { decode, discover, encode, get } from '@pxekit/dhcp';
import { expect, test } from 'vitest';
import { answer } from './readme/answer.js';
import { registry, site } from './readme/own-options.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

function block(info: string): string {
  const fence = `\`\`\`${info}\n`;
  const start = readme.indexOf(fence) + fence.length;
  return readme.slice(start, readme.indexOf('```', start));
}

test.each([
  ['ts', './readme/answer.ts'],
  ['ts own-options', './readme/own-options.ts'],
])('the example "%s" of the README is the one that runs here', (info, file) => {
  expect(block(info)).toBe(readFileSync(new URL(file, import.meta.url), 'utf8'));
});

test('the first example answers a DISCOVER', () => {
  const datagram = encode(discover({ xid: 7, chaddr: '52:54:00:77:00:01', options: { clientArchitecture: [7] } }));
  const { heard, issues, bytes, to } = answer(datagram);
  const reply = decode(bytes).message;
  expect(heard).toBe('DISCOVER 52:54:00:77:00:01 xid 00000007 x64 UEFI pxe');
  expect(issues).toEqual([]);
  expect(reply).toMatchObject({ op: 2, xid: 7, yiaddr: '10.0.0.50', file: 'syslinux.efi' });
  expect(get(reply, 'routers')).toEqual(['10.0.0.1']);
  expect(to).toMatchObject({ via: 'hardware', address: '10.0.0.50', port: 68 });
});

test('the second example reads an option of its own', () => {
  const options = [{ code: 224, region: 'options' as const, data: new TextEncoder().encode('lab 4') }];
  expect(site(encode({ ...discover({ xid: 1, chaddr: '02:00:00:00:00:01' }), options }))).toBe('lab 4');
  expect(registry.find('vendorSpecific')?.code).toBe(43);
});

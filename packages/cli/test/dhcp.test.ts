import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { discover, encode, formatHex, type MessageJson } from '@pxekit/dhcp';
import { writeCapture } from '@pxekit/dhcp/pcap';
import { expect, test } from 'vitest';
import type { Io } from '../src/io.js';
import { run } from '../src/program.js';
import { runCli } from './run-cli.js';

const bytes = encode(discover({ xid: 7, chaddr: '52:54:00:77:00:01', options: { clientArchitecture: [7], userClass: 'iPXE' } }));
const hex = formatHex(bytes);

test('dhcp decode --json prints one object per hex line and encode turns it back', async () => {
  const { code, stdout } = await runCli(['dhcp', 'decode', '--json'], `${hex}\n\n0x${hex.toUpperCase()}\n`);
  expect(code).toBe(0);
  const objects = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as MessageJson);
  expect(objects).toHaveLength(2);
  expect(Object.keys(objects[0]!)).toEqual(
    'op htype hlen hops xid secs flags ciaddr yiaddr siaddr giaddr chaddr sname file options issues roundtrip'.split(' '),
  );
  expect(objects[0]).toMatchObject({ op: 1, xid: 7, ciaddr: '0.0.0.0', chaddr: '52:54:00:77:00:01', issues: [], roundtrip: hex });
  expect(objects[0]!.options).toEqual([
    { code: 53, name: 'messageType', region: 'options', hex: '01', value: 1 },
    { code: 93, name: 'clientArchitecture', region: 'options', hex: '0007', value: [7] },
    { code: 77, name: 'userClass', region: 'options', hex: '69505845', value: ['iPXE'] },
  ]);
  expect(await runCli(['dhcp', 'encode'], stdout)).toEqual({ code: 0, stdout: `${hex}\n${hex}\n`, stderr: '' });
});

test('a line that is no message gives an error object and the command goes on', async () => {
  const { code, stdout } = await runCli(['dhcp', 'decode', '--json', 'not hex', '0102', hex]);
  const objects = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { error?: { code: string; offset: number }; xid?: number });
  expect(code).toBe(1);
  expect(objects[0]!.error).toMatchObject({ code: 'DHCP_HEX', offset: 0 });
  expect(objects[1]!.error).toMatchObject({ code: 'DHCP_NOT_BOOTP', offset: 2 });
  expect(objects[2]!.xid).toBe(7);
});

test('dhcp decode reads a capture and shows where each message went', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'pxekit-')), 'boot.pcap');
  const source = { address: '0.0.0.0', port: 68 };
  writeFileSync(file, writeCapture([{ source, destination: { address: '255.255.255.255', port: 67 }, payload: bytes }]));
  const { code, stdout } = await runCli(['dhcp', 'decode', file]);
  expect(code).toBe(0);
  expect(stdout).toContain('frame 1  1970-01-01T00:00:00.000Z  0.0.0.0:68 > 255.255.255.255:67');
  expect(stdout).toContain('53 messageType: DISCOVER (1)');
  expect(stdout).toContain('93 clientArchitecture: x64 UEFI (7)');
});

test('dhcp decode --strict fails at the first issue', async () => {
  const { code, stdout } = await runCli(['dhcp', 'decode', '--strict', '--json', `${hex}01`]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'DHCP_AFTER_END', offset: 300 } });
});

test('dhcp decode reads every option, however many there are, and encode gives all of them back', async () => {
  const many = new Uint8Array(240 + 2 * 5000 + 1).fill(255);
  many.set(bytes.subarray(0, 240));
  for (let at = 240; at < many.length - 1; at += 2) many.set([224, 0], at);
  const { stdout } = await runCli(['dhcp', 'decode', '--json'], formatHex(many));
  expect(JSON.parse(stdout)).toMatchObject({ issues: [], roundtrip: formatHex(many) });
  expect((JSON.parse(stdout) as MessageJson).options).toHaveLength(5000);
  expect((await runCli(['dhcp', 'encode'], stdout)).stdout).toBe(`${formatHex(many)}\n`);
});

test('dhcp encode refuses an object that contradicts itself, and goes on', async () => {
  const wrong = { options: [{ code: 53, hex: '01', value: 2 }] };
  const right = { xid: 1, options: [{ name: 'messageType', value: 1 }] };
  const { code, stdout, stderr } = await runCli(['dhcp', 'encode'], `${JSON.stringify(wrong)}\n${JSON.stringify(right)}\n`);
  expect(code).toBe(1);
  expect(stderr).toContain('"hex" and "value" do not agree');
  expect(stdout.trim()).toMatch(/^01010000000000010000.*63825363350101ff0*$/);
});

test('an input that cannot be read is named, and the others are shown', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-'));
  const lines = join(folder, 'two.hex');
  writeFileSync(lines, `${hex}\nzz\n`);
  const { code, stdout, stderr } = await runCli(['dhcp', 'decode', folder, 'nofile', lines]);
  expect(code).toBe(1);
  expect(stdout).toContain('messageType: DISCOVER');
  expect(stderr).toContain(`pxekit: ${folder}: EISDIR`);
  expect(stderr).toContain('nofile: DHCP_HEX at 0: This is not hex, nor the name of a file.');
  expect(stderr).toContain(`${lines} line 2: DHCP_HEX at 0`);
});

test('a capture may be packed, is told to be cut, and told to have nothing of DHCP', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pxekit-'));
  const at = (port: number) => ({ address: '10.0.0.1', port });
  const capture = writeCapture([{ source: at(68), destination: at(67), payload: bytes }]);
  const files = {
    packed: gzipSync(capture),
    cut: capture.subarray(0, capture.length - 1),
    other: writeCapture([{ source: at(5000), destination: at(5000), payload: bytes }]),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const decoded = (name: string) => runCli(['dhcp', 'decode', join(folder, name)]);
  expect(await decoded('packed')).toMatchObject({ code: 0, stdout: expect.stringContaining('messageType: DISCOVER'), stderr: '' });
  expect(await decoded('cut')).toMatchObject({ code: 1, stderr: expect.stringContaining('The file ends within frame 1.') });
  expect(await decoded('other')).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('has no datagram of DHCP') });
});

test('messages on standard input are shown as they come', async () => {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const io: Io = { out: (text) => void stdout.write(text), err: () => {}, stdout, stderr: new PassThrough(), stdin, exitCode: 0 };
  const done = run(['dhcp', 'decode', '--json'], io);
  stdin.write(`${hex}\n`);
  const [first] = (await once(stdout, 'data')) as [Buffer];
  expect(JSON.parse(first.toString())).toMatchObject({ xid: 7 });
  stdin.end();
  expect(await done).toBe(0);
});

test('dhcp encode reads one document over several lines, and names the line that is wrong', async () => {
  const document = JSON.stringify([{ xid: 1 }, { xid: 'one' }], null, 2);
  const list = await runCli(['dhcp', 'encode'], document);
  expect(list.stdout.trim().split('\n')).toHaveLength(1);
  expect(list.stderr).toContain('pxekit: object, item 2: "xid" is a number');
  const lines = await runCli(['dhcp', 'encode'], '{"xid":1}\n\n{"xid":\n{"xid":3}\n');
  expect(lines.stdout.trim().split('\n')).toHaveLength(2);
  expect(lines.stderr).toContain('pxekit: line 3: ');
});

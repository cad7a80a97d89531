// How long DHCP messages take to read and to write, beside the npm packages `dhcp` and `dhcpjs` and a bare header codec.
//
//   node bench/dhcp/bench.mjs [--quick] [--write]
//
// Packets: captured from real firmware, kept in packages/dhcp/conformance. Times are nanoseconds per message, best of the rounds. `--write`
// puts the tables into packages/dhcp/bench/README.md, behind its mark.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { check, createMessage, decode, encode, get, makeOptions, parseHex, readOptions, summary } from '@pxekit/dhcp';
import { hostile, repeated } from './hostile.mjs';

const require = createRequire(import.meta.url);
const peers = { dhcp: require('dhcp/lib/protocol.js'), dhcpjs: require('dhcpjs/lib/parser.js') };
const versions = Object.fromEntries(Object.keys(peers).map((name) => [name, require(`${name}/package.json`).version]));
const quick = process.argv.includes('--quick');
const ROUNDS = quick ? 3 : 400;
/** Nanoseconds of one round, and of the rounds before it counts. */
const ROUND = quick ? 2e5 : 4e5;
const WARM_UP = quick ? 0 : 1e8;
const lines = [];
function print(text) {
  console.log(text);
  lines.push(text);
}
/** What a run made is kept, so that no compiler can leave it out. */
let kept;

/**
 * Nanoseconds per call of each, the best of many short rounds. The rounds of all take turns, so that a busy machine slows all of them alike.
 */
function measure(runs) {
  const best = runs.map(() => Number.POSITIVE_INFINITY);
  const time = (run, calls) => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < calls; i++) kept = run(i);
    return Number(process.hrtime.bigint() - start);
  };
  const calls = runs.map((run) => {
    // What compilers make of cold code is not measured.
    for (let spent = 0; spent < WARM_UP; ) spent += time(run, 16);
    let count = 1;
    while (time(run, count) < ROUND / 2) count *= 2;
    return count;
  });
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, run] of runs.entries()) best[index] = Math.min(best[index], time(run, calls[index]) / calls[index]);
  }
  return best;
}

/** The peers print a line for every option they do not know; printing is not what is measured. */
function silent(run) {
  const { error, log } = console;
  console.error = console.log = () => {};
  try {
    return run();
  } finally {
    console.error = error;
    console.log = log;
  }
}

const packets = JSON.parse(readFileSync(new URL('../../packages/dhcp/conformance/packets.json', import.meta.url), 'utf8'));
const discovers = packets.filter(({ hex, tshark }) => {
  const size = hex.length / 2;
  return size >= 300 && size <= 600 && tshark.options.includes(93) && decodeType(hex) === 1;
});

function decodeType(hex) {
  return get(decode(parseHex(hex)).message, 'messageType');
}

function survives(run) {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

const buffers = discovers.map(({ hex }) => Buffer.from(hex, 'hex'));
// Only packets that every package reads without throwing are timed.
const shared = silent(() =>
  buffers.filter((buffer) => survives(() => peers.dhcp.parse(buffer)) && survives(() => peers.dhcpjs.parse(buffer))),
);
const sample = shared.length > 0 ? shared : buffers;
const pick = (i) => sample[i % sample.length];

/** The floor: the fixed header as numbers and nothing else. */
function readBareHeader(buffer) {
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  return {
    op: view.getUint8(0),
    htype: view.getUint8(1),
    hlen: view.getUint8(2),
    hops: view.getUint8(3),
    xid: view.getUint32(4),
    secs: view.getUint16(8),
    flags: view.getUint16(10),
    ciaddr: view.getUint32(12),
    yiaddr: view.getUint32(16),
    siaddr: view.getUint32(20),
    giaddr: view.getUint32(24),
    chaddr: buffer.subarray(28, 44),
    sname: buffer.subarray(44, 108),
    file: buffer.subarray(108, 236),
  };
}

function writeBareHeader(header) {
  const out = new Uint8Array(300);
  const view = new DataView(out.buffer);
  view.setUint8(0, header.op);
  view.setUint8(1, header.htype);
  view.setUint8(2, header.hlen);
  view.setUint8(3, header.hops);
  view.setUint32(4, header.xid);
  view.setUint16(8, header.secs);
  view.setUint16(10, header.flags);
  view.setUint32(12, header.ciaddr);
  view.setUint32(16, header.yiaddr);
  view.setUint32(20, header.siaddr);
  view.setUint32(24, header.giaddr);
  out.set(header.chaddr, 28);
  out.set(header.sname, 44);
  out.set(header.file, 108);
  return out;
}

function table(title, rows) {
  const times = silent(() => measure(rows.map(([, run]) => run)));
  print(`\n### ${title}\n\n| | ns | times the first |\n| --- | ---: | ---: |`);
  for (const [index, [name]] of rows.entries()) {
    print(`| ${name} | ${times[index].toFixed(0)} | ${(times[index] / times[0]).toFixed(2)} |`);
  }
}

print(`Node ${process.version}, ${cpus()[0]?.model ?? 'unknown CPU'}; dhcp ${versions.dhcp}, dhcpjs ${versions.dhcpjs}.`);
print(
  `${sample.length} of ${discovers.length} PXE DISCOVERs of ${Math.min(...sample.map((b) => b.length))} to ${Math.max(...sample.map((b) => b.length))} octets that every package reads.`,
);

table('Read a PXE DISCOVER', [
  ['@pxekit/dhcp decode', (i) => decode(pick(i))],
  ['@pxekit/dhcp decode and four values', (i) => fourValues(decode(pick(i)).message)],
  ['@pxekit/dhcp decode and every value', (i) => readOptions(decode(pick(i)).message)],
  [`dhcp ${versions.dhcp} parse`, (i) => peers.dhcp.parse(pick(i))],
  [`dhcpjs ${versions.dhcpjs} parse`, (i) => peers.dhcpjs.parse(pick(i))],
  ['bare header (DataView), no options', (i) => readBareHeader(pick(i))],
]);

function fourValues(message) {
  return (
    get(message, 'messageType') +
    get(message, 'clientArchitecture').length +
    (get(message, 'vendorClassIdentifier')?.length ?? 0) +
    (get(message, 'maxMessageSize') ?? 0)
  );
}

// `dhcp` loses the options it does not know: what it writes is what it kept of the same packet. The message written by us holds the same
// options from the same values.
const theirs = silent(() => sample.map((buffer) => peers.dhcp.parse(buffer)).filter((data) => survives(() => peers.dhcp.format(data))));
const decoded = sample.map((buffer) => decode(buffer).message);
const built = decoded.map(({ wire: _wire, ...message }) => ({
  ...message,
  options: message.options.map(({ code, region, data }) => ({ code, region, data })),
}));
const reply = {
  messageType: 2,
  serverIdentifier: '10.0.0.1',
  leaseTime: 3600,
  subnetMask: '255.255.255.0',
  routers: ['10.0.0.1'],
  domainNameServers: ['10.0.0.1'],
  bootfileName: 'pxelinux.0',
  tftpServerName: '10.0.0.1',
};
const fields = {
  op: 2,
  htype: 1,
  hlen: 6,
  hops: 0,
  xid: 7,
  secs: 0,
  flags: 0,
  ciaddr: '0.0.0.0',
  yiaddr: '10.0.0.50',
  siaddr: '10.0.0.1',
  giaddr: '0.0.0.0',
  sname: '',
  file: 'pxelinux.0',
};
const theirReply = {
  ...fields,
  chaddr: '52-54-00-77-00-01',
  options: { 53: 2, 54: '10.0.0.1', 51: 3600, 1: '255.255.255.0', 3: ['10.0.0.1'], 6: ['10.0.0.1'], 67: 'pxelinux.0', 66: '10.0.0.1' },
};
const bare = sample.map(readBareHeader);
const at = (list, i) => list[i % list.length];
const ready = makeOptions(reply);
const offered = { ...fields, chaddr: '52:54:00:77:00:01', options: ready };
table('Write a PXE DISCOVER (dhcpjs has no encoder of its own)', [
  ['@pxekit/dhcp encode, options made before', (i) => encode(at(built, i))],
  ['@pxekit/dhcp encode, as it was read', (i) => encode(at(decoded, i))],
  [`dhcp ${versions.dhcp} format of what it read`, (i) => peers.dhcp.format(at(theirs, i))],
  ['bare header (DataView), no options', (i) => writeBareHeader(at(bare, i))],
]);

table('Write an OFFER of eight options', [
  ['@pxekit/dhcp, from values to octets', (i) => encode(createMessage({ ...offered, xid: i, options: reply }))],
  ['@pxekit/dhcp, options made before', (i) => encode(createMessage({ ...offered, xid: i, options: ready }))],
  [`dhcp ${versions.dhcp} format`, (i) => peers.dhcp.format({ ...theirReply, xid: i })],
]);

const discover = buffers[0];
const sizes = [
  ['a PXE DISCOVER', discover],
  ['1x: 16 options', repeated(16, 20)],
  ['4x', repeated(64, 20)],
  ['16x', repeated(256, 20)],
  ['64 KiB of such options, all read', repeated(1e6, 20)],
];
const everything = { maxOptions: Number.POSITIVE_INFINITY };
const took = measure(
  sizes.map(
    ([, bytes]) =>
      () =>
        decode(bytes, everything),
  ),
);
print('\n### Cost by size\n\n| read | octets | options | ns | ns per octet | ns per option |\n| --- | ---: | ---: | ---: | ---: | ---: |');
for (const [index, [name, bytes]] of sizes.entries()) {
  const count = decode(bytes, everything).message.options.length;
  const each = [took[index], took[index] / bytes.length, took[index] / count];
  print(`| ${name} | ${bytes.length} | ${count} | ${each[0].toFixed(0)} | ${each[1].toFixed(2)} | ${each[2].toFixed(1)} |`);
}

/** What may be done with a message that came from outside. */
const ACTS = [
  ['read', (bytes) => decode(bytes)],
  ['check every value', (_bytes, message) => check(message)],
  ['read every value', (_bytes, message) => readOptions(message)],
  ['write as read', (_bytes, message) => encode(message)],
  ['write reversed', (_bytes, message) => encode({ ...message, options: [...message.options].reverse() })],
  ['summary', (_bytes, message) => summary(message)],
];
const messages = [['a PXE DISCOVER', discover], ...hostile(discover)];
const cells = measure(
  messages.flatMap(([, bytes]) => {
    const { message } = decode(bytes);
    return ACTS.map(
      ([, act]) =>
        () =>
          act(bytes, message),
    );
  }),
);
const perOctet = messages.map(([, bytes], row) => ACTS.map((_, column) => cells[row * ACTS.length + column] / bytes.length));
print(`\n### Datagrams of 64 KiB made to be slow: ns per octet, and the times of a DISCOVER's octet\n`);
print(`| | options read | ${ACTS.map(([name]) => name).join(' | ')} |`);
print(`| --- | ---: | ${ACTS.map(() => '---:').join(' | ')} |`);
for (const [row, [name, bytes]] of messages.entries()) {
  const shown = perOctet[row].map((ns, column) => `${ns.toFixed(2)} (${(ns / perOctet[0][column]).toFixed(2)})`);
  print(`| ${name} | ${decode(bytes).message.options.length} | ${shown.join(' | ')} |`);
}
const worst = ACTS.map((_, column) => Math.max(...perOctet.slice(1).map((row) => row[column] / perOctet[0][column])).toFixed(2));
print(`| **the worst, times a DISCOVER's octet** | | ${worst.join(' | ')} |`);

if (kept === undefined) throw new Error('Nothing was run.');
if (process.argv.includes('--write')) {
  const file = new URL('../../packages/dhcp/bench/README.md', import.meta.url);
  const mark = '<!-- results -->';
  const prose = readFileSync(file, 'utf8').split(mark)[0];
  writeFileSync(file, `${prose}${mark}\n\n${lines.join('\n').replaceAll('### ', '## ')}\n`);
}

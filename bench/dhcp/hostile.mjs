// Datagrams as large as UDP takes, built to cost their reader more than they cost their sender.
import { createMessage, encode } from '@pxekit/dhcp';

const SIZE = 65507;
const OPTIONS = 240;
const head = encode(createMessage()).slice(0, OPTIONS);

/** A message of up to `count` options of `size` octets. */
export function repeated(count, size) {
  const area = [];
  for (let i = 0; i < count && OPTIONS + area.length + 3 + size <= SIZE; i++) area.push(224 - (i % 100), size, ...new Array(size).fill(1));
  return Uint8Array.of(...head, ...area, 255);
}

/** A message whose option area repeats these octets to the end. */
function filled(...unit) {
  const bytes = new Uint8Array(SIZE);
  bytes.set(head);
  for (let at = OPTIONS; at < SIZE; at++) bytes[at] = unit[(at - OPTIONS) % unit.length];
  return bytes;
}

/** A message of one value that repeats `unit` behind `first`, in options of 255 octets. */
function valued(code, unit, first = []) {
  const data = [...first];
  while (data.length + unit.length < 64_000) data.push(...unit);
  const area = [];
  for (let at = 0; at < data.length; at += 255) {
    const part = data.slice(at, at + 255);
    area.push(code, part.length, ...part);
  }
  return Uint8Array.of(...head, ...area, 255);
}

/** Names of which each is a label and a pointer to the name before. */
function chain() {
  const data = [1, 97, 0];
  for (let last = 0; data.length < 0x3f00; ) {
    const here = data.length;
    data.push(1, 98, 0xc0 | (last >> 8), last & 255);
    last = here % 100 < 4 ? 0 : here;
  }
  return data;
}

const longName = [...Array.from({ length: 126 }, () => [1, 97]).flat(), 0];

/** Name and octets. `packet` is a real one, to be followed by garbage. */
export function hostile(packet) {
  const garbage = new Uint8Array(SIZE).fill(7);
  garbage.set(packet);
  const sparse = filled(0);
  sparse[OPTIONS] = 255;
  return [
    ['options of 20 octets', repeated(1e6, 20)],
    ['empty options of one code', filled(224, 0)],
    ['empty options of all codes', filled(...Array.from({ length: 254 }, (_, at) => [at + 1, 0]).flat())],
    ['pads', filled(0)],
    ['pads and empty options by turns', filled(0, 224, 0)],
    ['End, then zeros', sparse],
    ['a DISCOVER, then garbage', garbage],
    ['overload (52) again and again', filled(52, 1, 3)],
    ['search list (119): one long name, pointers to it', valued(119, [0xc0, 0], longName)],
    ['search list: each name points to the one before', valued(119, [1, 98, 0xc0, 0], chain())],
    ['search list: root names', valued(119, [0])],
    ['43: empty sub-options', valued(43, [1, 0])],
    ['82: empty sub-options', valued(82, [1, 0])],
    ['124: empty classes', valued(124, [0, 0, 0, 9, 255, ...new Array(255).fill(0)])],
    ['125: empty sub-options', valued(125, [0, 0, 0, 9, 254, ...new Array(127).fill([1, 0]).flat()])],
    ['175: empty features', valued(175, [19, 0])],
    ['parameter request list (55)', valued(55, [7])],
    ['user classes (77) of one octet', valued(77, [1, 97])],
    ['routes (121)', valued(121, [0, 10, 0, 0, 1])],
    ['host name (12) that is no UTF-8', valued(12, [0xff])],
  ];
}

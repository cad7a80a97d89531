import type { Option, Region } from '@pxekit/dhcp';

export interface Spare {
  file: boolean;
  sname: boolean;
}

export interface LayoutParts {
  /** First, in this order. */
  head: readonly Option[];
  /** What the client asked for, in its order: cut at its end where there is not enough room. */
  asked: readonly Option[];
  /** Behind it; their room is set aside before. */
  firm: readonly Option[];
  /** The relay agent option as it came: last, whole, and never outside of the option area. */
  agent: readonly Option[];
  /** Whether an option that was asked for is needed to boot, and goes before the others where room is short. */
  isNeeded(code: number): boolean;
}

/** Header, magic cookie and End option. */
const FRAME = 241;
const OVERLOAD_SIZE = 3;
/** Bytes of the header fields, less the End option of each. */
const FIELD = { file: 127, sname: 63 };

/** Places options within `maxSize` bytes; what does not fit goes into the spare header fields, with option 52 to say so. */
export function layOut(parts: LayoutParts, maxSize: number, spare: Spare = { file: false, sname: false }): Option[] {
  const all = placeAll(parts, maxSize);
  if (all !== undefined) return all;
  const plain = () => place(parts, maxSize, { file: 0, sname: 0 });
  if (!spare.file && !spare.sname) return plain();
  const fields = { file: spare.file ? FIELD.file : 0, sname: spare.sname ? FIELD.sname : 0 };
  const options = place(parts, maxSize - OVERLOAD_SIZE, fields);
  const uses = (region: Region) => options.some((each) => each.region === region);
  const overload = (uses('file') ? 1 : 0) | (uses('sname') ? 2 : 0);
  if (overload === 0) return plain();
  const head = parts.head.length;
  return [...options.slice(0, head), { code: 52, region: 'options', data: Uint8Array.of(overload) }, ...options.slice(head)];
}

/** Everything in its order, as nearly all replies are; undefined if there is not enough room. */
function placeAll({ head, asked, firm, agent }: LayoutParts, maxSize: number): Option[] | undefined {
  const options = [...head, ...asked, ...firm, ...agent];
  let size = FRAME;
  for (const { data } of options) size += sizeOf(data);
  return size <= maxSize ? options : undefined;
}

function place({ head, asked, firm, agent, isNeeded }: LayoutParts, maxSize: number, fields: { file: number; sname: number }): Option[] {
  let room = maxSize - FRAME;
  for (const { data } of agent) room -= sizeOf(data);
  const options: Option[] = [];
  const overflow: Option[] = [];
  const put = (option: Option): boolean => {
    const size = sizeOf(option.data);
    if (size > room) return false;
    room -= size;
    options.push(option);
    return true;
  };
  const putAside = ({ code, data }: Option): void => {
    for (const region of ['file', 'sname'] as const) {
      if (sizeOf(data) > fields[region]) continue;
      fields[region] -= sizeOf(data);
      overflow.push({ code, region, data });
      return;
    }
  };

  for (const each of head) put(each);
  const start = options.length;
  for (const each of firm) put(each);
  const behind = options.splice(start);
  for (const { code, data } of asked) if (isNeeded(code)) room -= sizeOf(data);
  for (const each of asked) {
    if (isNeeded(each.code)) room += sizeOf(each.data);
    if (!put(each)) putAside(each);
  }
  options.push(...behind, ...agent);
  // The order of `Message.options`: the option area, then file, then sname.
  const inFields = (['file', 'sname'] as const).flatMap((region) => overflow.filter((each) => each.region === region));
  return [...options, ...inFields];
}

/** Long options are sent in parts of 255 bytes (RFC 3396). */
function sizeOf(data: Uint8Array): number {
  return data.length <= 255 ? data.length + 2 : data.length + 2 * Math.ceil(data.length / 255);
}

import { classify } from './classify.js';
import { BOOTREQUEST, type Message, messageTypeName } from './message.js';
import { get } from './values.js';

const NONE = '0.0.0.0';

/** What a message is and does, in one line for logs: `DISCOVER 52:54:00:77:00:01 xid 17aaca7b x86 BIOS iPXE`. */
export function summary(message: Message): string {
  const type = get(message, 'messageType');
  const parts = [
    type === undefined ? `BOOTP ${message.op === BOOTREQUEST ? 'request' : 'reply'}` : (messageTypeName(type) ?? `type ${type}`),
  ];
  parts.push(message.chaddr || '-', `xid ${message.xid.toString(16).padStart(8, '0')}`);
  for (const field of ['ciaddr', 'yiaddr', 'siaddr', 'giaddr'] as const) {
    if (message[field] !== NONE) parts.push(`${field} ${message[field]}`);
  }
  const wanted = get(message, 'requestedAddress');
  if (wanted) parts.push(`asks ${wanted}`);
  const server = get(message, 'serverIdentifier');
  if (server) parts.push(`server ${server}`);
  const file = message.file || get(message, 'bootfileName');
  if (file) parts.push(`file ${JSON.stringify(file)}`);
  if (message.op === BOOTREQUEST) {
    const { kind, architecture } = classify(message);
    if (architecture) parts.push(architecture.name);
    if (kind !== 'other') parts.push(kind);
  }
  const reason = get(message, 'message');
  if (reason) parts.push(JSON.stringify(reason));
  return parts.join(' ');
}

import { classify, decode, destination, encode, get, offer, summary } from '@pxekit/dhcp';

/** Answers a DISCOVER: gives the datagram and where to send it. */
export function answer(datagram: Uint8Array) {
  const { message, issues } = decode(datagram);
  const firmware = classify(message).architecture?.firmware;
  const reply = offer(message, {
    serverIdentifier: '10.0.0.1',
    yiaddr: '10.0.0.50',
    siaddr: '10.0.0.1',
    file: firmware === 'uefi' ? 'syslinux.efi' : 'pxelinux.0',
    options: { leaseTime: 3600, subnetMask: '255.255.255.0', routers: ['10.0.0.1'] },
  });
  return {
    heard: summary(message),
    issues,
    wanted: get(message, 'parameterRequestList'),
    bytes: encode(reply),
    to: destination(message, reply),
  };
}

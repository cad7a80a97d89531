import { decode, get, summary } from '@pxekit/dhcp';

/** What a machine says about itself when it asks for an address, from the bytes of its datagram. */
export function introduce(datagram: Uint8Array) {
  const { message, issues } = decode(datagram);
  return {
    line: summary(message),
    architectures: get(message, 'clientArchitecture'),
    wants: get(message, 'parameterRequestList'),
    faults: issues.map(({ code, offset }) => `${code} at byte ${offset}`),
  };
}

import { OPTION, type SocketOption } from '@pxekit/datagram/native';

const BUFFER_BYTES = 4 * 1024 * 1024;

/** Of every socket of the fast path. */
export const SOCKET_OPTIONS: readonly SocketOption[] = [
  [OPTION.receiveBuffer, BUFFER_BYTES],
  [OPTION.sendBuffer, BUFFER_BYTES],
  // Some boot ROMs drop datagrams with the DF bit, which Linux sets unless it is told not to.
  [OPTION.pathMtuDiscovery, 0],
];

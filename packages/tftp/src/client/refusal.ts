import { createSocket } from 'node:dgram';
import { ERROR_CODES, encodeError } from '../packet.js';
import type { Endpoint } from '../types.js';

/** How long a server may be silent before it is looked whether anybody listens there, in ms. */
const PATIENCE = 300;

/**
 * Tells when the system knows that nobody listens at a port. It says so (ICMP port unreachable) to connected sockets only,
 * and the socket of a transfer cannot be connected: the server answers from another port. So a socket beside it sends an
 * ERROR, which a server never answers (RFC 1350 section 7). Nothing is sent to servers that answer soon.
 *
 * @returns stops looking
 */
export function onRefused(server: Endpoint, localAddress: string | undefined, refused: () => void): () => void {
  const socket = createSocket(server.family === 'IPv6' ? 'udp6' : 'udp4');
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') refused();
  });
  socket.on('connect', () => socket.send(encodeError(ERROR_CODES.undefined, 'No transfer')));
  const look = (): void => socket.connect(server.port, server.address);
  const begin = (): void => {
    if (!looking) return;
    if (localAddress === undefined) look();
    else socket.bind(0, localAddress, look);
  };
  // When it was this process that had no time, the answer may lie in the socket already: one turn to read it.
  const timer = setTimeout(() => setImmediate(begin), PATIENCE);
  let looking = true;
  return () => {
    clearTimeout(timer);
    if (looking) socket.close();
    looking = false;
  };
}

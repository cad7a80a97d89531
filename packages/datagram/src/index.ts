/** UDP (IPv4) for servers: datagrams in batches where the system can, one by one elsewhere, behind one interface. */
export { openUdpSocket } from './open.js';
export type { Peer, Receive, Sent, UdpSocket, UdpSocketOptions } from './types.js';

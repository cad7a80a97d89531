/**
 * What a server's own UDP transport on Linux is made of: the C library, memory for it, socket addresses, descriptors, and the
 * messages of `recvmmsg` and `sendmmsg`.
 */
export { type Libc, loadLibc, type Poll } from './libc.js';
export { Memory, type Words } from './memory.js';
export { ADDRESS_SLOT, Messages } from './messages.js';
export { PACKET_INFO_SPACE, packetInfo, readPacketInfo } from './packet-info.js';
export { ipv6Bytes, isSameSockaddr, isSockaddrOf, readSockaddr, SOCKADDR_LENGTH, writeSockaddr } from './sockaddr.js';
export { OPTION, type SocketOption, systemError, Udp } from './udp.js';

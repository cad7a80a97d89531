// DHCP and TFTP datagrams in pcap and pcapng files, for tools, tests and bug reports.
//
//   for (const { protocol, payload } of datagrams(readFrames(file))) if (protocol === 'dhcp') decode(payload);

export { type Datagram, datagrams } from './pcap/datagram.js';
export { type Frame, isCapture, readFrames } from './pcap/frames.js';
export { LinkType } from './pcap/link.js';
export { type DatagramToWrite, writeCapture } from './pcap/write.js';

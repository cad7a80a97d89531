// A load of four-way exchanges as a relay would send them, with the latency of every one. Runs in the client's namespace:
//   node generator.mjs SERVER RELAY RATE SECONDS CLIENTS FIRST
// Prints one JSON line. Datagrams are written into by offset: the generator must cost less than what it measures.
import { createSocket } from 'node:dgram';
import { isIPv4 } from 'node:net';

const [server, relay, ...numbers] = process.argv.slice(2);
const [rate, seconds, clients, first] = numbers.map(Number);
if (!isIPv4(relay)) throw new Error('usage: generator.mjs SERVER RELAY RATE SECONDS CLIENTS FIRST');

const address = relay.split('.').map(Number);
/** Header and options of a request; the options of a REQUEST have requested address and server identifier at fixed places. */
function template(type) {
  const bytes = Buffer.alloc(300);
  bytes.set([1, 1, 6, 1]);
  bytes.set(address, 24);
  bytes.set([99, 130, 83, 99, 53, 1, type], 236);
  if (type === 3) bytes.set([50, 4, 0, 0, 0, 0, 54, 4, 0, 0, 0, 0], 243);
  const at = type === 3 ? 255 : 243;
  bytes.set([55, 7, 1, 28, 2, 3, 15, 6, 12, 255], at);
  return bytes;
}

const socket = createSocket({ type: 'udp4', recvBufferSize: 4 << 20, lookup: (host, _options, done) => done(null, host, 4) });
await new Promise((resolve) => socket.bind(67, relay, resolve));

const total = Math.floor(rate * seconds);
const discovered = new Float64Array(total);
const requested = new Float64Array(total);
const offerTimes = [];
const ackTimes = [];
let offers = 0;
let acks = 0;
let naks = 0;
const addresses = new Map();
let duplicates = 0;

function send(type, n, offer) {
  const bytes = template(type);
  bytes.writeUInt32BE(n, 4);
  const client = first + (n % clients);
  bytes.set([2, 0, (client >>> 24) & 255, (client >>> 16) & 255, (client >>> 8) & 255, client & 255], 28);
  if (offer !== undefined) {
    bytes.set(offer.subarray(16, 20), 245);
    bytes.set(serverId(offer), 251);
  }
  socket.send(bytes, 67, server);
}

function serverId(reply) {
  for (let at = 240; at < reply.length && reply[at] !== 255; at += reply[at] === 0 ? 1 : 2 + reply[at + 1])
    if (reply[at] === 54) return reply.subarray(at + 2, at + 6);
  return Buffer.alloc(4);
}

socket.on('message', (reply) => {
  const now = performance.now();
  const n = reply.readUInt32BE(4);
  let type = 0;
  for (let at = 240; at < reply.length && reply[at] !== 255; at += reply[at] === 0 ? 1 : 2 + reply[at + 1])
    if (reply[at] === 53) type = reply[at + 2];
  if (type === 2 && requested[n] === 0) {
    offers++;
    offerTimes.push(now - discovered[n]);
    requested[n] = now;
    send(3, n, reply);
  } else if (type === 5) {
    acks++;
    ackTimes.push(now - requested[n]);
    const key = reply.readUInt32BE(16);
    const client = n % clients;
    if ((addresses.get(key) ?? client) !== client) duplicates++;
    addresses.set(key, client);
  } else if (type === 6) naks++;
});

const start = performance.now();
let sent = 0;
await new Promise((resolve) => {
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * rate));
    for (; sent < due; sent++) {
      discovered[sent] = performance.now();
      send(1, sent);
    }
    if (sent === total) {
      clearInterval(timer);
      setTimeout(resolve, 1000);
    }
  }, 1);
});
socket.close();

const quantile = (sorted, q) =>
  sorted.length === 0 ? null : Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))].toFixed(2));
const sort = (values) => Float64Array.from(values).sort();
const [offerMs, ackMs] = [sort(offerTimes), sort(ackTimes)];
console.log(
  JSON.stringify({
    sent,
    offers,
    acks,
    naks,
    duplicates,
    loss: 1 - acks / sent,
    perSecond: Math.round(acks / seconds),
    offer: { p50: quantile(offerMs, 0.5), p99: quantile(offerMs, 0.99) },
    ack: { p50: quantile(ackMs, 0.5), p99: quantile(ackMs, 0.99) },
  }),
);

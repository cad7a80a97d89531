// DHCPv4, BOOTP and PXE messages: bytes to messages and back, typed options, builders of requests and replies.
//
//   const { message, issues } = decode(datagram);
//   get(message, 'clientArchitecture'); // number[] | undefined
//   const reply = offer(message, { serverIdentifier: '10.0.0.1', yiaddr: '10.0.0.50', options: { leaseTime: 3600 } });
//   encode(reply); // Uint8Array

export { formatHex, formatIpv4, formatIpv6, ipv4FromNumber, normalizeMac, parseHex, parseIpv4, parseIpv6 } from './address.js';
export { ARCHITECTURES, type Architecture, architecture, type Cpu } from './architecture.js';
export { type HmacMd5, signMessage, verifyMessage } from './authentication.js';
export { createMessage, type HeaderInput, makeOptions, type OptionsInput, withOptions, withoutOptions } from './build.js';
export { type Classification, classify, type IpxeInfo } from './classify.js';
export { CODES, type DhcpCode } from './codes.js';
export { type DecodeOptions, decode } from './decode.js';
export {
  bootServerDestination,
  CLIENT_PORT,
  type Destination,
  destination,
  type Endpoint,
  SERVER_PORT,
} from './destination.js';
export { encode } from './encode.js';
export { DhcpError, type Issue } from './issue.js';
export { fromJson, type MessageJson, type OptionJson, toJson } from './json.js';
export { listing } from './listing.js';
export {
  BOOTREPLY,
  BOOTREQUEST,
  BROADCAST_FLAG,
  type Decoded,
  type Message,
  MessageType,
  type MessageTypeName,
  messageTypeName,
  type Option,
  type Region,
  type Wire,
} from './message.js';
export { encodeNormalized, maxSizeFor, type NormalizeOptions } from './normalize.js';
export { Reader, type Report, type ValueContext, Writer } from './options/cursor.js';
export { IPXE_SPACE } from './options/ipxe.js';
export { DiscoveryControl, PXE_SPACE, PXE_VENDOR } from './options/pxe.js';
export {
  type NamedSpec,
  type OptionInput,
  type OptionInputs,
  type OptionKey,
  type OptionSpec,
  type OptionTable,
  type OptionValue,
  optionSpec,
  Registry,
} from './options/registry.js';
export { RELAY_FLAG_UNICAST, RELAY_SPACE } from './options/relay.js';
export { type AnyShape, readShape, type Shape, type ShapeIn, type ShapeOut, writeShape } from './options/shape.js';
export { ipv4, ipv4List, ipv6 } from './options/shapes/addresses.js';
export { bytes, fixedBytes, fixedText, type Octets, text } from './options/shapes/bytes.js';
export { type ClientIdentifier, clientIdentifier, type Duid, parseDuid } from './options/shapes/client-id.js';
export { domainList, domainName, searchList } from './options/shapes/domains.js';
export { enterpriseOptions, vendorClasses } from './options/shapes/enterprise.js';
export { type ClientFqdn, clientFqdn, FqdnFlag } from './options/shapes/fqdn.js';
export { bool, flag, i8, i32, oneOf, u8, u16, u32, u64 } from './options/shapes/numbers.js';
export { type Route, routes } from './options/shapes/routes.js';
export { counted, list, record } from './options/shapes/structures.js';
export { userClass } from './options/shapes/user-class.js';
export { type VendorSpace, type VendorSpecific, vendorSpecific } from './options/shapes/vendor.js';
export {
  findSubOption,
  type Space,
  type SubOption,
  type SubOptionsInput,
  space,
  subOptions,
  type UnknownSubOption,
} from './options/space.js';
export { OPTIONS, STANDARD, type StandardOptions } from './options/standard.js';
export {
  BOOT_POLICIES,
  type Boot,
  type BootPolicy,
  bootFields,
  bootServerReply,
  type PxeOptions,
  type PxeReplyInput,
  proxyOffer,
  pxeAck,
  pxeOffer,
  pxeOptions,
  RASPBERRY_PI_BOOT,
  requestedBootItem,
} from './pxe-reply.js';
export { ack, bootpReply, type DhcpReplyInput, isBootp, nak, offer, type ReplyInput, replyTo } from './reply.js';
export { decline, discover, inform, type OpeningInput, type RequestInput, release, renew, request } from './request.js';
export { summary } from './summary.js';
export { check, findOptions, get, getBytes, has, option, rawOption, readOptions } from './values.js';

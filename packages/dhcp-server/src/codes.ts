/** Every code this package throws or logs. `docs/errors.md` is generated from it. */
export const CODES = {
  DHCP_SERVER_CONFIG: 'The configuration of the DHCP server is wrong; the message names the field and what was expected',
  DHCP_SERVER_NO_INTERFACE: 'No local interface has an address in a served subnet, and no relay is expected',
  DHCP_SERVER_SEVERAL_INTERFACES:
    'Several directly attached interfaces have served subnets: without activated sockets the broadcasts of one cannot be told from those of the other',
  DHCP_SERVER_PORT_IN_USE: 'Another program already listens on the DHCP port',
  DHCP_SERVER_PRIVILEGE: 'Ports below 1024 need root, CAP_NET_BIND_SERVICE or sockets passed in by systemd',
  DHCP_SERVER_SOCKET: 'A socket could not be opened or adopted',
  DHCP_SERVER_STORE: 'The lease store could not be opened, read or written; nothing was acknowledged that is not stored',
  DHCP_SERVER_STORE_NEWER: 'The lease database was written by a newer version with a schema this version does not know',
  DHCP_SERVER_LEASE_FORMAT: 'A lease to be imported is malformed; the message names the line or entry and the field',
  DHCP_SERVER_HOOK: 'A hook, handler or class function threw, or gave a value that cannot be sent; the request was dropped',
} as const;

export type DhcpServerCode = keyof typeof CODES;

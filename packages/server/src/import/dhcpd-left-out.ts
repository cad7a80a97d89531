/** Statements that have nothing to say here, and why. */
export const NOT_NEEDED = new Map(
  Object.entries({
    'ddns-update-style': 'names are not registered in DNS by this server',
    'ddns-updates': 'names are not registered in DNS by this server',
    'update-static-leases': 'names are not registered in DNS by this server',
    'log-facility': 'events go to one log of their own',
    'one-lease-per-client': 'a machine keeps one address through boot ROM, loader and installer',
    'min-lease-time': 'clients get the lease time of the server unless they ask for less',
    'server-identifier': 'the address of the interface that a request came to',
    'server-name': 'the boot server goes by its address',
    'ping-check': 'addresses are chosen from those nobody holds',
    'lease-file-name': 'leases are kept in the state folder',
    'pid-file-name': 'the service manager knows the process',
    'local-port': 'set `dhcp.port` for another port than 67',
    interfaces: 'set `interface`',
  }),
);

/** Statements that are lost, and why. */
export const NOT_SUPPORTED = new Map(
  Object.entries({
    failover: 'there is no fail-over between two servers',
    'omapi-port': 'there is no OMAPI; see `pxekit machines`',
    zone: 'names are not registered in DNS by this server',
    key: 'keys are for DNS updates and OMAPI, which are not here',
    include: 'import the named file, too',
  }),
);

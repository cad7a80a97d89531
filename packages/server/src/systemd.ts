import type { Config } from './config/schema.js';

export interface SystemdOptions {
  config: Config;
  /** Address of the server, which the sockets listen on. */
  address: string;
  /** Network card with that address; DHCP hears the broadcasts of this card alone. */
  card: string | undefined;
  /** Absolute paths. */
  configFile: string;
  folder: string;
  command: string;
  /** systemd opens the ports and passes them in; the server then has no capability at all. Default: false. */
  sockets?: boolean;
}

export interface SystemdUnit {
  /** File name, such as `pxekit.service`. */
  name: string;
  text: string;
}

/** Hardened units for systemd: no root at any time, nothing writable but the state, and the ports through one capability or through sockets. */
export function systemdUnits(options: SystemdOptions): SystemdUnit[] {
  const sockets = options.sockets ? socketUnits(options) : [];
  return [{ name: 'pxekit.service', text: serviceUnit(options, sockets) }, ...sockets];
}

function socketUnits({ config: { dhcp, tftp, http, ftp }, address, card }: SystemdOptions): SystemdUnit[] {
  const units: SystemdUnit[] = [];
  const add = (service: string, lines: string[]) =>
    units.push({
      name: `pxekit-${service}.socket`,
      text: `[Unit]
Description=Network boot server: port of ${service.toUpperCase()}

[Socket]
${lines.join('\n')}
FileDescriptorName=${service}
Service=pxekit.service

[Install]
WantedBy=sockets.target
`,
    });
  if (dhcp !== false) {
    // Broadcasts come to the wildcard address; the card tells which network they are from.
    const ports = dhcp.port === 67 ? [67, dhcp.proxyPort] : [dhcp.port];
    const where = card === undefined ? address : '0.0.0.0';
    add('dhcp', [
      ...ports.map((port) => `ListenDatagram=${where}:${port}`),
      ...(card === undefined ? [] : [`BindToDevice=${card}`]),
      'Broadcast=yes',
    ]);
  }
  if (tftp !== false) add('tftp', [`ListenDatagram=${address}:${tftp.port}`, 'FreeBind=yes']);
  if (http !== false) add('http', [`ListenStream=${address}:${http.port}`, 'FreeBind=yes', 'Backlog=511']);
  if (ftp !== false) add('ftp', [`ListenStream=${address}:${ftp.port}`, 'FreeBind=yes']);
  return units;
}

function serviceUnit({ config, configFile, folder, command }: SystemdOptions, sockets: readonly SystemdUnit[]): string {
  const low = [config.dhcp, config.tftp, config.http, config.ftp].some((role) => role !== false && role.port > 0 && role.port < 1024);
  const state = config.state.startsWith('/') ? config.state : `${folder}/${config.state}`;
  const capability = low && sockets.length === 0 ? 'CAP_NET_BIND_SERVICE' : '';
  const names = sockets.map(({ name }) => name).join(' ');
  const passed = names === '' ? '' : `Requires=${names}\n`;
  const events =
    config.events === undefined || config.events === '-'
      ? []
      : [config.events.startsWith('/') ? config.events : `${folder}/${config.events}`];
  return `[Unit]
Description=Network boot server (DHCP, TFTP, HTTP, kickstart)
Documentation=https://pxekit.dev
${passed}After=network-online.target${names === '' ? '' : ` ${names}`}
Wants=network-online.target

[Service]
ExecStart=${command} serve -c ${configFile}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
User=${config.user ?? 'pxekit'}
${names === '' ? '' : `Sockets=${names}\n`}AmbientCapabilities=${capability}
CapabilityBoundingSet=${capability}
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=${[state, ...events].map((path) => `-${path}`).join(' ')}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
UMask=0027

[Install]
WantedBy=multi-user.target
`;
}

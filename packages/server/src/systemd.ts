import type { Config } from './config/schema.js';

export interface SystemdOptions {
  config: Config;
  /** Absolute paths. */
  configFile: string;
  folder: string;
  command: string;
}

/** A hardened unit for systemd: no root at any time, ports through one capability, nothing writable but the state. */
export function systemdUnit({ config, configFile, folder, command }: SystemdOptions): string {
  const low = [config.dhcp, config.tftp, config.http, config.ftp].some((role) => role !== false && role.port > 0 && role.port < 1024);
  const state = config.state.startsWith('/') ? config.state : `${folder}/${config.state}`;
  const capability = low ? 'CAP_NET_BIND_SERVICE' : '';
  const events =
    config.events === undefined || config.events === '-'
      ? []
      : [config.events.startsWith('/') ? config.events : `${folder}/${config.events}`];
  return `# /etc/systemd/system/pxekit.service
[Unit]
Description=Network boot server (DHCP, TFTP, HTTP, kickstart)
Documentation=https://pxekit.dev
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=${command} serve -c ${configFile}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
User=${config.user ?? 'pxekit'}
AmbientCapabilities=${capability}
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

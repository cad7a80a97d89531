/** Packages that have another name, or are gone, from some release on. `to` is missing where nothing takes their place. */
export interface PackageChange {
  name: string;
  in: string;
  to?: string;
  reason: string;
}

export const PACKAGE_CHANGES: readonly PackageChange[] = [
  { name: 'ntp', in: 'F34-,RHEL8-', to: 'chrony', reason: 'chrony took the place of ntp' },
  { name: 'ntpdate', in: 'F34-,RHEL8-', to: 'chrony', reason: 'chrony took the place of ntp' },
  { name: 'python', in: 'F31-,RHEL8-', to: 'python3', reason: 'Python 2 is gone' },
  { name: 'python2', in: 'RHEL9-', to: 'python3', reason: 'Python 2 is gone' },
  { name: 'policycoreutils-python', in: 'F30-,RHEL8-', to: 'policycoreutils-python-utils', reason: 'the Python 2 package is gone' },
  { name: 'libselinux-python', in: 'F31-,RHEL8-', to: 'python3-libselinux', reason: 'the Python 2 package is gone' },
  { name: 'redhat-lsb', in: 'RHEL9-', reason: 'LSB is no longer packaged' },
  { name: 'redhat-lsb-core', in: 'RHEL9-', reason: 'LSB is no longer packaged' },
  { name: 'network-scripts', in: 'RHEL9-', reason: 'NetworkManager alone sets up the network' },
  { name: 'dhcp', in: 'F31-,RHEL8-RHEL9', to: 'dhcp-server', reason: 'the server has a package of its own' },
  { name: 'dhcp', in: 'RHEL10-', to: 'kea', reason: 'Kea took the place of ISC DHCP' },
  { name: 'dhcp-server', in: 'RHEL10-', to: 'kea', reason: 'Kea took the place of ISC DHCP' },
  { name: 'dhclient', in: 'F31-,RHEL8-RHEL9', to: 'dhcp-client', reason: 'the client has a package of its own' },
  { name: 'dhclient', in: 'RHEL10-', to: 'dhcpcd', reason: 'ISC DHCP is gone' },
  { name: 'dhcp-client', in: 'RHEL10-', to: 'dhcpcd', reason: 'ISC DHCP is gone' },
  { name: 'tcp_wrappers', in: 'F28-,RHEL8-', reason: 'TCP wrappers are gone; use the firewall' },
  { name: 'grub', in: 'F16-,RHEL7-', to: 'grub2', reason: 'GRUB 2 took the place of GRUB' },
  { name: 'system-config-firewall-base', in: 'F18-,RHEL7-', to: 'firewalld', reason: 'firewalld took its place' },
  { name: 'system-config-kickstart', in: 'F29-,RHEL8-', reason: 'the kickstart editor is no longer packaged' },
  { name: 'mysql-server', in: 'RHEL7', to: 'mariadb-server', reason: 'MariaDB took the place of MySQL' },
];

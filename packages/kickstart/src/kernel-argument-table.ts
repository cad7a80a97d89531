/**
 * Arguments on the kernel's command line that belong to the installer, per release.
 *
 * Three installers read them. `loader` (RHEL3-RHEL6, FC3-F16) knows bare names only. dracut with anaconda (RHEL7, RHEL8, F17-F33) knows
 * `inst.` names and still takes bare ones. Since RHEL9 and F34 bare names are no longer read: `ks=` is silently ignored.
 * Sources: anaconda's boot-options and command-line pages through their history, and its release notes from Fedora 35 on.
 */

export interface KernelArgument {
  /** Name as the newest installer that knows it spells it: `inst.ks`. */
  name: string;
  /** `none`: a flag. `required`: `name=value`. `optional`: both. */
  value: 'none' | 'optional' | 'required';
  /** What it does, in one line. */
  summary: string;
  /** May stand more than once. */
  repeat?: true;
  /** Releases that read it, as ranges: `F17- RHEL7-`. */
  in: string;
  /** Bare names that mean the same, with the releases that read them. */
  aliases?: readonly { name: string; in: string }[];
  /** Name of the argument that took its place. */
  replacedBy?: string;
}

/** Bare names live where the loader did and where dracut still took them without `inst.`. */
const LOADER = 'FC3-F16,RHEL3-RHEL6';
const BARE = 'FC3-F33,RHEL3-RHEL8';
const BARE_NEW = 'F17-F33,RHEL7-RHEL8';
const INST = 'F17-,RHEL7-';

const bare = (name: string, where = BARE) => ({ name, in: where });

export const KERNEL_ARGUMENTS: readonly KernelArgument[] = [
  {
    name: 'inst.ks',
    value: 'optional',
    summary: 'where the kickstart file is; without a value, the place the DHCP server names',
    in: INST,
    aliases: [bare('ks')],
  },
  { name: 'inst.ks.all', value: 'none', summary: 'try every kickstart location that is named, not only the last', in: 'F34-,RHEL9-' },
  {
    name: 'inst.ks.sendmac',
    value: 'none',
    summary: 'send the MAC addresses of all interfaces with the HTTP request for the kickstart file',
    in: INST,
    aliases: [bare('kssendmac'), bare('ks.sendmac', BARE_NEW)],
  },
  {
    name: 'inst.ks.sendsn',
    value: 'none',
    summary: 'send the serial number with the HTTP request for the kickstart file',
    in: INST,
    aliases: [bare('kssendsn'), bare('ks.sendsn', BARE_NEW)],
  },
  { name: 'inst.ksstrict', value: 'none', summary: 'treat warnings of the kickstart file as errors', in: 'F28-,RHEL8-' },
  {
    name: 'inst.repo',
    value: 'required',
    summary: 'where the packages and the installer image are',
    in: INST,
    aliases: [bare('repo'), bare('method')],
  },
  { name: 'inst.addrepo', value: 'required', summary: 'a further repository, as name,url', repeat: true, in: 'F29-,RHEL8-' },
  {
    name: 'inst.stage2',
    value: 'required',
    summary: 'where the installer image is, when it is not in the repository',
    in: INST,
    aliases: [bare('stage2')],
  },
  { name: 'inst.stage2.all', value: 'none', summary: 'try every stage2 location that is named', in: 'F34-,RHEL9-' },
  { name: 'inst.dd', value: 'optional', summary: 'driver disk', repeat: true, in: INST, aliases: [bare('dd'), bare('driverdisk', LOADER)] },
  { name: 'inst.wait_for_disks', value: 'required', summary: 'seconds to wait for a disk with drivers', in: 'F39-,RHEL9-' },
  { name: 'inst.proxy', value: 'required', summary: 'proxy for HTTP, HTTPS and FTP', in: INST, aliases: [bare('proxy')] },
  { name: 'inst.noverifyssl', value: 'none', summary: 'do not verify TLS certificates', in: INST, aliases: [bare('noverifyssl')] },
  {
    name: 'inst.multilib',
    value: 'none',
    summary: 'install packages of both word sizes',
    in: 'F18-,RHEL7-',
    aliases: [bare('multilib', BARE_NEW)],
  },
  { name: 'inst.updates', value: 'optional', summary: 'image with updates for the installer', in: INST, aliases: [bare('updates')] },
  { name: 'inst.lang', value: 'required', summary: 'language of the installation', in: INST, aliases: [bare('lang')] },
  { name: 'inst.keymap', value: 'required', summary: 'keyboard layout of the installation', in: INST, aliases: [bare('keymap')] },
  { name: 'inst.singlelang', value: 'none', summary: 'no choice of languages', in: 'F26-,RHEL8-' },
  {
    name: 'inst.geoloc',
    value: 'required',
    summary: 'geolocation on or off, or which provider',
    in: 'F18-,RHEL7-',
    aliases: [bare('geoloc', BARE_NEW)],
  },
  { name: 'inst.geoloc-use-with-ks', value: 'none', summary: 'geolocation in kickstart installations, too', in: 'F33-,RHEL9-' },
  { name: 'inst.text', value: 'none', summary: 'text mode', in: INST, aliases: [bare('text')] },
  { name: 'inst.cmdline', value: 'none', summary: 'command line mode, which asks nothing', in: INST, aliases: [bare('cmdline')] },
  { name: 'inst.graphical', value: 'none', summary: 'graphical mode', in: INST, aliases: [bare('graphical')] },
  { name: 'inst.noninteractive', value: 'none', summary: 'ask nothing, in graphical or text mode', in: 'F26-,RHEL8-' },
  { name: 'inst.resolution', value: 'required', summary: 'screen size, as 1024x768', in: INST, aliases: [bare('resolution')] },
  { name: 'inst.headless', value: 'none', summary: 'there is no display', in: INST, aliases: [bare('headless')] },
  { name: 'inst.xdriver', value: 'required', summary: 'driver of the X server', in: 'F17-F41,RHEL7-RHEL9', aliases: [bare('xdriver')] },
  { name: 'inst.usefbx', value: 'none', summary: 'X on the frame buffer', in: 'F17-F41,RHEL7-RHEL9', aliases: [bare('usefbx')] },
  { name: 'inst.xtimeout', value: 'required', summary: 'seconds to wait for the display server', in: 'F28-,RHEL8-' },
  {
    name: 'inst.vnc',
    value: 'none',
    summary: 'remote display with VNC',
    in: 'F17-F41,RHEL7-RHEL9',
    aliases: [bare('vnc')],
    replacedBy: 'inst.rdp',
  },
  {
    name: 'inst.vncpassword',
    value: 'required',
    summary: 'password of the VNC server',
    in: 'F17-F41,RHEL7-RHEL9',
    aliases: [bare('vncpassword')],
    replacedBy: 'inst.rdp.password',
  },
  {
    name: 'inst.vncconnect',
    value: 'required',
    summary: 'listening VNC client to connect to, as host:port',
    in: 'F17-F41,RHEL7-RHEL9',
    aliases: [bare('vncconnect')],
  },
  { name: 'inst.rdp', value: 'none', summary: 'remote display with RDP', in: 'F42-,RHEL10-' },
  { name: 'inst.rdp.username', value: 'required', summary: 'user name for RDP', in: 'F42-,RHEL10-' },
  { name: 'inst.rdp.password', value: 'required', summary: 'password for RDP', in: 'F42-,RHEL10-' },
  { name: 'inst.sshd', value: 'none', summary: 'start sshd in the installer', in: INST, aliases: [bare('sshd')] },
  { name: 'inst.rescue', value: 'none', summary: 'rescue system', in: INST, aliases: [bare('rescue')] },
  { name: 'inst.nokill', value: 'none', summary: 'do not reboot after a fatal error', in: INST, aliases: [bare('nokill')] },
  { name: 'inst.noshell', value: 'none', summary: 'no shell on the second console', in: INST, aliases: [bare('noshell')] },
  { name: 'inst.notmux', value: 'none', summary: 'do not run the installer in tmux', in: 'F30-,RHEL8-' },
  { name: 'inst.debug', value: 'none', summary: 'debug mode', in: INST, aliases: [bare('debug')] },
  {
    name: 'inst.loglevel',
    value: 'required',
    summary: 'messages shown on the terminal',
    in: 'F17-F33,RHEL7-RHEL8',
    aliases: [bare('loglevel')],
  },
  { name: 'inst.syslog', value: 'required', summary: 'host that receives the log, as host:port', in: INST, aliases: [bare('syslog')] },
  {
    name: 'inst.virtiolog',
    value: 'required',
    summary: 'virtio port that receives the log',
    in: INST,
    aliases: [bare('virtiolog', BARE_NEW)],
  },
  { name: 'inst.remotelog', value: 'required', summary: 'host that receives the log over TCP, as host:port', in: 'F25-,RHEL7-' },
  {
    name: 'inst.zram',
    value: 'required',
    summary: 'swap in compressed memory on or off',
    in: 'F18-F33,RHEL7-RHEL8',
    aliases: [bare('zram', BARE_NEW)],
  },
  { name: 'inst.nodmraid', value: 'none', summary: 'no firmware RAID by dmraid', in: 'F17-F37,RHEL7-RHEL9', aliases: [bare('nodmraid')] },
  { name: 'inst.nompath', value: 'none', summary: 'no multipath', in: 'F17-F39,RHEL7-RHEL9', aliases: [bare('nompath')] },
  { name: 'inst.gpt', value: 'none', summary: 'prefer GPT disk labels', in: INST, aliases: [bare('gpt')], replacedBy: 'inst.disklabel' },
  { name: 'inst.disklabel', value: 'required', summary: 'preferred disk label type', in: 'F37-,RHEL10-' },
  { name: 'inst.nosave', value: 'required', summary: 'what not to copy to the installed system', in: 'F26-,RHEL7-' },
  { name: 'inst.waitfornet', value: 'required', summary: 'seconds to wait for the network', in: 'F26-,RHEL7-' },
  { name: 'inst.dhcpclass', value: 'required', summary: 'DHCP vendor class', in: INST, aliases: [bare('dhcpclass')] },
  { name: 'inst.selinux', value: 'required', summary: 'SELinux in the installed system', in: INST },
  { name: 'inst.sdboot', value: 'none', summary: 'systemd-boot as boot loader', in: 'F39-,RHEL10-' },
  { name: 'inst.extlinux', value: 'none', summary: 'extlinux as boot loader', in: 'F18-,RHEL7-', aliases: [bare('extlinux', BARE_NEW)] },
  {
    name: 'inst.leavebootorder',
    value: 'none',
    summary: 'do not change the boot order of the firmware',
    in: 'F18-,RHEL7-',
    aliases: [bare('leavebootorder', BARE_NEW)],
  },
  { name: 'inst.kdump_addon', value: 'required', summary: 'kdump add-on on or off', in: 'F20-,RHEL7-' },
  {
    name: 'inst.product',
    value: 'required',
    summary: 'product name that chooses the configuration',
    in: 'F28-,RHEL8-',
    replacedBy: 'inst.profile',
  },
  { name: 'inst.profile', value: 'required', summary: 'configuration profile', in: 'F35-,RHEL9-' },

  { name: 'ip', value: 'required', summary: 'address of an interface', repeat: true, in: 'FC3-,RHEL3-' },
  { name: 'nameserver', value: 'required', summary: 'name server', repeat: true, in: INST, aliases: [bare('dns')] },
  { name: 'bootdev', value: 'required', summary: 'interface that boots, when there are several ip=', in: INST },
  { name: 'ifname', value: 'required', summary: 'name for an interface, as name:MAC', repeat: true, in: INST },
  { name: 'BOOTIF', value: 'required', summary: 'MAC address of the interface that booted; SYSLINUX adds it', in: 'FC5-,RHEL5-' },
  { name: 'rd.neednet', value: 'required', summary: 'bring the network up in the initramfs', in: INST },
  { name: 'rd.live.check', value: 'none', summary: 'check the installation medium', in: INST, aliases: [bare('mediacheck', LOADER)] },

  { name: 'ksdevice', value: 'required', summary: 'interface to fetch the kickstart file through', in: BARE, replacedBy: 'bootdev' },
  { name: 'netmask', value: 'required', summary: 'network mask', in: BARE, replacedBy: 'ip' },
  { name: 'gateway', value: 'required', summary: 'gateway', in: BARE, replacedBy: 'ip' },
  { name: 'hostname', value: 'required', summary: 'host name', in: BARE, replacedBy: 'ip' },
  { name: 'ipv6', value: 'required', summary: 'IPv6 address', in: LOADER, replacedBy: 'ip' },
  { name: 'noipv4', value: 'none', summary: 'no IPv4', in: LOADER },
  { name: 'noipv6', value: 'none', summary: 'no IPv6', in: LOADER, replacedBy: 'ipv6.disable' },
  { name: 'mtu', value: 'required', summary: 'MTU of the interface', in: LOADER, replacedBy: 'ip' },
  { name: 'ethtool', value: 'required', summary: 'link settings', in: LOADER },
  { name: 'essid', value: 'required', summary: 'name of the wireless network', in: LOADER },
  { name: 'wepkey', value: 'required', summary: 'key of the wireless network', in: LOADER },
  { name: 'dhcptimeout', value: 'required', summary: 'seconds to wait for a DHCP server', in: LOADER },
  { name: 'linksleep', value: 'required', summary: 'seconds to wait for the link', in: LOADER },
  { name: 'nicdelay', value: 'required', summary: 'seconds to wait for the gateway', in: LOADER },
  { name: 'asknetwork', value: 'none', summary: 'ask for the network settings', in: LOADER },
  { name: 'askmethod', value: 'none', summary: 'ask for the installation source', in: LOADER, replacedBy: 'inst.repo' },
  { name: 'serial', value: 'none', summary: 'serial console', in: LOADER, replacedBy: 'console' },
  { name: 'display', value: 'required', summary: 'remote X display', in: LOADER, replacedBy: 'inst.vnc' },
  { name: 'expert', value: 'none', summary: 'expert mode', in: LOADER },
  { name: 'noprobe', value: 'none', summary: 'do not look for hardware', in: LOADER },
  { name: 'nostorage', value: 'none', summary: 'do not look for storage controllers', in: LOADER },
  { name: 'nonet', value: 'none', summary: 'do not look for network controllers', in: LOADER },
  { name: 'nousb', value: 'none', summary: 'no USB', in: LOADER },
  { name: 'nousbstorage', value: 'none', summary: 'no USB storage', in: LOADER },
  { name: 'nofirewire', value: 'none', summary: 'no FireWire', in: LOADER, replacedBy: 'modprobe.blacklist' },
  { name: 'noparport', value: 'none', summary: 'no parallel port', in: LOADER },
  { name: 'nopcmcia', value: 'none', summary: 'no PCMCIA', in: LOADER },
  { name: 'latefcload', value: 'none', summary: 'load Fibre Channel drivers after the other storage drivers', in: LOADER },
  { name: 'nopass', value: 'none', summary: 'do not hand keyboard and mouse on', in: LOADER },
  { name: 'nomount', value: 'none', summary: 'rescue system without mounts', in: LOADER },
  { name: 'upgradeany', value: 'none', summary: 'upgrade whatever is found', in: LOADER },
  { name: 'dlabel', value: 'required', summary: 'driver disk by label', in: LOADER, replacedBy: 'inst.dd' },
  { name: 'skipddc', value: 'none', summary: 'do not ask the monitor', in: LOADER },
  { name: 'utf8', value: 'none', summary: 'terminal type', in: LOADER },
];

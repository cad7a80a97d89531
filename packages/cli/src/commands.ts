import type { Command } from 'commander';
import type { Io } from './io.js';

/** A subcommand: its line in the help, and where the rest of it stands. */
interface Entry {
  about: string;
  load(io: Io): Promise<Command>;
}

/** The subcommands, in the order of the help. Their modules are loaded when they are wanted: `pxekit ks lint` needs no server. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  serve: {
    about: 'Run the boot server: DHCP, TFTP, HTTP and kickstart from one file.',
    load: async (io) => (await import('./commands/serve.js')).serveCommand(io),
  },
  demo: {
    about: 'Show a whole network boot on loopback: no root, no configuration, no downloads.',
    load: async (io) => (await import('./commands/demo.js')).demoCommand(io),
  },
  init: {
    about: 'Write a commented pxekit.yaml for a network card of this machine.',
    load: async (io) => (await import('./commands/setup.js')).initCommand(io),
  },
  check: {
    about: 'Run every check there is without opening a port.',
    load: async (io) => (await import('./commands/check.js')).checkCommand(io),
  },
  simulate: {
    about: 'Walk a whole network boot as a client would, and show every step.',
    load: async (io) => (await import('./commands/simulate.js')).simulateCommand(io),
  },
  doctor: {
    about: 'Look for what keeps machines from booting: each item ok, warn or fail, with cause and fix.',
    load: async (io) => (await import('./commands/doctor.js')).doctorCommand(io),
  },
  explain: {
    about: 'Say what a machine gets at each stage, and which rule and line decided.',
    load: async (io) => (await import('./commands/explain.js')).explainCommand(io),
  },
  tree: {
    about: 'List the boot files a client can get, real and generated.',
    load: async (io) => (await import('./commands/tree.js')).treeCommand(io),
  },
  machines: {
    about: 'List the machines: those in the configuration and those that were seen, with their state.',
    load: async (io) => (await import('./commands/machines.js')).machinesCommand(io),
  },
  arm: {
    about: 'Let a machine install at its next network boot.',
    load: async (io) => (await import('./commands/machines.js')).armCommand(io),
  },
  disarm: {
    about: 'Let a machine boot its disk from now on.',
    load: async (io) => (await import('./commands/machines.js')).disarmCommand(io),
  },
  timeline: {
    about: 'Show what happened to a machine, oldest first.',
    load: async (io) => (await import('./commands/machines.js')).timelineCommand(io),
  },
  import: {
    about: 'Turn the files of a classic set-up (dhcpd, xinetd, httpd, pxelinux) into pxekit.yaml.',
    load: async (io) => (await import('./commands/import.js')).importCommand(io),
  },
  schema: {
    about: 'Print the JSON Schema of pxekit.yaml, for editors.',
    load: async (io) => (await import('./commands/setup.js')).schemaCommand(io),
  },
  systemd: {
    about: 'Print hardened systemd units for the server.',
    load: async (io) => (await import('./commands/setup.js')).systemdCommand(io),
  },
  nfs: {
    about: "Print the lines for /etc/exports that give the images to the system's NFS server.",
    load: async (io) => (await import('./commands/setup.js')).nfsCommand(io),
  },
  dhcp: {
    about: 'Read and write DHCP messages.',
    load: async (io) => (await import('./commands/dhcp.js')).dhcpCommand(io),
  },
  tftp: {
    about: 'Serve and fetch files over TFTP.',
    load: async (io) => (await import('./commands/tftp.js')).tftpCommand(io),
  },
  pxelinux: {
    about: 'Read, check and convert SYSLINUX/PXELINUX configurations.',
    load: async (io) => (await import('./commands/pxelinux.js')).pxelinuxCommand(io),
  },
  ks: {
    about: 'Read, check, edit and migrate kickstart files.',
    load: async (io) => (await import('./commands/ks.js')).ksCommand(io),
  },
};

import { evaluate, parse } from '@pxekit/pxelinux';

const config = parse(`UI menu.c32
DEFAULT linux
LABEL linux
  MENU LABEL ^Install
  KERNEL vmlinuz
  INITRD initrd.img
  APPEND quiet ks=http://192.0.2.1/ks.cfg
  IPAPPEND 2
`);
const model = evaluate(config, { engine: 'menu', client: { mac: '52:54:00:12:34:56' } });
const menu = model.menus[model.startMenu];
const entry = menu?.entries[menu.default];
console.log(`${entry?.display} (line ${entry?.origins.display?.line}): ${entry?.cmdline}`);

import { createServer } from '@pxekit/server';

const server = createServer(
  {
    address: '127.0.0.1/8',
    dhcp: { port: 0, subnets: [{ subnet: '127.0.0.0/8', pools: ['127.0.1.1-127.0.1.99'] }] },
    tftp: { port: 0 },
    http: { port: 0 },
    images: { demo: { folder: '.', kernel: 'vmlinuz', initrd: 'initrd.img' } },
    profiles: { demo: { image: 'demo' } },
    machines: [{ name: 'm1', mac: '52:54:00:12:34:56', profile: 'demo' }],
  },
  { folder: process.env.BOOT_FOLDER ?? '.', hooks: { onEvent: ({ type, machine }) => console.log(type, machine ?? '') } },
);
await server.start();
console.log(server.decide({ mac: '52:54:00:12:34:56' }, 'action').action);
await server.stop();

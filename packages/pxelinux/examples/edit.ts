import { addLabel, parse, removeArgument, serialize, setArgument, setDefault } from '@pxekit/pxelinux';

let document = parse('default linux\nlabel linux\n  kernel vmlinuz\n  append initrd=initrd.img ks=ftp://old/a.ks\n');
document = removeArgument(document, 'linux', 'ks');
document = setArgument(document, 'linux', 'inst.ks', 'http://192.0.2.1/a.ks');
document = addLabel(document, { name: 'local', lines: [['LOCALBOOT', '-1']] });
document = setDefault(document, 'local');
console.log(serialize(document));

import { applyEdits } from '@pxekit/diagnostics';
import { importDhcpd } from '@pxekit/server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const GUIDE = `# DHCP for unattended installs
ddns-update-style interim;
Ignore Client-Updates;
allow booting;
allow bootp;

subnet 192.168.111.0 netmask 255.255.255.0 {
  option routers 192.168.111.1;
  option subnet-mask 255.255.255.0;
  option domain-name "example.com";
  option domain-name-servers 192.168.111.1, 192.168.111.2;
  option time-offset -18000;
  range dynamic-bootp 192.168.111.100 192.168.111.200;
  default-lease-time 21600;
  max-lease-time 43200;
  next-server 192.168.111.1;
  filename "/tftpboot/pxelinux.0";
  host ns {
    hardware ethernet 12:34:56:78:AB:CD;
    fixed-address 192.168.111.10;
  }
}
`;

const lineOf = (text: string, result: ReturnType<typeof importDhcpd>) =>
  result.statements.find(({ statement }) => statement.startsWith(text));

describe('importDhcpd', () => {
  it.each(['constructor', 'toString x', '__proto__ y { }'])('knows no statement "%s"', (text) => {
    const [statement] = importDhcpd(text.endsWith('}') ? text : `${text};`).statements;
    expect(statement).toMatchObject({ verdict: 'unsupported', note: expect.stringContaining('not known here') });
  });

  it('carries the configuration of the guides over', () => {
    const { config, problems } = importDhcpd(GUIDE);
    expect(problems).toEqual([]);
    expect(config).toEqual({
      address: '192.168.111.1/24',
      dhcp: {
        bootp: true,
        subnets: [
          {
            subnet: '192.168.111.0/24',
            pools: ['192.168.111.100-192.168.111.200'],
            routers: ['192.168.111.1'],
            dns: ['192.168.111.1', '192.168.111.2'],
            domain: 'example.com',
            leaseTime: 21_600,
            maxLeaseTime: 43_200,
          },
        ],
      },
      machines: [{ name: 'ns', mac: '12:34:56:78:ab:cd', address: '192.168.111.10' }],
    });
  });

  it('accounts for every statement with its line', () => {
    const result = importDhcpd(GUIDE);
    expect(result.statements.map(({ line }) => line)).toEqual([2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
    expect(lineOf('ddns-update-style', result)?.verdict).toBe('not-needed');
    expect(lineOf('Ignore', result)?.verdict).toBe('not-needed');
    expect(lineOf('filename', result)).toMatchObject({ verdict: 'changed', line: 17 });
    expect(lineOf('range', result)).toMatchObject({ verdict: 'kept', line: 13 });
  });

  it.each([
    ['next-server10.1.1.1;', 'next-server 10.1.1.1;'],
    ['filename"pxelinux.0";', 'filename "pxelinux.0";'],
    ['optionrouters 10.1.1.1;', 'option routers 10.1.1.1;'],
    ['subnet10.1.1.0netmask255.255.255.0{range10.1.1.5 10.1.1.9;}', 'subnet 10.1.1.0 netmask 255.255.255.0{range 10.1.1.5 10.1.1.9;}'],
  ])('names the blank lost in %s', (text, expected) => {
    const { problems } = importDhcpd(text);
    const fixes = problems.filter(({ code }) => code === 'import/missing-blank').flatMap(({ fix }) => fix?.edits ?? []);
    expect(applyEdits(text, fixes)).toBe(expected);
  });

  it('reads through a lost blank', () => {
    const { config } = importDhcpd('subnet 10.1.1.0 netmask 255.255.255.0 { next-server10.1.1.1; }');
    expect(config.address).toBe('10.1.1.1/24');
  });

  it('keeps the boot server of a subnet that it is not in', () => {
    const { config } = importDhcpd('next-server 10.9.9.9; subnet 10.1.1.0 netmask 255.255.255.0 { }');
    expect(config).toEqual({ dhcp: { subnets: [{ subnet: '10.1.1.0/24', nextServer: '10.9.9.9' }] } });
  });

  it('leaves choices by architecture to the server', () => {
    const { statements, config } = importDhcpd(`class "pxeclients" {
  match if substring (option vendor-class-identifier, 0, 9) = "PXEClient";
  if option arch = 00:07 { filename "grubx64.efi"; } else { filename "pxelinux.0"; }
}`);
    expect(new Set(statements.map(({ verdict }) => verdict))).toEqual(new Set(['not-needed']));
    expect(config).toEqual({ dhcp: { subnets: [] } });
  });

  it.each([
    ['deny unknown-clients;', { unknown: 'deny' }],
    ['allow unknown-clients;', { unknown: 'allow' }],
  ])('turns %s into the policy for unknown machines', (text, expected) => {
    expect(importDhcpd(text).config).toMatchObject(expected);
  });

  it.each([
    ['subnet 10.0.0.0 netmask 255.255.255.0 {', 'A "}" is missing.'],
    ['authoritative', 'The ";" at the end is missing.'],
    ['option domain-name "x', 'The string is not closed.'],
    ['}', 'A "}" too many.'],
    ['range 10.0.0.1 10.0.0.2;', 'range 10.0.0.1 10.0.0.2: a range belongs into a subnet'],
    ['subnet 10.0.0.0 netmask 255.0.255.0 {}', 'subnet 10.0.0.0 netmask 255.0.255.0: expected "subnet ADDRESS netmask MASK"'],
    ['{'.repeat(10_000).replaceAll('{', 'group {'), 'Blocks are nested too deep.'],
  ])('says what is wrong with %.40s', (text, message) => {
    expect(importDhcpd(text).problems.map((problem) => problem.message)).toContain(message);
  });

  it('never throws', () => {
    const pieces = fc.constantFrom(
      'subnet',
      'netmask',
      'host',
      'range',
      'option',
      '"',
      ';',
      '{',
      '}',
      ' ',
      '10.0.0.0',
      '255.255.255.0',
      '#',
      '\n',
      'next-server',
      ',',
      '=',
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const result = importDhcpd(parts.join(''));
        expect(Array.isArray(result.statements)).toBe(true);
      }),
    );
  });

  it('finds blanks that were lost before and after a value', () => {
    const text = `ddns-update-styleinterim;
subnet10.1.1.0netmask255.255.255.0{ rangedynamic-bootp10.1.1.50 10.1.1.90; }
host a { hardwareethernetaa:bb:cc:00:00:01; fixed-address10.1.1.5; }
`;
    const { config, problems, statements } = importDhcpd(text);
    expect(config).toMatchObject({
      dhcp: { subnets: [{ subnet: '10.1.1.0/24', pools: ['10.1.1.50-10.1.1.90'] }] },
      machines: [{ name: 'a', mac: 'aa:bb:cc:00:00:01', address: '10.1.1.5' }],
    });
    expect(problems.every(({ code }) => code === 'import/missing-blank')).toBe(true);
    expect(statements.map(({ verdict }) => verdict)).not.toContain('unsupported');
    const repaired = applyEdits(
      text,
      problems.flatMap(({ fix }) => fix?.edits ?? []),
    );
    expect(repaired).toContain('subnet 10.1.1.0 netmask 255.255.255.0{ range dynamic-bootp 10.1.1.50');
    expect(importDhcpd(repaired).problems).toEqual([]);
  });
});

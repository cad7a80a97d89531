import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FtpAction, FtpSession } from '../../src/ftp/session.js';
import type { FtpFile, FtpFolder, FtpTree } from '../../src/ftp/tree.js';

const modified = new Date('2024-05-06T07:08:09Z');
const NOW = Date.parse('2024-06-01T00:00:00Z');
const kernel: FtpFile = { kind: 'file', path: '/srv/vmlinuz', size: 4000, modified };

function folder(...names: string[]): FtpFolder {
  return {
    kind: 'folder',
    modified,
    entries: () => names.map((name) => ({ name, isFolder: name.endsWith('d'), size: 4000, modified })),
  };
}

const content: Record<string, FtpFile | FtpFolder> = {
  '/': folder('pub.d'),
  '/pub.d': folder('vmlinuz', 'deep.d', 'evil\r\nname'),
  '/pub.d/vmlinuz': kernel,
};
const tree: FtpTree = { find: (path) => (Object.hasOwn(content, path) ? content[path] : undefined) };

function loggedIn(): FtpSession {
  const session = new FtpSession(tree);
  session.receive('USER anonymous', NOW);
  session.receive('PASS me@', NOW);
  return session;
}

function replies(actions: readonly FtpAction[]): string {
  return actions.map((action) => (action.do === 'reply' ? action.text : `<${action.do}>`)).join('');
}

const say = (session: FtpSession, line: string) => replies(session.receive(line, NOW));

describe('FtpSession', () => {
  it('lets nobody in but anonymous', () => {
    const session = new FtpSession(tree);
    expect(say(session, 'PWD')).toMatch(/^530 /);
    expect(say(session, 'USER root')).toMatch(/^331 /);
    expect(say(session, 'PASS secret')).toMatch(/^530 /);
    expect(say(session, 'USER ftp')).toMatch(/^331 /);
    expect(say(session, 'PASS x')).toMatch(/^230 /);
    expect(say(session, 'PWD')).toBe('257 "/" is the current folder.\r\n');
  });

  it.each(['STOR x', 'DELE pub.d/vmlinuz', 'MKD x', 'RNFR x', 'SITE CHMOD 777 x'])('refuses %s', (line) => {
    expect(say(loggedIn(), line)).toMatch(/^550 /);
  });

  it.each(['PORT 127,0,0,1,0,22', 'EPRT |1|127.0.0.1|22|'])('connects to nobody: %s', (line) => {
    expect(say(loggedIn(), line)).toMatch(/^502 /);
  });

  it('walks folders and never above the root', () => {
    const session = loggedIn();
    expect(say(session, 'CWD pub.d')).toMatch(/^250 /);
    expect(say(session, 'SIZE vmlinuz')).toBe('213 4000\r\n');
    expect(say(session, 'MDTM vmlinuz')).toBe('213 20240506070809\r\n');
    expect(say(session, 'CWD ../../../..')).toMatch(/^250 /);
    expect(say(session, 'PWD')).toContain('"/"');
    expect(say(session, 'CWD nowhere')).toMatch(/^550 /);
  });

  it('gives the passive endpoint in the form of PASV and of EPSV', () => {
    const session = loggedIn();
    expect(say(session, 'PASV')).toBe('<passive>');
    expect(replies(session.passiveOpened({ address: '192.0.2.7', port: 30000 }, false))).toContain('(192,0,2,7,117,48)');
    expect(replies(session.passiveOpened({ address: '2001:db8::1', port: 30000 }, false))).toMatch(/^522 /);
    expect(replies(session.passiveOpened({ address: '2001:db8::1', port: 30000 }, true))).toContain('(|||30000|)');
    expect(say(session, 'EPSV ALL')).toMatch(/^200 /);
    expect(say(session, 'PASV')).toMatch(/^503 /);
  });

  it('starts RETR where REST said, once', () => {
    const session = loggedIn();
    const retrieve = () => {
      session.passiveOpened({ address: '192.0.2.7', port: 1 }, true);
      const actions = session.receive('RETR /pub.d/vmlinuz', NOW);
      session.transferEnded('complete');
      return actions.find((action) => action.do === 'send');
    };
    session.receive('REST 1000', NOW);
    expect(retrieve()).toMatchObject({ content: { file: kernel, start: 1000 } });
    expect(retrieve()).toMatchObject({ content: { file: kernel, start: 0 } });
    session.receive('REST 4001', NOW);
    expect(say(session, 'RETR /pub.d/vmlinuz')).toMatch(/^554 /);
  });

  it('wants a data port before it sends', () => {
    expect(say(loggedIn(), 'RETR /pub.d/vmlinuz')).toMatch(/^425 /);
  });

  it.each([
    ['LIST -la /pub.d', 'vmlinuz\r\n'],
    ['NLST pub.d', 'vmlinuz\r\ndeep.d\r\n'],
    ['MLSD pub.d', 'type=file;modify=20240506070809;perm=r;size=4000; vmlinuz\r\ntype=dir;modify=20240506070809;perm=el; deep.d\r\n'],
  ])('lists with %s and leaves out names with line ends', (line, expected) => {
    const session = loggedIn();
    session.passiveOpened({ address: '192.0.2.7', port: 1 }, true);
    const [, send] = session.receive(line, NOW);
    const { text } = (send as Extract<FtpAction, { do: 'send' }>).content as { text: string };
    expect(text).toContain(expected);
    expect(text).not.toContain('evil');
  });

  it('aborts a transfer with 426 and 226', () => {
    const session = loggedIn();
    session.passiveOpened({ address: '192.0.2.7', port: 1 }, true);
    session.receive('RETR pub.d/vmlinuz', NOW);
    expect(say(session, 'LIST')).toMatch(/^425 /);
    expect(say(session, 'ABOR')).toMatch(/^<abort>426 .*\r\n226 /);
    expect(session.transferEnded('failed')).toEqual([]);
  });

  it('answers any line at all with whole reply lines and asks the tree for clean paths only', () => {
    const asked: string[] = [];
    const watching: FtpTree = {
      find(path) {
        asked.push(path);
        return tree.find(path);
      },
    };
    const commands = fc.constantFrom(
      'CWD',
      'RETR',
      'SIZE',
      'MDTM',
      'LIST',
      'MLSD',
      'MLST',
      'NLST',
      'REST',
      'EPSV',
      'TYPE',
      'OPTS',
      'XXXX',
      'ABOR',
    );
    const argument = fc.string({ unit: fc.constantFrom('.', '..', '/', '\\', 'pub.d', 'vmlinuz', '\0', ' ', '"', '%2e', 'é', '-') });
    fc.assert(
      fc.property(fc.array(fc.tuple(commands, argument)), (lines) => {
        const session = new FtpSession(watching);
        session.receive('USER ftp', NOW);
        session.receive('PASS', NOW);
        for (const [command, rest] of lines) {
          const text = replies(session.receive(`${command} ${rest}`, NOW).filter((action) => action.do === 'reply'));
          if (text !== '') expect(text).toMatch(/^(\d{3}[ -].*\r\n( .*\r\n)*)+$/);
        }
        for (const path of asked) {
          expect(path).toMatch(/^\//);
          expect(path.split('/')).not.toContain('..');
          expect(path).not.toContain('\0');
        }
      }),
    );
  });
});

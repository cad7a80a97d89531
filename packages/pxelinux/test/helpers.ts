import { type CoreModel, type Engine, evaluate, type MenuEntry, type MenuModel, type ModelOf, parse } from '@pxekit/pxelinux';

export const CLIENT = {
  mac: '52:54:00:AB:CD:EF',
  ip: '10.0.2.15',
  server: '10.0.2.2',
  gateway: '10.0.2.2',
  netmask: '255.255.255.0',
  uuid: '085994b8-a6d6-a941-611d-74a6ab80b83d',
};

/** A configuration seen by one engine, with other files by name. */
export function model<E extends Engine>(engine: E, text: string | Uint8Array, files: Record<string, string> = {}): ModelOf[E] {
  const document = typeof text === 'string' ? parse(text) : parse(text);
  return evaluate(document, { engine, client: CLIENT, include: (path) => files[path] });
}

/** The entries of the top menu. */
export function entries({ menus }: MenuModel | CoreModel): MenuEntry[] {
  return menus[1]?.entries ?? [];
}

/** Command line of the first entry. */
export function commandLine(text: string): string | undefined {
  return entries(model('menu', text))[0]?.cmdline;
}

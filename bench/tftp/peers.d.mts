export interface PeerServer {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}
export function peers(folder?: string): {
  readonly found: Record<string, { readonly program: string; readonly version: string }>;
  start(name: string, port: number, root: string, host?: string): Promise<PeerServer>;
};

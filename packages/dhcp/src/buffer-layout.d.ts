// The part of buffer-layout 1.2.2 (untyped CommonJS) that this package uses. At run time its bytes have to be real Buffers.
declare module 'buffer-layout' {
  export interface Layout<T = unknown> {
    readonly span: number;
    readonly property: string;
    decode(bytes: Uint8Array, offset?: number): T;
  }
  export interface Structure extends Layout<Record<string, unknown>> {
    offsetOf(property: string): number | undefined;
  }
  interface BufferLayout {
    struct(fields: readonly Layout[]): Structure;
    u8(property: string): Layout<number>;
    u16be(property: string): Layout<number>;
    u32be(property: string): Layout<number>;
    blob(length: number, property: string): Layout<Uint8Array>;
  }
  const layout: BufferLayout;
  export default layout;
}

/** A TCP proxy that can stall, reset, trickle or swallow what passes through it. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export class FaultProxy {
  readonly #server: Server;
  readonly #pairs = new Set<{ near: Socket; far: Socket }>();
  /** Nothing passes in either direction; what arrives is kept until the stall ends. */
  #isStalled = false;
  /** Bytes towards the server vanish (half-open line). */
  swallowsUpstream = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(targetPort: number): Promise<FaultProxy> {
    const server = createServer();
    const proxy = new FaultProxy(server);
    server.on("connection", (near) => {
      const far = connect(targetPort, "127.0.0.1");
      const pair = { near, far };
      proxy.#pairs.add(pair);
      const end = () => {
        proxy.#pairs.delete(pair);
        near.destroy();
        far.destroy();
      };
      for (const socket of [near, far]) {
        socket.on("error", end);
        socket.on("close", end);
      }
      near.on("data", (data) => {
        if (!proxy.swallowsUpstream) far.write(data);
      });
      far.on("data", (data) => near.write(data));
      if (proxy.#isStalled) for (const socket of [near, far]) socket.pause();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stall(): void {
    this.#isStalled = true;
    for (const { near, far } of this.#pairs) for (const socket of [near, far]) socket.pause();
  }

  flow(): void {
    this.#isStalled = false;
    for (const { near, far } of this.#pairs) for (const socket of [near, far]) socket.resume();
  }

  /** Cuts every line with a reset on both ends. */
  reset(): void {
    for (const { near, far } of [...this.#pairs]) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    this.#pairs.clear();
  }

  close(): void {
    this.reset();
    this.#server.close();
  }
}

import { hold } from "./early.js";
import { within, type Carrier, type Pending } from "./link.js";
import type { Connection, Socket } from "./session.js";

/** A connection whose code is loaded now: most clients have none. What comes until then is kept. */
export class Opening implements Carrier {
  readonly #opened: Promise<Connection>;
  #connection: Connection | undefined;
  #closed = false;

  constructor(socket: Socket, open: () => Promise<Connection>) {
    hold(socket);
    this.#opened = open().then((connection) => {
      if (this.#closed) connection.close();
      return (this.#connection = connection);
    });
    // Nobody may wait for it.
    this.#opened.catch(() => {});
  }

  async carry(list: readonly Pending[]): Promise<void> {
    const connection = this.#connection ?? (await within(list[0]!.options, () => this.#opened));
    return connection.carry(list);
  }

  close(): void {
    this.#closed = true;
    this.#connection?.close();
  }
}

/** Passes TCP connections on to a port of this machine, until it is cut: then nothing arrives, and nobody is told. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

const HOST = '127.0.0.1'

/** Both ends of a connection; `far` is null until the link passes it on. */
interface Pair {
  readonly near: Socket
  far: Socket | null
}

export class CuttableLink {
  readonly #target: number
  /** A connection starts paused. */
  readonly #server: Server = createServer({ pauseOnConnect: true }, (near) => this.#take(near))
  readonly #pairs = new Set<Pair>()
  #isCut = false

  private constructor(target: number) {
    this.#target = target
  }

  static async to(target: number): Promise<CuttableLink> {
    const link = new CuttableLink(target)
    link.#server.listen(0, HOST)
    await once(link.#server, 'listening')
    return link
  }

  /** Where to dial in place of the target. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Ends are not even told that the other closed; what they say from now on, and whom they dial, waits. */
  cut(): void {
    this.#isCut = true
    for (const { near, far } of this.#pairs) {
      if (far === null) continue
      near.unpipe(far).pause()
      far.unpipe(near).pause()
    }
  }

  heal(): void {
    this.#isCut = false
    for (const pair of this.#pairs) this.#pass(pair)
  }

  close(): void {
    this.#server.close()
    for (const pair of this.#pairs) this.#end(pair)
  }

  #take(near: Socket): void {
    const pair: Pair = { near, far: null }
    this.#pairs.add(pair)
    this.#watch(near, pair)
    if (!this.#isCut) this.#pass(pair)
  }

  #pass(pair: Pair): void {
    if (pair.near.destroyed || pair.far?.destroyed) {
      this.#end(pair)
      return
    }
    if (pair.far === null) {
      pair.far = connect(this.#target, HOST)
      this.#watch(pair.far, pair)
    }
    pair.near.pipe(pair.far).pipe(pair.near)
  }

  #watch(socket: Socket, pair: Pair): void {
    // What ends a connection is told to its other end below.
    socket.on('error', () => {})
    socket.on('close', () => {
      if (!this.#isCut) this.#end(pair)
    })
  }

  #end(pair: Pair): void {
    this.#pairs.delete(pair)
    pair.near.destroy()
    pair.far?.destroy()
  }
}

/**
 * The keys of a validator's process may be changed in their file while it runs. The file has the new pair before the chain
 * has, and the chain has it a whole epoch before a set names it: that is when the file is read again.
 */
import type { LiveNode } from '../../node/live-node.ts'
import { type HeldKeys, holdsKey } from '../../node/validator-keys.ts'
import type { Address, Epoch } from '../../protocol/ids.ts'
import { validatorKey } from '../../state/keys.ts'
import { epochOf } from '../../state/validator-sets.ts'

export class KeyWatch {
  readonly #node: LiveNode
  readonly #read: () => Promise<HeldKeys>
  /** A file that cannot help is not decrypted again with every block. */
  #readIn: Epoch | null = null
  readonly #stop: () => void

  constructor(node: LiveNode, read: () => Promise<HeldKeys>) {
    this.#node = node
    this.#read = read
    const look = () => this.#look()
    this.#stop = node.listen({ decided: look, status: look })
    this.#look()
  }

  stop(): void {
    this.#stop()
  }

  /** Blocks of the past name keys that were let go long since: only the head counts. */
  #look(): void {
    const { identity, caughtUp, chain } = this.#node
    if (!identity || !caughtUp) return
    const registered = chain.state.get(validatorKey(identity.address))?.validatorKey
    if (!registered || holdsKey(identity, registered)) return
    const epoch = epochOf(chain.height + 1, chain.parameters)
    if (this.#readIn === epoch) return
    this.#readIn = epoch
    void this.#takeUp(identity.address, registered)
  }

  async #takeUp(address: Address, registered: Uint8Array): Promise<void> {
    const { host, options } = this.#node
    const say = (level: 'info' | 'error', words: string) => options.telemetry.log(level, 'signer', words)
    try {
      const keys = await this.#read()
      if (!holdsKey(keys, registered)) throw new Error(`no such key of ${address} is in the file`)
      await host.holdKeys(keys)
      say('info', 'the keys were changed: the new ones sign from the first set on that names them')
    } catch (error) {
      say(
        'error',
        `the chain has new keys of this validator and they cannot be read: ${String(error)}; the file is read again in the next epoch, and nothing is signed under a set that names them until it can be`,
      )
    }
  }
}

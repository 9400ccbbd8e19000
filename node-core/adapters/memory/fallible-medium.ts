/** What a disk and a file have in common when they go wrong: a crash kills every open handle, and writes fail when told to. */
import { StorageError, type StorageErrorCode } from '../../ports/storage-error.ts'
import { SerialQueue } from '../serial-queue.ts'

export class FallibleMedium {
  #crashes = 0
  #failing: StorageErrorCode | null = null

  /** Every open handle is dead from here on; writes that were not acknowledged are lost. */
  crash(): void {
    this.#crashes++
  }

  /** From now on writes fail with this code; null mends the medium. */
  fail(code: StorageErrorCode | null): void {
    this.#failing = code
  }

  get crashes(): number {
    return this.#crashes
  }

  get failing(): StorageErrorCode | null {
    return this.#failing
  }
}

/** One opening of a medium: it refuses everything once it is closed or the medium has crashed. */
export class MediumHandle {
  readonly #medium: FallibleMedium
  readonly #born: number
  #closed = false
  protected readonly queue = new SerialQueue()

  constructor(medium: FallibleMedium) {
    this.#medium = medium
    this.#born = medium.crashes
  }

  close(): Promise<void> {
    this.#closed = true
    return this.queue.run(() => undefined)
  }

  protected requireOpen(): void {
    if (this.#closed) throw new StorageError('storage-lost', { reason: 'closed' })
    this.requireAlive()
  }

  protected requireAlive(): void {
    if (this.#medium.crashes !== this.#born) throw new StorageError('storage-lost', { reason: 'crashed' })
  }

  /** At the moment of a write. */
  protected requireWriting(): void {
    this.requireAlive()
    const { failing } = this.#medium
    if (failing) throw new StorageError(failing, { reason: 'told to fail' })
  }
}

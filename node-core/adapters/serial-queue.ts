/** Runs tasks one after another in the order of the calls; a task that fails does not stop the next. */
import { StorageError } from '../ports/storage-error.ts'
import { SERIAL_OPERATIONS } from './limits.ts'

export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** Rejects with 'storage-busy' when SERIAL_OPERATIONS are waiting already, else settles as the task does. */
  run<T>(task: () => Promise<T> | T): Promise<T> {
    if (this.#waiting >= SERIAL_OPERATIONS) {
      return Promise.reject(new StorageError('storage-busy', { limit: SERIAL_OPERATIONS }))
    }
    this.#waiting++
    const outcome = this.#last.then(task)
    this.#last = outcome.then(
      () => this.#waiting--,
      () => this.#waiting--,
    )
    return outcome
  }
}

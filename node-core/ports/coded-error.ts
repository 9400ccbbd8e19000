/**
 * A refusal that crosses an asynchronous edge: programs read `code` and `data`, people get words made from them elsewhere.
 * It has the shape of an ApiError, so a face of the node can hand it on as it is. `data` must survive structured cloning.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code
  readonly data: Readonly<Record<string, unknown>>

  constructor(code: Code, data: Readonly<Record<string, unknown>> = {}, options: { cause?: unknown } = {}) {
    super(code, options)
    this.name = 'CodedError'
    this.code = code
    this.data = data
  }
}

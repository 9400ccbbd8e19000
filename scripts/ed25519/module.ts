/** The whole module, the same bytes whenever it is made. */
import { CONSTANTS, MEMORY_BYTES, PAIR_BYTES } from '../../node-core/adapters/ed25519-layout.ts'
import { WasmModule } from './assembler.ts'
import { addCurve } from './curve.ts'
import { addSha512 } from './sha512.ts'
import { addSum } from './sum.ts'

export function ed25519Module(): Uint8Array<ArrayBuffer> {
  const module = new WasmModule(MEMORY_BYTES)
  const curve = addCurve(module, CONSTANTS)
  addSum(module, curve, CONSTANTS + 6 * PAIR_BYTES)
  addSha512(module)
  return module.bytes()
}

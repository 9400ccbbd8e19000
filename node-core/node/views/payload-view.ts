/** Payloads as JSON and back: addresses ait1…, amounts decimal strings, keys 0x-hex. */
import { fromHex, toHex } from '../../lib/bytes.ts'
import { formatAddress, parseAddress } from '../../protocol/address.ts'
import {
  ED25519_SIGNATURE_BYTES,
  MAX_BATCH_PAYLOADS,
  RANDOMNESS_KEY_BYTES,
  VALIDATOR_KEY_BYTES,
  VRF_PROOF_BYTES,
} from '../../protocol/constants.ts'
import type { Payload, SinglePayload } from '../../protocol/transaction.ts'
import type { PayloadView } from '../node-api.ts'

export function payloadView(payload: Payload): PayloadView {
  switch (payload.type) {
    case 'transfer':
      return { type: payload.type, to: formatAddress(payload.to), amount: String(payload.amount) }
    case 'batch':
      return { type: payload.type, payloads: payload.payloads.map(payloadView) }
    case 'validator.register':
      return {
        type: payload.type,
        validatorKey: toHex(payload.validatorKey),
        randomnessKey: toHex(payload.randomnessKey),
        validatorKeyProof: toHex(payload.validatorKeyProof),
        randomnessKeyProof: toHex(payload.randomnessKeyProof),
        stake: String(payload.stake),
        commission: payload.commission,
        name: payload.name,
      }
    case 'validator.update':
      return { type: payload.type, name: payload.name, commission: payload.commission }
    default:
      return { type: payload.type }
  }
}

/** null: not a payload, whatever the JSON is. Fields of a registration may be left out when only its cost is asked. */
export function readPayload(view: PayloadView): Payload | null {
  if (view.type !== 'batch') return readSingle(view)
  if (!Array.isArray(view.payloads) || view.payloads.length > MAX_BATCH_PAYLOADS) return null
  const payloads = view.payloads.map((each: unknown) => (isView(each) ? readSingle(each) : null))
  return payloads.every((each) => each !== null) ? { type: 'batch', payloads } : null
}

function readSingle(view: PayloadView): SinglePayload | null {
  switch (view.type) {
    case 'transfer': {
      const to = typeof view.to === 'string' ? parseAddress(view.to) : null
      const amount = readAmount(view.amount)
      return to !== null && amount !== null ? { type: 'transfer', to, amount } : null
    }
    case 'validator.register': {
      const stake = readAmount(view.stake)
      if (stake === null || !Number.isSafeInteger(view.commission)) return null
      return {
        type: 'validator.register',
        validatorKey: readBytes(view.validatorKey, VALIDATOR_KEY_BYTES),
        randomnessKey: readBytes(view.randomnessKey, RANDOMNESS_KEY_BYTES),
        validatorKeyProof: readBytes(view.validatorKeyProof, ED25519_SIGNATURE_BYTES),
        randomnessKeyProof: readBytes(view.randomnessKeyProof, VRF_PROOF_BYTES),
        stake,
        commission: view.commission as number,
        name: readName(view.name),
      }
    }
    case 'validator.update':
      return Number.isSafeInteger(view.commission)
        ? { type: view.type, name: readName(view.name), commission: view.commission as number }
        : null
    case 'faucet.drip':
    case 'validator.ready':
    case 'validator.pause':
    case 'validator.resume':
    case 'validator.exit':
      return { type: view.type }
    default:
      return null
  }
}

function isView(value: unknown): value is PayloadView {
  return typeof value === 'object' && value !== null
}

function readName(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function readAmount(value: unknown): bigint | null {
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : null
}

function readBytes(value: unknown, length: number): Uint8Array {
  return (typeof value === 'string' && fromHex(value, length)) || new Uint8Array(length)
}

/** Payloads as JSON and back: addresses ait1…, amounts decimal strings, keys and proofs 0x-hex. One table says both ways. */
import { fromHex, toHex, utf8 } from '../../lib/bytes.ts'
import { formatAddress, parseAddress } from '../../protocol/address.ts'
import { MAX_AMOUNT } from '../../protocol/amount.ts'
import {
  ED25519_SIGNATURE_BYTES,
  MAX_BATCH_PAYLOADS,
  MAX_EVIDENCE_BYTES,
  MAX_MULTISIG_MEMBERS,
  MAX_NAME_BYTES,
  ONE_MILLION,
  RANDOMNESS_KEY_BYTES,
  VALIDATOR_KEY_BYTES,
  VRF_PROOF_BYTES,
} from '../../protocol/constants.ts'
import type { Address } from '../../protocol/ids.ts'
import type { Payload, ProposablePayload, SinglePayload } from '../../protocol/transaction.ts'
import type { PayloadView } from '../node-api.ts'

interface Field<T> {
  readonly show: (value: T) => unknown
  /** null: no such value. */
  readonly read: (json: unknown) => T | null
}

/** The fields of each type of payload besides its type: all of them, and no others. */
type Shapes<P extends { readonly type: string }> = {
  readonly [T in P['type']]: {
    readonly [F in Exclude<keyof Extract<P, { type: T }>, 'type'>]: Field<Extract<P, { type: T }>[F]>
  }
}

const address: Field<Address> = {
  show: formatAddress,
  read: (json) => (typeof json === 'string' ? parseAddress(json) : null),
}

const amount: Field<bigint> = {
  show: String,
  read: (json) => {
    if (typeof json !== 'string' || !/^(?:0|[1-9]\d{0,19})$/.test(json)) return null
    return BigInt(json) <= MAX_AMOUNT ? BigInt(json) : null
  },
}

const name: Field<string> = {
  show: (value) => value,
  read: (json) =>
    typeof json === 'string' && json.isWellFormed() && utf8(json).length <= MAX_NAME_BYTES ? json : null,
}

const flag: Field<boolean> = {
  show: (value) => value,
  read: (json) => (typeof json === 'boolean' ? json : null),
}

function wholeUpTo(most: number): Field<number> {
  return {
    show: (value) => value,
    read: (json) =>
      typeof json === 'number' && Number.isInteger(json) && json >= 0 && json <= most ? json : null,
  }
}

function bytes(length: number): Field<Uint8Array> {
  return { show: toHex, read: (json) => (typeof json === 'string' ? fromHex(json, length) : null) }
}

function listOf<T>(element: Field<T>, most: number): Field<readonly T[]> {
  return {
    show: (values) => values.map(element.show),
    read: (json) => {
      if (!Array.isArray(json) || json.length > most) return null
      const values = json.map((each: unknown) => element.read(each))
      return values.every((each) => each !== null) ? values : null
    },
  }
}

function payloadOf<P extends { readonly type: string }>(shapes: Shapes<P>): Field<P> {
  const fieldsOf = (type: string) =>
    Object.hasOwn(shapes, type)
      ? Object.entries<Field<unknown>>(shapes[type as P['type']] as Record<string, Field<unknown>>)
      : null
  return {
    show: (payload) => {
      const shown: Record<string, unknown> = { type: payload.type }
      for (const [key, field] of fieldsOf(payload.type)!) shown[key] = field.show(payload[key as keyof P])
      return shown
    },
    read: (json) => {
      if (!isObject(json) || typeof json.type !== 'string') return null
      const fields = fieldsOf(json.type)
      if (!fields || Object.keys(json).length !== fields.length + 1) return null
      const payload: Record<string, unknown> = { type: json.type }
      for (const [key, field] of fields) {
        const value = Object.hasOwn(json, key) ? field.read(json[key]) : null
        if (value === null) return null
        payload[key] = value
      }
      return payload as unknown as P
    },
  }
}

const validatorKeys = {
  validatorKey: bytes(VALIDATOR_KEY_BYTES),
  randomnessKey: bytes(RANDOMNESS_KEY_BYTES),
  validatorKeyProof: bytes(ED25519_SIGNATURE_BYTES),
  randomnessKeyProof: bytes(VRF_PROOF_BYTES),
}
const commission = wholeUpTo(ONE_MILLION)
const counter = wholeUpTo(Number.MAX_SAFE_INTEGER)

const PROPOSABLE: Shapes<ProposablePayload> = {
  transfer: { to: address, amount },
  'validator.register': { ...validatorKeys, stake: amount, commission, name },
  'validator.rotateKey': validatorKeys,
  'validator.ready': {},
  'validator.update': { name, commission },
  'validator.pause': {},
  'validator.resume': {},
  'validator.unjail': {},
  'validator.exit': {},
  'validator.admit': { validator: address },
  'validator.expel': { validator: address },
  'stake.delegate': { validator: address, amount },
  'stake.undelegate': { validator: address, amount },
  'stake.redelegate': { from: address, to: address, amount },
  'stake.withdraw': { position: counter },
  'stake.claimRewards': { validator: address },
  'stake.compound': { validator: address, enabled: flag },
}
const proposable = payloadOf(PROPOSABLE)

const onProposal = { account: address, proposal: counter }
const SINGLE: Shapes<SinglePayload> = {
  ...PROPOSABLE,
  'faucet.drip': {},
  'multisig.create': { threshold: wholeUpTo(255), members: listOf(address, MAX_MULTISIG_MEMBERS) },
  'multisig.propose': { account: address, payload: proposable, expiresAtHeight: counter },
  'multisig.approve': onProposal,
  'multisig.revoke': onProposal,
  'multisig.execute': onProposal,
}

const proof: Field<Uint8Array> = {
  show: toHex,
  read: (json) =>
    typeof json === 'string' && json.length <= 2 + 2 * MAX_EVIDENCE_BYTES ? fromHex(json) : null,
}
const any = payloadOf<Payload>({
  ...SINGLE,
  batch: { payloads: listOf(payloadOf(SINGLE), MAX_BATCH_PAYLOADS) },
  'evidence.submit': { proof },
})

export function payloadView(payload: Payload): PayloadView {
  return any.show(payload) as PayloadView
}

/** null: not a payload, whatever the JSON is: a field too much or too little, or out of its range. */
export function readPayload(json: unknown): Payload | null {
  return any.read(json)
}

/** What the members of an account may be asked for. */
export function readProposable(json: unknown): ProposablePayload | null {
  return proposable.read(json)
}

/** To tell the cost: validator keys with their proofs, and a validator's name, may be left out. */
export function readForEstimate(json: unknown): Payload | null {
  return readPayload(filled(json))
}

const BLANK_KEYS = {
  validatorKey: toHex(new Uint8Array(VALIDATOR_KEY_BYTES)),
  randomnessKey: toHex(new Uint8Array(RANDOMNESS_KEY_BYTES)),
  validatorKeyProof: toHex(new Uint8Array(ED25519_SIGNATURE_BYTES)),
  randomnessKeyProof: toHex(new Uint8Array(VRF_PROOF_BYTES)),
}

function filled(json: unknown): unknown {
  if (!isObject(json)) return json
  switch (json.type) {
    case 'validator.register':
      return { ...BLANK_KEYS, name: '', ...json }
    case 'validator.update':
      return { name: '', ...json }
    case 'validator.rotateKey':
      return { ...BLANK_KEYS, ...json }
    case 'multisig.propose':
      return { ...json, payload: filled(json.payload) }
    case 'batch':
      return Array.isArray(json.payloads) ? { ...json, payloads: json.payloads.map(filled) } : json
    default:
      return json
  }
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

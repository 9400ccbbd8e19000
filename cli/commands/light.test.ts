/** `aitbc light verify` against a real node, and against one that lies. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../node-core/lib/bytes.ts'
import { type Lie, LyingApi } from '../../node-core/node/lying-api.test-kit.ts'
import type { CertificateView, ProofView } from '../../node-core/node/node-api.ts'
import { person, TestCluster, untilBlock } from '../../node-core/node/test-cluster.ts'
import { formatAddress, parseAddress } from '../../node-core/protocol/address.ts'
import { decodeHeader, encodeHeader } from '../../node-core/protocol/codec-block.ts'
import { decodeCertificate, encodeCertificate } from '../../node-core/protocol/codec-certificate.ts'
import { decodeValidatorSet, encodeValidatorSet } from '../../node-core/protocol/codec-validator-set.ts'
import type { Genesis } from '../../node-core/protocol/genesis.ts'
import { formatGenesis } from '../../node-core/protocol/genesis-codec.ts'
import { type RpcServer, startRpc } from '../../node-core/rpc/server.ts'
import { accountKey, encodeRecord } from '../../node-core/state/keys.ts'
import { runLine } from '../run.test-kit.ts'

/** Four blocks an epoch: the head is in the third. */
const HEIGHT = 10

let home: string
let cluster: TestCluster
let liar: LyingApi
let rpc: RpcServer
let rich: string
let genesisFile: string

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'aitbc-light-'))
  const alice = await person('alice')
  rich = formatAddress(alice.address)
  cluster = await TestCluster.create({
    validators: 4,
    rich: [alice],
    parameters: { unbondingMs: 3_600_000 },
  })
  for (const validator of cluster.validators) await cluster.start(validator)
  const [{ node, api }] = cluster.nodes as [(typeof cluster.nodes)[number]]
  await untilBlock(node, () => node.chain.height >= HEIGHT)
  liar = new LyingApi(api)
  rpc = await startRpc({ node: liar, host: '127.0.0.1', port: 0, allowedOrigins: [], maxClients: 8 })
  genesisFile = writeGenesis('genesis.json', cluster.genesis)
}, 120_000)

afterEach(() => {
  liar.lie = null
})

afterAll(async () => {
  await rpc?.stop()
  await cluster?.stop()
  rmSync(home, { recursive: true, force: true })
})

function writeGenesis(name: string, genesis: Genesis): string {
  const file = path.join(home, name)
  writeFileSync(file, JSON.stringify(formatGenesis(genesis)))
  return file
}

async function verify(
  ...options: readonly string[]
): Promise<{ readonly code: number; readonly json: Record<string, unknown> & { error?: { code: string } } }> {
  const genesis =
    options.includes('--genesis') || options.includes('--config') ? [] : ['--genesis', genesisFile]
  const rpcUrl = `http://127.0.0.1:${rpc.port}`
  const { code, out } = await runLine(['light', 'verify', ...genesis, ...options, '--rpc', rpcUrl, '--json'])
  return { code, json: JSON.parse(out) }
}

const certificateOf = (height: number) => liar.call('chain_certificate', { height, canonical: true })
const refusal = async (...options: readonly string[]) => {
  const { code, json } = await verify(...options)
  return [code, json.error?.code]
}

describe('an honest node', () => {
  it('is followed from the genesis to its head, and proves an account there', async () => {
    const { code, json } = await verify('--account', rich)
    expect(code).toBe(0)
    expect(json).toMatchObject({
      from: { origin: 'genesis', height: 0 },
      account: { address: rich, exists: true, balance: '10000', nonce: 0 },
    })
    // How old the head is by now is up to the machine.
    expect((json.warnings as string[]).filter((warning) => warning !== 'head-is-old')).toEqual([])
    expect(json.height).toBeGreaterThanOrEqual(HEIGHT)
    expect(json.signedPower).toBeGreaterThan(666_666)
    const block = await liar.call('chain_block', { height: json.height as number })
    expect([json.blockId, json.stateRoot]).toEqual([block.blockId, block.stateRoot])
    expect((json.account as { proofLength: number }).proofLength).toBeGreaterThan(0)
  })

  it('is followed to a height, by one header an epoch, and by skipping', async () => {
    const epochs = await verify('--height', '10')
    // Block 1, the end of the second epoch, the height itself.
    expect(epochs.json).toMatchObject({ height: 10, headers: 3, rules: { 'same-epoch': 1, 'next-epoch': 2 } })
    const skipped = await verify('--height', '10', '--skip')
    expect(skipped.json).toMatchObject({ blockId: epochs.json.blockId, headers: 2, rules: { skip: 1 } })
  })

  it('is followed from a checkpoint, with the parameters of a genesis', async () => {
    const { blockId } = await certificateOf(3)
    const { json } = await verify('--checkpoint', `3:${blockId}`, '--height', '10')
    expect(json).toMatchObject({ from: { origin: 'checkpoint', height: 3, blockId }, height: 10, headers: 2 })
  })

  it('proves that there is no account', async () => {
    const nobody = formatAddress((await person('nobody')).address)
    expect((await verify('--account', nobody)).json).toMatchObject({
      account: { exists: false, balance: '0', nonce: 0 },
    })
  })

  it('says so in lines for people', async () => {
    const args = ['light', 'verify', '--genesis', genesisFile, '--account', rich]
    const { out } = await runLine([...args, '--rpc', `http://127.0.0.1:${rpc.port}`])
    expect(out).toMatch(/verified +from genesis at height 0\n.*\n/)
    expect(out).toContain('10000 AIT')
  })
})

describe('what the user brings', () => {
  it.each([
    [['--checkpoint', '3'], 'usage'],
    [['--checkpoint', '0:0x00'], 'usage'],
    [['--height', 'ten'], 'usage'],
    [['--account', 'ait1nobody'], 'usage'],
  ])('%j is a wrong command line', async (options, code) => {
    expect(await refusal(...options)).toEqual([2, code])
  })

  it('has to be of this chain', async () => {
    const other = { ...cluster.genesis, timestampMs: cluster.genesis.timestampMs - 1 }
    expect(await refusal('--genesis', writeGenesis('other.json', other))).toEqual([1, 'wrong-chain'])
    const { blockId } = await certificateOf(3)
    const checkpoint = ['--checkpoint', `3:${blockId}`]
    expect(await refusal(...checkpoint, '--config', 'development')).toEqual([1, 'wrong-chain'])
    expect(await refusal('--genesis', path.join(home, 'none.json'))).toEqual([1, 'genesis-missing'])
  })

  it('has to be young enough', async () => {
    const short = { ...cluster.genesis, parameters: { ...cluster.genesis.parameters, unbondingMs: 1_000 } }
    const { blockId } = await certificateOf(1)
    const options = ['--checkpoint', `1:${blockId}`, '--genesis', writeGenesis('short.json', short)]
    expect(await refusal(...options)).toEqual([1, 'trust-expired'])
  })

  it('has to name a block of this chain, above which everything else is', async () => {
    const { blockId } = await certificateOf(3)
    expect(await refusal('--checkpoint', `4:${blockId}`)).toEqual([1, 'wrong-checkpoint'])
    expect(await refusal('--checkpoint', `3:${blockId}`, '--height', '2')).toEqual([1, 'height-not-above'])
  })
})

/** Another canonical answer for one height. */
function lieAbout(
  height: number,
  change: (canonical: NonNullable<CertificateView['canonical']>) => unknown,
): Lie {
  return (method, result, params) =>
    method === 'chain_certificate' && (params as { height: number }).height === height
      ? { ...(result as CertificateView), canonical: change((result as CertificateView).canonical!) }
      : result
}

function changed<T>(
  hex: string,
  codec: {
    readonly decode: (bytes: Uint8Array) => { readonly ok: boolean; readonly value?: T }
    readonly encode: (value: T) => Uint8Array
  },
  change: (value: T) => T,
): string {
  const decoded = codec.decode(fromHex(hex)!)
  if (decoded.value === undefined) throw new Error('the node speaks canonically')
  return toHex(codec.encode(change(decoded.value)))
}

const HEADER = { decode: decodeHeader, encode: encodeHeader }
const CERTIFICATE = { decode: decodeCertificate, encode: encodeCertificate }
const SET = { decode: decodeValidatorSet, encode: encodeValidatorSet }

describe('a node that lies is found out', () => {
  it.each<[string, string, (canonical: NonNullable<CertificateView['canonical']>) => unknown]>([
    [
      'about the state',
      'certificate-mismatch',
      ({ header, ...rest }) => ({
        ...rest,
        header: changed(header, HEADER, (each) => ({ ...each, stateRoot: each.parentId })),
      }),
    ],
    [
      'about the validators',
      'set-mismatch',
      ({ validators, ...rest }) => ({
        ...rest,
        validators: changed(validators, SET, (set) => ({
          ...set,
          members: set.members.map((member, i) => ({ ...member, power: member.power + (i === 0 ? 1n : 0n) })),
          totalPower: set.totalPower + 1n,
        })),
      }),
    ],
    [
      'with a signature',
      'bad-signature',
      ({ certificate, ...rest }) => ({
        ...rest,
        certificate: changed(certificate, CERTIFICATE, (each) => ({
          ...each,
          signatures: each.signatures.map((signature) =>
            signature.map((byte, i) => (i === 9 ? byte ^ 1 : byte)),
          ),
        })),
      }),
    ],
    [
      'with a certificate of a minority',
      'no-quorum',
      ({ certificate, ...rest }) => ({
        ...rest,
        certificate: changed(certificate, CERTIFICATE, (each) => ({
          ...each,
          bitmap: each.bitmap.map((byte) => byte & -byte),
          signatures: each.signatures.slice(0, 1),
        })),
      }),
    ],
    ['with half a header', 'malformed', ({ header, ...rest }) => ({ ...rest, header: header.slice(0, 100) })],
    ['with what is no hex', 'malformed', (canonical) => ({ ...canonical, certificate: 7 })],
    ['by showing nothing', 'unavailable', () => undefined],
  ])('%s: %s', async (_, code, change) => {
    liar.lie = lieAbout(8, change)
    expect(await refusal('--height', '10')).toEqual([1, code])
  })

  it('with the certificate of another height', async () => {
    const other = await certificateOf(7)
    liar.lie = lieAbout(8, () => other.canonical)
    expect(await refusal('--height', '10')).toEqual([1, 'wrong-height'])
  })

  it('about the head', async () => {
    liar.lie = (method, result) => (method === 'chain_head' ? { height: 'high' } : result)
    expect(await refusal()).toEqual([1, 'malformed'])
    liar.lie = (method, result) => (method === 'chain_head' ? { height: 1_000_000 } : result)
    expect(await refusal()).toEqual([1, 'unknown-block'])
  })

  it('about money', async () => {
    const key = accountKey(parseAddress(rich)!)
    const value = toHex(encodeRecord(key, { balance: 1n, nonce: 0, lastDripHeight: 0, funder: null }))
    liar.lie = (method, result) => (method === 'chain_proof' ? { ...(result as ProofView), value } : result)
    expect(await refusal('--account', rich)).toEqual([1, 'bad-proof'])
    liar.lie = (method, result) =>
      method === 'chain_proof' ? { ...(result as ProofView), value: null } : result
    expect(await refusal('--account', rich)).toEqual([1, 'bad-proof'])
    liar.lie = (method, result) => (method === 'chain_proof' ? null : result)
    expect(await refusal('--account', rich)).toEqual([1, 'malformed'])
  })

  it('about whose account it is', async () => {
    const other = await liar.call('chain_proof', { address: formatAddress(cluster.validators[0]!.address) })
    liar.lie = (method, result) => (method === 'chain_proof' ? other : result)
    expect(await refusal('--account', rich)).toEqual([1, 'wrong-proof'])
  })
})

import { createSenders, TransferSigner, SENDER_BALANCE } from '../bench/senders.ts'
import { readConfig } from '../cli/environment.ts'
import { createGenesis } from '../node-core/execution/genesis.ts'
import { proposeBlock } from '../node-core/execution/propose-block.ts'
import { checkBlock } from '../node-core/execution/apply-block.ts'
import { TransactionVerifier } from '../node-core/node/transaction-verifier.ts'
import { createVerifier } from '../node-core/adapters/verifier.ts'
import { fromHex } from '../node-core/lib/bytes.ts'
import { decodeTransaction } from '../node-core/protocol/codec-transaction.ts'
import { hashEncoded } from '../node-core/protocol/hash.ts'
import { layoutOf } from '../cli/dev/layout.ts'
import { makeGenesis } from '../cli/dev/genesis-file.ts'
import { mkdtempSync } from 'node:fs'
const senders = await createSenders(4000)
const layout = layoutOf({ data: mkdtempSync('/tmp/x-'), port: 47000, validators: 5 })
const made = await makeGenesis(layout, readConfig('development'), null)
const genesis = { ...made, parameters: { ...made.parameters, blockGasLimit: 42_000_000 }, accounts: [...made.accounts, ...senders.map(({ address }) => ({ address, balance: SENDER_BALANCE }))] }
const g = createGenesis(genesis)
const signer = new TransferSigner(genesis.chainId, genesis.parameters, senders)
const tv = new TransactionVerifier(createVerifier(), genesis.chainId, 32768)
const t = (l: string, n: number, f: () => any) => { const c0 = process.cpuUsage(); const r = f(); const c = process.cpuUsage(c0); console.log(l, ((c.user) / n).toFixed(1), 'us/tx'); return r }
for (let k = 0; k < 4; k++) {
  const signed = await signer.sign(2000)
  const bytes = signed.map(({ hex }) => fromHex(hex) as Uint8Array)
  const dec = t('decode', 2000, () => bytes.map((b) => decodeTransaction(b)))
  t('hash', 2000, () => dec.map((d: any, i: number) => hashEncoded(d.value, bytes[i]!)))
  const vs: any[] = []
  const c0 = process.cpuUsage()
  for (let i = 0; i < 2000; i += 16) vs.push(...await Promise.all(bytes.slice(i, i + 16).map((b) => tv.verifyBytes(b))))
  const c = process.cpuUsage(c0); console.log('judge', ((c.user + c.system) / 2000).toFixed(1))
  const inputs = { proposer: genesis.validators[0]!.address, timestampMs: g.parent.timestampMs + 1000, randomnessReveal: new Uint8Array(80), randomness: g.parent.randomness, candidates: vs.map((v) => v.verified), evidence: [], parentCertificate: null, maxBytes: 1 << 20 }
  const p = t('propose', 2000, () => proposeBlock(g.state, g.parent, inputs as any))
  const r = t('check', 2000, () => checkBlock(g.state, g.parent, { header: p.header, transactions: p.transactions, evidence: [], parentCertificate: null }, { randomnessValid: true, parentCertificateValid: true }))
  console.log(r.ok, p.transactions.length)
  if (k === 0 && process.argv[2] === 'loop') { for (let q = 0; q < 15; q++) t('check', 2000, () => checkBlock(g.state, g.parent, { header: p.header, transactions: p.transactions, evidence: [], parentCertificate: null }, { randomnessValid: true, parentCertificateValid: true })); break }
  if (process.argv[2] === 'apply') { g.state.apply?.((r as any).outcome) }
}
process.exit(0)

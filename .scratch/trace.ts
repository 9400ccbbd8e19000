import { Load } from '../bench/load.ts'
import { BenchNetwork } from '../bench/network.ts'
import { createSenders, TransferSigner } from '../bench/senders.ts'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
const [gas, outstanding, seconds, prof, extra] = process.argv.slice(2)
const senders = await createSenders(4000)
const network = await BenchNetwork.start({ validators: 5, senders, parameters: { blockGasLimit: Number(gas), ...(extra ? JSON.parse(extra) : {}) }, profileDirectory: prof && prof !== '-' ? prof : null })
const load = new Load(network.rpc, senders.length)
load.add(await new TransferSigner(network.genesis.chainId, network.genesis.parameters, senders).sign(2500 * Number(seconds)))
const seen = new Map<number, number[]>()
let decided = 0
const wake: (() => void)[] = []
const t0 = performance.now()
const blocks: [number, number, number, string][] = []
const stop = await network.watchHeads(({ head, atMs }) => {
  const s = seen.get(head.height) ?? []
  seen.set(head.height, [...s, atMs - t0])
  if (s.length === 4) { decided += head.transactionCount; blocks.push([head.height, head.transactionCount, atMs - t0, (head as any).round]); for (const w of wake.splice(0)) w() }
})
const cpu = () => network.processIds.map((p) => { const f = fs.readFileSync(`/proc/${p}/stat`, 'utf8').split(' '); return (Number(f[13]) + Number(f[14])) * 10 })
const c0 = cpu(), own0 = process.cpuUsage()
const end = t0 + 1000 * Number(seconds)
await load.flood(() => performance.now() >= end, () => load.submitted - decided < Number(outstanding), () => new Promise((r) => { const t = setTimeout(r, Math.max(0, end - performance.now())); wake.push(() => { clearTimeout(t); r() }) }))
const c1 = cpu(), own = process.cpuUsage(own0)
stop()
for (const [h, n, at, round] of blocks) console.log(h, 'tx', n, 'round', round, 'decided', at.toFixed(0), 'spread', (Math.max(...seen.get(h)!) - Math.min(...seen.get(h)!)).toFixed(0))
const half = blocks.filter((b) => b[2] > 5000)
console.log('per s', half.reduce((s, b) => s + b[1], 0) / (Number(seconds) - 5), 'submitted', load.submitted, 'cpu ms', c1.map((c, i) => c - c0[i]!), 'own', (own.user + own.system) / 1000, [...load.refused])
const w0 = Date.now() - (performance.now() - t0)
for (const [i, rpc] of network.rpc.entries()) {
  const r: any = await rpc.call('consensus_rounds', { limit: 20 } as any)
  for (const l of r.log) if (l.atMs > w0) console.log(i, (l.atMs - w0).toFixed(0), l.height, l.round, l.kind, l.reason, JSON.stringify(l.failure))
  for (const [h] of blocks.slice(-4)) { const c: any = (await rpc.call('consensus_rounds', { height: h, limit: 1 } as any)).consensus; console.log(i, h, JSON.stringify(c, (k, v) => k.endsWith('AtMs') && v > w0 ? Math.round(v - w0) : v).slice(0, 1500)) }
}
const r: any = await network.rpc[0]!.call('consensus_rounds', { limit: 3 } as any)
fs.writeFileSync('/tmp/rounds.json', JSON.stringify(r, null, 1))
await network.stop()
process.exit(0)

/** The chain and the nodes are real; the browser's mark is in memory. */
import { afterEach, expect, it } from 'vitest'
import { reviewTransaction, signAndSubmit } from '../../node/account-signer.ts'
import { type Person, TestCluster, type TestNode, untilBlock } from '../../node/test-cluster.ts'
import { deskOf } from '../../node/transaction-desk.ts'
import { formatAddress } from '../../protocol/address.ts'
import type { Payload } from '../../protocol/transaction.ts'
import { validatorKey } from '../../state/keys.ts'
import { ClosingWatch } from './closing-watch.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

class Mark {
  address: string | null = null
  onWatch = async () => this.address as never
  setOnWatch = async (address: string | null) => {
    this.address = address
  }
}

async function begun(mark: Mark) {
  cluster = await TestCluster.create({ validators: 3 })
  const who = cluster.validators[0]!
  for (const each of cluster.validators) await cluster.start(each)
  const running = cluster.nodes[0]!
  await untilBlock(running.node, () => running.node.chain.height >= 2)
  const told: boolean[] = []
  const watch = () => watchOf(running, who, mark, told)
  return { who, node: running.node, told, watch }
}

function watchOf({ node }: TestNode, who: Person, marks: Mark, told: boolean[]) {
  const submit = async (payload: Payload) => {
    const { unsigned } = await reviewTransaction(deskOf(node), who.address, payload)
    await signAndSubmit(deskOf(node), who.accountKey, unsigned)
  }
  const onWatch = (isOn: boolean) => told.push(isOn)
  return { submit, watch: new ClosingWatch({ node, marks, told: onWatch }, who.address, submit) }
}

it('pauses when the page closes, and resumes when this browser begins again', async () => {
  const mark = new Mark()
  const { who, node, told, watch } = await begun(mark)
  const isPaused = () => node.chain.state.get(validatorKey(who.address))!.paused
  const first = watch()
  await untilBlock(node, () => mark.address === formatAddress(who.address))
  expect(told).toEqual([true])
  await first.watch.closing()
  first.watch.stop()
  await untilBlock(node, isPaused)
  const second = watch()
  await untilBlock(node, () => !isPaused())
  second.watch.stop()
})

it('leaves paused what a person paused', async () => {
  const mark = new Mark()
  const { who, node, watch } = await begun(mark)
  const isPaused = () => node.chain.state.get(validatorKey(who.address))!.paused
  const first = watch()
  await untilBlock(node, () => mark.address !== null)
  await first.watch.willPause()
  await first.submit({ type: 'validator.pause' })
  await untilBlock(node, isPaused)
  first.watch.stop()
  const second = watch()
  const from = node.chain.height
  await untilBlock(node, () => node.chain.height >= from + 5)
  expect([isPaused(), mark.address]).toEqual([true, null])
  second.watch.stop()
})

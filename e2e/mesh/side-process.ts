/**
 * One side of a split network: runs validators in the network namespace that it was started in, and asks their RPC for the
 * test, which is outside. Ends with the test, and its validators with it; the namespace goes when the last of them has.
 */
import path from 'node:path'
import { tellReady } from '../../cli/dev/child-link.ts'
import { layoutOf } from '../../cli/dev/layout.ts'
import { SupervisedProcess } from '../../cli/dev/supervised-process.ts'
import { validatorArgs } from '../../cli/dev/validator-args.ts'
import { RpcClient } from '../../cli/rpc-client.ts'
import type { NodeMethod, NodeMethods } from '../../node-core/node/node-api.ts'

export interface SideOptions {
  readonly data: string
  readonly port: number
  /** IPv4 address of each validator, its own side's or the other's. */
  readonly hosts: readonly string[]
  /** Of the validators, those that run here. */
  readonly own: readonly number[]
}

export type SideOrder =
  | { readonly type: 'start' }
  /** SIGKILL, and none is started again. */
  | { readonly type: 'kill'; readonly validators: readonly number[] }
  | {
      readonly type: 'call'
      readonly validator: number
      readonly method: NodeMethod
      readonly params: NodeMethods[NodeMethod]['params']
    }

export interface SideRequest {
  readonly id: number
  readonly order: SideOrder
}

export interface SideAnswer {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}

const options = JSON.parse(process.argv[2]!) as SideOptions
const layout = layoutOf({ ...options, validators: options.hosts.length })
const processes = new Map(
  options.own.map((index) => {
    const validator = layout.validators[index]!
    const hostOf = (other: (typeof layout.validators)[number]) =>
      options.hosts[layout.validators.indexOf(other)]!
    return [
      index,
      new SupervisedProcess(
        {
          name: validator.name,
          args: validatorArgs({ layout, validator, environment: 'development', hostOf }),
          logFile: path.join(layout.logs, `${validator.name.toLowerCase()}.log`),
          background: true,
        },
        (text) => console.log(text),
      ),
    ]
  }),
)

async function obey(order: SideOrder): Promise<unknown> {
  switch (order.type) {
    case 'start':
      return void (await Promise.all([...processes.values()].map((each) => each.start())))
    case 'kill':
      return void (await Promise.all(order.validators.map((index) => kill(processes.get(index)!))))
    case 'call': {
      const { rpcPort } = layout.validators[order.validator]!
      return new RpcClient(`http://127.0.0.1:${rpcPort}`).call(order.method, order.params)
    }
  }
}

function kill(victim: SupervisedProcess): Promise<void> {
  process.kill(victim.pid!, 'SIGKILL')
  return victim.stop()
}

async function stop(): Promise<void> {
  await Promise.all([...processes.values()].map((each) => each.stop()))
  process.exit(0)
}

process.on('message', ({ id, order }: SideRequest) => {
  const answer = (given: Omit<SideAnswer, 'id'>) => process.send!({ id, ...given } satisfies SideAnswer)
  obey(order).then(
    (result) => answer({ result }),
    (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
  )
})
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
process.once('disconnect', stop)
tellReady({})

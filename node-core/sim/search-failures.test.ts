import { describe, expect, it } from 'vitest'
import { runCommand } from './command.ts'
import { ENGINES } from './engines.ts'
import { randomScenario } from './random-scenario.ts'
import { failures } from './search-failures.test-kit.ts'

const SHAPE = { nodes: 5, heights: 2 }

describe('what a search prints of a seed that fails', () => {
  it.each(['core', 'node'] as const)('is a command that repeats its run of the %s engine', async (engine) => {
    const result = await ENGINES[engine](randomScenario({ ...SHAPE, seed: 3 }))
    const told = failures([{ ...result, violation: 'no progress' }], { ...SHAPE, engine })
    const command = `npm run sim -- --seed 3 --engine ${engine} --nodes 5 --heights 2`
    expect(told).toEqual([`no progress\nreplay: ${command}`])

    const lines: string[] = []
    const [, , , , ...words] = command.split(' ')
    await runCommand([...words, '--json'], { out: (line) => void lines.push(line), err: expect.unreachable })
    const { heights, rounds, crashes } = result
    expect(JSON.parse(lines[0]!)).toMatchObject({ seed: 3, heights, rounds, crashes, replay: command })
  })
})

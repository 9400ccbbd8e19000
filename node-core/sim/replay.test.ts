import { expect, it } from 'vitest'
import { readOptions } from './command-options.ts'
import { failuresOf } from './replay.test-kit.ts'

it('a seed that fails in a search is printed with the command that runs the same again', () => {
  const violations = [{ seed: 7, violation: 'two blocks at height 3' }]
  const shape = { nodes: 31, heights: 3 }
  const [said] = failuresOf({ violations } as never, 'node', shape)
  const [what, command] = said!.split('\n')
  expect(what).toBe('two blocks at height 3')
  const read = readOptions(command!.split(' ').slice(4))
  expect(read).toMatchObject({
    ok: true,
    options: { engine: 'node', seeds: { from: 7, to: 7 }, nodes: 31, heights: 3, byzantine: null },
  })
})

/** A page in Firefox and a person at it: they find things by role and name, point, press and type. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from '@playwright/test'
import type { BidiClient } from './bidi-client.ts'

const ACTION_TIMEOUT_MS = 30_000

/** As the accessibility tree has it; the name is the whole name. */
export interface Target {
  readonly role: string
  readonly name?: string
}

export interface Patience {
  readonly timeout?: number
}

interface Node {
  readonly sharedId: string
}

type Evaluated<Value> =
  | { readonly type: 'success'; readonly result: { readonly value: Value } }
  | { readonly type: 'exception'; readonly exceptionDetails: { readonly text: string } }

/**
 * Whether a press in the middle of the element would reach it now: enabled, at rest for a frame, nothing in front of
 * it. A page may still move before the press arrives: then nothing else is pressed in its stead.
 */
const AIM = `async (element) => {
  element.scrollIntoView({ block: 'center', behavior: 'instant' })
  const frame = () => new Promise(requestAnimationFrame)
  await frame()
  const before = element.getBoundingClientRect()
  await frame()
  const { x, y, width, height } = element.getBoundingClientRect()
  const front = document.elementFromPoint(x + width / 2, y + height / 2)
  const atRest = before.x === x && before.y === y && before.width === width && before.height === height
  if (!atRest || element.matches(':disabled, [aria-disabled="true"]') || !element.contains(front)) return false
  const aim = { reached: false, over: new AbortController() }
  const guard = (event) => {
    if (!element.contains(event.target)) {
      event.preventDefault()
      event.stopImmediatePropagation()
    } else if (event.type === 'click') aim.reached = true
  }
  for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
    window.addEventListener(type, guard, { capture: true, signal: aim.over.signal })
  globalThis.aim = aim
  return true
}`

/** Ends the watch of AIM. */
const REACHED = `() => {
  globalThis.aim.over.abort()
  return globalThis.aim.reached
}`

/** Scripts of these tests have globals of their own, which the page does not see. */
const SANDBOX = 'person'

export class FirefoxPage {
  readonly #client: BidiClient
  readonly #context: string
  #open = true

  private constructor(client: BidiClient, context: string) {
    this.#client = client
    this.#context = context
  }

  static async open(client: BidiClient, userContext: string): Promise<FirefoxPage> {
    const { context } = await client.send<{ context: string }>('browsingContext.create', {
      type: 'tab',
      userContext,
    })
    await client.send('browsingContext.setViewport', { context, viewport: { width: 1280, height: 800 } })
    return new FirefoxPage(client, context)
  }

  async visit(url: string): Promise<void> {
    await this.#client.send('browsingContext.navigate', { context: this.#context, url, wait: 'complete' })
  }

  async sees(target: Target, { timeout = ACTION_TIMEOUT_MS }: Patience = {}): Promise<void> {
    await expect
      .poll(async () => (await this.#locate(target)).length, { timeout, message: words(target) })
      .toBeGreaterThan(0)
  }

  /** Where the text stands within the first of them. */
  async reads(
    target: Target,
    text: string | RegExp,
    { timeout = ACTION_TIMEOUT_MS }: Patience = {},
  ): Promise<void> {
    const expected = typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text)
    await expect.poll(() => this.#textOf(target), { timeout, message: words(target) }).toEqual(expected)
  }

  /** Presses the first of them as soon as it can be pressed. */
  async press(target: Target, patience: Patience = {}): Promise<void> {
    await expect(async () => {
      const [node] = await this.#locate(target)
      if (node === undefined) throw new Error(`there is no ${words(target)}`)
      expect(await this.#run(AIM, node), `${words(target)} can be pressed`).toBe(true)
      const origin = { type: 'element', element: node }
      await this.#perform({
        type: 'pointer',
        id: 'mouse',
        actions: [
          { type: 'pointerMove', x: 0, y: 0, origin },
          { type: 'pointerDown', button: 0 },
          { type: 'pointerUp', button: 0 },
        ],
      })
      expect(await this.#run(REACHED), `the press reached ${words(target)}`).toBe(true)
    }).toPass({ timeout: patience.timeout ?? ACTION_TIMEOUT_MS })
  }

  /** Presses the field and types what belongs in it. */
  async fill(name: string, text: string): Promise<void> {
    await this.press({ role: 'textbox', name })
    await this.#perform({
      type: 'key',
      id: 'keyboard',
      actions: [...text].flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]),
    })
  }

  get isOpen(): boolean {
    return this.#open
  }

  async close(): Promise<void> {
    this.#open = false
    await this.#client.send('browsingContext.close', { context: this.#context })
  }

  async screenshot(file: string): Promise<void> {
    const { data } = await this.#client.send<{ data: string }>('browsingContext.captureScreenshot', {
      context: this.#context,
    })
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, Buffer.from(data, 'base64'))
  }

  async #textOf(target: Target): Promise<string> {
    const [node] = await this.#locate(target)
    return node === undefined ? '' : this.#run('(element) => element.innerText', node)
  }

  async #locate(target: Target): Promise<readonly Node[]> {
    const { nodes } = await this.#client.send<{ nodes: readonly Node[] }>('browsingContext.locateNodes', {
      context: this.#context,
      locator: { type: 'accessibility', value: target },
    })
    return nodes
  }

  async #run<Value>(functionDeclaration: string, ...elements: readonly Node[]): Promise<Value> {
    const evaluated = await this.#client.send<Evaluated<Value>>('script.callFunction', {
      functionDeclaration,
      arguments: elements.map(({ sharedId }) => ({ sharedId })),
      awaitPromise: true,
      target: { context: this.#context, sandbox: SANDBOX },
    })
    if (evaluated.type === 'exception') throw new Error(evaluated.exceptionDetails.text)
    return evaluated.result.value
  }

  async #perform(source: object): Promise<void> {
    await this.#client.send('input.performActions', { context: this.#context, actions: [source] })
  }
}

function words({ role, name }: Target): string {
  return name === undefined ? role : `${role} "${name}"`
}

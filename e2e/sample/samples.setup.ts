/** Builds what the pages' tests look at: before them, and once. */
import { test } from '@playwright/test'
import { buildSample, SAMPLES } from './sample-build.ts'

test.describe.configure({ mode: 'parallel', timeout: 240_000 })

for (const name of SAMPLES) test(`the sample is built: ${name}`, () => buildSample(name))

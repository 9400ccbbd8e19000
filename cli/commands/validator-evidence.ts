/** `aitbc validator evidence` and `send-evidence`: validators that contradicted themselves, and what anyone may do about it. */
import { readFileSync, statSync } from 'node:fs'
import type { Command } from 'commander'
import { fromHex } from '../../node-core/lib/bytes.ts'
import type { EvidenceView, NodeMethods } from '../../node-core/node/node-api.ts'
import { formatAddress } from '../../node-core/protocol/address.ts'
import { MAX_EVIDENCE_BYTES } from '../../node-core/protocol/constants.ts'
import { accusedBy, decodeEvidenceProof } from '../../node-core/protocol/evidence-proof.ts'
import type { Bind } from '../context.ts'
import { CommandFailure } from '../failure.ts'
import { refusalOf } from '../refusals.ts'
import type { RpcClient } from '../rpc-client.ts'
import { openSigner, submitAs, withSigner } from '../signer.ts'
import { review } from '../stake-risk.ts'
import { submittedResult } from '../submit.ts'
import { percent, table, timeWords } from '../words.ts'

const ID = /^0x[0-9a-f]{64}$/
/** A saved piece holds its bytes more than once, and as words. */
const FILE_BYTES = 8 * MAX_EVIDENCE_BYTES

export function addEvidence(validator: Command, bind: Bind): void {
  const list = validator
    .command('evidence')
    .description('validators that contradicted themselves, as far as this node knows')
  bind(list, async ({ rpc }) => {
    const { evidence } = await rpc.call('alert_list', {})
    return { json: { evidence }, lines: await evidenceLines(rpc, evidence) }
  })

  const send = withSigner(validator.command('send-evidence'))
    .argument('<id|file>', 'its id in aitbc validator evidence, or a file that the dashboard saved')
    .description('have the chain punish it; whoever is first gets a share of what is taken')
  bind(send, async (context, [text], options) => {
    const signer = await openSigner(context, options)
    const proof = await proofOf(context.rpc, text!)
    await review(context, ({ doubleSignSlash, reporterShare }) => [
      `${accusedWords(proof)} loses ${percent(doubleSignSlash)} of the stake behind it and is removed for good`,
      `${percent(reporterShare)} of that is yours, if yours is the first that a block carries`,
    ])
    return submittedResult(await submitAs(context, signer, { type: 'evidence.submit', proof }, options))
  })
}

async function evidenceLines(rpc: RpcClient, evidence: readonly EvidenceView[]): Promise<string[]> {
  if (evidence.length === 0) return ['no validator has contradicted itself, as far as this node knows']
  const { validators } = await rpc.call('validator_list', {})
  return table([
    ['height', 'validator', 'offence', 'seen', 'id'],
    ...evidence.map(({ height, validator, offence, atMs, id }) => [
      String(height),
      nameIn(validators, validator),
      offence,
      timeWords(atMs),
      id,
    ]),
  ])
}

function nameIn(validators: NodeMethods['validator_list']['result']['validators'], address: string): string {
  return validators.find((each) => each.address === address)?.name || address
}

async function proofOf(rpc: RpcClient, text: string): Promise<Uint8Array> {
  const { bytes } = ID.test(text) ? await known(rpc, text) : saved(text)
  if (bytes === null) throw refused('evidence-too-old', { evidence: text })
  const proof = typeof bytes === 'string' ? fromHex(bytes) : null
  if (proof === null || !decodeEvidenceProof(proof).ok)
    throw refused('evidence-malformed', { evidence: text })
  return proof
}

async function known(rpc: RpcClient, id: string): Promise<Pick<EvidenceView, 'bytes'>> {
  const { evidence } = await rpc.call('alert_list', {})
  const found = evidence.find((each) => each.id === id)
  if (found === undefined)
    throw new CommandFailure(
      'evidence-unknown',
      'this node has no such evidence; aitbc validator evidence shows what it has',
      { id },
    )
  return found
}

/** What is in it is not trusted: the chain judges it. */
function saved(file: string): { readonly bytes?: unknown } {
  const size = statSync(file, { throwIfNoEntry: false })?.size
  if (size === undefined) throw new CommandFailure('file-missing', `there is no file ${file}`, { file })
  if (size > FILE_BYTES) throw refused('evidence-malformed', { evidence: file })
  try {
    return Object(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    throw refused('evidence-malformed', { evidence: file })
  }
}

function refused(code: string, facts: Readonly<Record<string, unknown>>): CommandFailure {
  const { message, data } = refusalOf(code, facts)
  return new CommandFailure(code, message, data)
}

function accusedWords(proof: Uint8Array): string {
  const decoded = decodeEvidenceProof(proof)
  return decoded.ok ? formatAddress(accusedBy(decoded.value).sender) : 'the validator'
}

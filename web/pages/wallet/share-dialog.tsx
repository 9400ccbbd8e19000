import { useState } from 'react'
import { Field } from '../../ui/field.tsx'
import { Who } from '../../ui/who.tsx'
import { FormDialog } from '../signing/form-dialog.tsx'
import { Review } from '../signing/review.tsx'
import { Effects } from '../signing/sign-dialog.tsx'
import { useNames } from '../use-names.ts'
import { membersProblem, readMembers, thresholdProblem, thresholdWords } from './shared-words.ts'

/** A new account of several: who, and how many of them must agree. */
export function ShareDialog({ own, onClose }: { readonly own: string; readonly onClose: () => void }) {
  const [text, setText] = useState(`${own}\n`)
  const [agree, setAgree] = useState('2')
  const names = useNames()
  const members = readMembers(text)
  const problems = [membersProblem(text), thresholdProblem(agree, members.length)]
  const threshold = Number(agree)
  const request = { type: 'multisig.create' as const, threshold, members }
  return (
    <FormDialog
      title="Share an account"
      lead="Nobody has a key to it: so many of its members must agree to each payment."
      button="Sign and create"
      ready={members.length > 1 && agree.trim() !== '' && problems.every((problem) => problem === null)}
      request={request}
      onClose={onClose}
      fields={
        <>
          <Field
            autoFocus
            label="Members"
            rows={4}
            value={text}
            onText={setText}
            problem={members.length === 1 ? null : problems[0]}
            hint="Addresses, one a line, yours among them if you want to take part; 2 to 16."
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="none"
            className="[&_textarea]:font-mono [&_textarea]:text-xs"
          />
          <Field
            label="How many must agree"
            value={agree}
            inputMode="numeric"
            onText={setAgree}
            problem={members.length < 2 ? null : problems[1]}
            hint="Lost keys cannot be replaced: leave room for one."
          />
        </>
      }
      review={
        <>
          <Effects
            lines={[
              thresholdWords(request),
              'Members and their number cannot be changed afterwards, and a lost key cannot be replaced.',
              'Each proposal, approval and execution costs its member a fee.',
            ]}
          />
          <ul className="mb-3 grid gap-1 text-sm" aria-label="Members">
            {members.map((member) => (
              <li key={member}>
                <Who address={member} name={names.nameOf(member)} own={names.isOwn(member)} />
              </li>
            ))}
          </ul>
          <Review request={request} rows={[['Must agree', `${threshold} of ${members.length}`]]} />
        </>
      }
      after={
        <p className="mt-4 text-sm text-ink-2">
          Once it is decided, the account stands in the wallets of all its members, with its address to be
          paid at.
        </p>
      }
    />
  )
}

import { useNavigate } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useConnection } from '../../hooks/node-context.tsx'
import { lookUp } from '../../store/search.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { searchTarget } from './explorer-words.ts'

/** Opens a block, a transaction or an account by what was typed or pasted. */
export function SearchBox() {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const connection = useConnection()
  const navigate = useNavigate()
  const open = (to: string) => void navigate({ to })
  const search = async (event: FormEvent) => {
    event.preventDefault()
    const target = searchTarget(text)
    if (target.kind === 'unknown') return setProblem(target.words)
    if (target.kind !== 'hash') return open(target.to)
    if (connection === null) return setProblem('This tab has not reached its node yet')
    setBusy(true)
    const [found] = await lookUp(target.hash, connection.node)
    setBusy(false)
    if (found === undefined) setProblem('This node knows no block or transaction with that hash')
    else open(found.to)
  }
  return (
    <form className="w-full max-w-[440px] self-end" onSubmit={(event) => void search(event)}>
      <Field
        label="Height, hash or address"
        value={text}
        onText={(next) => {
          setText(next)
          setProblem(null)
        }}
        problem={problem}
        spellCheck={false}
        autoComplete="off"
        beside={
          <Button
            type="submit"
            disabled={text.trim() === ''}
            busy={busy ? 'Looking…' : null}
            icon={<Search size={15} strokeWidth={1.75} aria-hidden />}
          >
            Find
          </Button>
        }
      />
    </form>
  )
}

import { FileUp } from 'lucide-react'
import { useId, useState } from 'react'

/** Larger files are no backups of this project, bytes. */
const FILE_MAXIMUM_BYTES = 1_000_000

export interface FileFieldProps {
  readonly label: string
  readonly hint?: string
  readonly onText: (text: string) => void
}

/** Chooses a file and reads it as text. */
export function FileField({ label, hint, onText }: FileFieldProps) {
  const id = useId()
  const [name, setName] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const choose = async (file: File | undefined) => {
    if (file === undefined) return
    setName(file.name)
    if (file.size > FILE_MAXIMUM_BYTES) return setProblem('The file is too large to be a backup')
    setProblem(null)
    onText(await file.text())
  }
  return (
    <div className="field">
      <span className="legend">{label}</span>
      <label
        htmlFor={id}
        className="btn w-fit cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-ink"
      >
        <FileUp size={15} strokeWidth={1.75} aria-hidden />
        {name ?? 'Choose the file'}
        <input
          id={id}
          type="file"
          accept=".json,application/json"
          className="sr"
          aria-label={label}
          onChange={(event) => void choose(event.target.files?.[0])}
        />
      </label>
      {problem === null ? (
        hint !== undefined && <span className="hint">{hint}</span>
      ) : (
        <span className="problem">{problem}</span>
      )}
    </div>
  )
}

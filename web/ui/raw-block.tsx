import { CopyButton } from './id.tsx'

/** A long text in mono, whole, under its title, to read and to copy. */
export function RawBlock({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <section className="mb-4" aria-label={title}>
      <div className="mb-1.5 flex items-center gap-2">
        <h3 className="text-sm">{title}</h3>
        <CopyButton value={text} label={`Copy: ${title.toLowerCase()}`}>
          Copy
        </CopyButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long text that scrolls must be reachable by keys */}
      <pre className="raw" tabIndex={0}>
        {text}
      </pre>
    </section>
  )
}

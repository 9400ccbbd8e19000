import { actionWords, shortcutWords } from '../actions/action.ts'
import { ACTIONS } from '../actions/registry.ts'
import { useNodeStore } from '../hooks/node-context.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useApp, useUi } from './app-context.tsx'

const GROUPS = ['Go to', 'Live', 'View', 'Do'] as const

/** Every action that has a shortcut, by group. */
export function HelpSheet() {
  const { ui } = useApp()
  const open = useUi((state) => state.overlay === 'help')
  const state = useNodeStore().getState()
  return (
    <Dialog
      open={open}
      onClose={() => ui.close()}
      title="Shortcuts"
      lead="Two keys are pressed after each other. Arrow keys move inside of strips, tables’ bars and groups of buttons."
    >
      {GROUPS.map((group) => {
        const actions = ACTIONS.filter((action) => action.group === group && action.shortcut !== undefined)
        if (actions.length === 0) return null
        return (
          <section key={group} className="mb-4">
            <h3 className="mb-1 text-ink-3">{group}</h3>
            <dl className="shortcuts">
              {actions.map((action) => (
                <div key={action.id} className="contents">
                  <dt className="border-b border-line py-1.5">{actionWords(action, state)}</dt>
                  <dd className="border-b border-line py-1.5 text-right">
                    {shortcutWords(action.shortcut!)
                      .split(' ')
                      .map((key, index) => (
                        // biome-ignore lint/suspicious/noArrayIndexKey: keys in a fixed order
                        <kbd key={index} className="ml-1">
                          {key}
                        </kbd>
                      ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        )
      })}
    </Dialog>
  )
}

import { useNavigate, useRouter } from '@tanstack/react-router'

/** Opens a path of the dashboard here, or beside in a new tab. */
export function useOpenPath(): (path: string, beside: boolean) => void {
  const navigate = useNavigate()
  const router = useRouter()
  return (path, beside) => {
    if (beside) window.open(router.history.createHref(path), '_blank', 'noopener')
    else void navigate({ href: path } as Parameters<typeof navigate>[0])
  }
}

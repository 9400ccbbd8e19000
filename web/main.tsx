import { createBrowserHistory } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App, buildApp } from './shell/app.tsx'
import { openConnection } from './store/connection.ts'
import './styles/main.css'

const app = buildApp({ connect: openConnection, history: createBrowserHistory() })
createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App app={app} />
  </StrictMode>,
)

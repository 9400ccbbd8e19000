import { createBrowserHistory } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { connect, support } from './boot.ts'
import { App, buildApp } from './shell/app.tsx'
import './styles/main.css'

const app = buildApp({ connect, support, history: createBrowserHistory() })
createRoot(document.getElementById('app')!).render(
  <StrictMode>
    <App app={app} />
  </StrictMode>,
)

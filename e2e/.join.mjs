import { chromium } from '@playwright/test'
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--allow-file-access-from-files']})
const p=await b.newPage({viewport:{width:4340,height:2720}})
await p.goto('file:///tmp/join.html'); await p.waitForTimeout(500)
await p.screenshot({path:'/tmp/shots/phones.png'}); await b.close()

import { chromium } from '@playwright/test'
const base='http://127.0.0.1:5310/e2e/sample/'
const jobs=process.argv.slice(2) // name|query|hash|width|theme|height
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-gpu']})
for(const j of jobs){
  const [name,q,hash,w='1440',theme='light',h]=j.split('|')
  const c=await b.newContext({viewport:{width:+w,height:+(h||900)},colorScheme:theme,deviceScaleFactor:1})
  const p=await c.newPage()
  p.on('pageerror',e=>console.log(name,'PAGEERROR',e.message.slice(0,600)))
  p.on('console',m=>{if(m.type()==='error'||m.type()==='warning')console.log(name,m.type(),m.text().slice(0,400))})
  await p.goto(base+q+'#'+hash)
  await p.waitForTimeout(2600)
  await p.screenshot({path:`/tmp/shots/${name}.png`,fullPage:h==='full'})
  await c.close()
}
await b.close()

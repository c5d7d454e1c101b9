// Writes docs/movie-workflows.md from the definitions of the workflows.
import fs from 'node:fs'
import path from 'node:path'
import { workflowPage } from '../src/movies/workflows/draw-workflow.ts'
import { WORKFLOWS } from '../src/movies/workflows/workflow-defs.ts'

const file = path.resolve(import.meta.dirname, '../docs/movie-workflows.md')
fs.writeFileSync(file, workflowPage(Object.values(WORKFLOWS)))
console.log(`wrote ${path.relative(process.cwd(), file)}`)

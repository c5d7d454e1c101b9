import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { request, testPorts } from '../_test-kit.ts'
import { codeMetrics } from './code-metrics.ts'

const PYTHON = `import os

# TODO: split this
def area(width, height):
    """Area. TODO later: if"""
    if width < 0 or height < 0:
        raise ValueError("if and or")
    return width * height


class Shape:
    async def draw(
        self,
        canvas,
    ):
        for point in self.points:
            while point:
                point = point.next
        return canvas
`
const SCRIPT = `// if (a) TODO
export function first(a: number): number {
  if (a > 1 && a < 5) return a ? 1 : 2
  return 0
}
const second = (b) => {
  for (const x of b) { console.log('if (x) {') }
}
class K {
  third() {
    switch (1) {
      case 1: return \`\${'}'} if\`
      default: return 2
    }
  }
}
`
const JAVA = `public class A {
  /* TODO if */
  public static int max(int a, int b) {
    if (a > b) { return a; }
    return b;
  }
  private void none() {
  }
}
`
const GO = 'package main\n\nfunc main() {\n\tif true || false {\n\t}\n}\n'
const RUBY = 'class A\n  def go(x)\n    if x\n      1\n    end\n  end\nend\n'

async function measure(
  files: Record<string, string | Uint8Array>,
  text = 'Measure the code metrics of the attached files',
) {
  const ports = testPorts({
    files: Object.fromEntries(Object.entries(files).map(([name, content]) => [`uploads/${name}`, content])),
  })
  const output = await codeMetrics.run(
    request(text, { attachments: Object.keys(files).map((filename) => ({ filename })) }),
    ports,
  )
  return output.data as Record<string, any>
}

describe('figures', () => {
  it.each<[string, string, object]>([
    [
      'app.py.txt',
      PYTHON,
      {
        lines: 19,
        functions: 2,
        longest_function: { name: 'draw', lines: 8 },
        cyclomatic_complexity: 6,
        todo_count: 2,
      },
    ],
    [
      'app.ts.txt',
      SCRIPT,
      {
        lines: 16,
        functions: 3,
        longest_function: { name: 'third', lines: 6 },
        cyclomatic_complexity: 8,
        todo_count: 1,
      },
    ],
    [
      'A.java.txt',
      JAVA,
      { lines: 9, functions: 2, longest_function: { name: 'max', lines: 4 }, cyclomatic_complexity: 3, todo_count: 1 },
    ],
    [
      'main.go.txt',
      GO,
      { lines: 6, functions: 1, longest_function: { name: 'main', lines: 4 }, cyclomatic_complexity: 3, todo_count: 0 },
    ],
    [
      'a.rb.txt',
      RUBY,
      { lines: 7, functions: 1, longest_function: { name: 'go', lines: 5 }, cyclomatic_complexity: 2, todo_count: 0 },
    ],
    ['empty.py.txt', '', { lines: 0, functions: 0, longest_function: null, cyclomatic_complexity: 1, todo_count: 0 }],
    [
      'one.py.txt',
      'x = 1',
      { lines: 1, functions: 0, longest_function: null, cyclomatic_complexity: 1, todo_count: 0 },
    ],
  ])('%s', async (name, text, figures) => {
    const data = await measure({ [name]: text })
    expect(data['files'][0]).toMatchObject({ name, ...figures })
    expect(data).toMatchObject(figures)
  })
  it('adds up over files and takes the longest function of all', async () => {
    const data = await measure({ 'a.py.txt': PYTHON, 'b.go.txt': GO })
    expect(data).toMatchObject({
      lines: 25,
      functions: 3,
      longest_function: { name: 'draw' },
      cyclomatic_complexity: 9,
      todo_count: 2,
    })
    expect(data['files']).toHaveLength(2)
  })
  it('reads archives and texts told by the description or the content', async () => {
    const zip = zipSync({ 'src/a.py': new TextEncoder().encode(PYTHON), 'read.me': new TextEncoder().encode('x') })
    expect((await measure({ 'code.zip': zip }))['files'].map((file: any) => file.name)).toEqual(['src/a.py'])
    expect((await measure({ 'app.txt': PYTHON }))['functions']).toBe(2)
    expect(
      (await measure({ 'x.txt': 'x = 1 if y else 2' }, 'Count functions in the attached Python code'))[
        'cyclomatic_complexity'
      ],
    ).toBe(2)
  })
})

it('says what is missing', async () => {
  await expect(measure({})).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  await expect(measure({ 'notes.txt': 'just words' })).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' })
})
it('leaves writing code to a model', () => {
  const attachments = [{ filename: 'app.py.txt' }]
  expect(codeMetrics.confidence(request('Write code that sorts', { attachments }))).toBe(0)
  expect(codeMetrics.confidence(request('Refactor the attached code', { attachments }))).toBe(0)
  expect(codeMetrics.confidence(request('Review the attached code', { attachments }))).toBeGreaterThan(0.8)
})

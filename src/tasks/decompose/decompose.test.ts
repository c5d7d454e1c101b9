import { describe, expect, it } from 'vitest'
import { CAPABILITIES, SubTask } from '../schema.ts'
import { decomposeAfterFailure, decomposeByRules, fallbackDecomposition } from './decompose-by-rules.ts'
import { splitText } from './split-text.ts'

const SHORT: Record<string, string> = {
  data_analysis: 'data',
  web_scraping: 'web',
  code_generation: 'code',
  file_processing: 'file',
  database_operations: 'db',
  api_integration: 'api',
}

function ids() {
  let n = 0
  return () => `subtask_${(n++).toString(16).padStart(12, '0')}`
}
const rules = (text: string) => decomposeByRules(text, ids())
/** Steps as `capability+capability:dependencies`. */
function shape(text: string) {
  const { subtasks } = rules(text)
  const position = new Map(subtasks.map(({ id }, i) => [id, i]))
  return subtasks.map(({ required_capabilities: needs, dependencies }) => {
    const names = needs.length === CAPABILITIES.length ? 'all' : needs.map((name) => SHORT[name]).join('+')
    return `${names}:${dependencies.map((id) => position.get(id)).join(',')}`
  })
}
const texts = (text: string) => rules(text).subtasks.map(({ description }) => description)

describe('the table of the contract', () => {
  it.each<[string, string[]]>([
    ['Calculate factorial of 10', ['data:']],
    [
      'Fetch weather data from API, analyze temperature trends, and create summary report',
      ['api:', 'data:0', 'code:1'],
    ],
    ['Scrape product prices from website and store in database', ['web:', 'data:0', 'db:1']],
    ['Calculate factorial of 5 and calculate fibonacci of 10 independently', ['data:', 'data:']],
    [
      'Calculate sum of 1 to 10, then calculate product of 1 to 5, then combine results',
      ['data:', 'data:0', 'code:0,1'],
    ],
    [
      'First read data from file, then analyze the data, finally generate a report based on analysis',
      ['file:', 'data:0', 'code:1'],
    ],
    [
      'Read CSV file from ./data/sales.csv, filter rows where revenue > 1000, calculate average, and save to new file',
      ['data+file:'],
    ],
    [
      'Fetch user data from https://host/users API, extract emails, and store in database table users',
      ['api:', 'api:0', 'data:1', 'db:2'],
    ],
    ['1234567890', ['all:']],
  ])('%s', (text, steps) => expect(shape(text)).toEqual(steps))
})

describe('splitting', () => {
  it.each<[string, string[]]>([
    ['1. Fetch users from the API\n2. Analyze the ages\n3. Create a report', ['api:', 'data:0', 'code:1']],
    ['- Calculate 5!\n- Calculate factorial of 6', ['data:', 'data:0']],
    ['Fetch users from the API\n\nAnalyze the ages', ['api:', 'data:0']],
    ['Fetch users from the API\nAnalyze the ages', ['api:', 'data:0']],
    ['Fetch users from\nthe API quickly', ['api:']],
    ['Fetch users from the API. Analyze the ages. Create a report.', ['api:', 'data:0', 'code:1']],
    ['Fetch users from the API; analyze the ages', ['api:', 'data:0']],
    ['Fetch users from the API after that analyze the ages', ['api:', 'data:0']],
    ['Fetch users from the API, afterwards analyze the ages', ['api:', 'data:0']],
    ['Calculate factorial of 5 next calculate fibonacci of 10', ['data:', 'data:0']],
    ['Fetch the next page of users from the API', ['api:']],
    ['Run SQL: SELECT 1 AS one', ['db:']],
    ['Run SQL: SELECT a, b FROM t WHERE c = 1; SELECT 2', ['db:']],
    ['Run SQL: SELECT a FROM t, then create a report', ['db:', 'code:0']],
    ["Run SQL: SELECT 'x, then y' AS a FROM t", ['db:']],
    ['DELETE FROM tasks please', ['db:']],
    ['Run SQL: DELETE FROM tasks', ['db:']],
    ['Translate "fetch the data, then store it" into French', ['code:']],
    ['Fetch https://x.test/a,then,b and analyze the text', ['web:', 'data:0']],
    ['Calculate sum of 1 to 10 (then calculate nothing, and save nothing)', ['data:']],
    ['Calculate 5! and 6! in parallel, then combine the results', ['data:', 'code:0']],
    ['What a day! Calculate factorial of 5! Then combine the results', ['all:', 'data:0', 'code:0,1']],
    ['Fetch https://x.test/a; fetch https://x.test/b; in parallel', ['web:', 'web:']],
    ['Write a sonnet about the sea', ['all:']],
    ['🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂', ['all:']],
  ])('%j', (text, steps) => expect(shape(text)).toEqual(steps))

  it('takes numbers inside a line as numbering', () => {
    const text = '1. Read the attached CSV file. 2. Filter rows where revenue > 1000; 3) Create a summary report'
    expect(splitText(text).map(({ text: step }) => step)).toEqual([
      'Read the attached CSV file',
      'Filter rows where revenue > 1000',
      'Create a summary report',
    ])
    expect(splitText('The price is 3. 5 people bought it').map(({ text: step }) => step)).toEqual([
      'The price is 3',
      '5 people bought it',
    ])
  })

  it('drops a leading "first" and joins short fragments with what is before them', () => {
    expect(texts('First read the data file, then sort it')).toEqual(['read the data file, then sort it'])
    expect(texts('First, fetch the page https://x.test/, then analyze the words')).toEqual([
      'fetch the page https://x.test/',
      'analyze the words',
    ])
  })
  it('keeps an introduction with its first item', () => {
    expect(shape('Do this in parallel:\n1. Calculate factorial of 5\n2. Calculate factorial of 6')).toEqual([
      'data:',
      'data:',
    ])
  })
})

describe('table operations', () => {
  it.each<[string, string[]]>([
    ['Read the attached CSV, filter rows where revenue > 1000, calculate average and save to new file', ['data+file:']],
    ['Read the attached CSV, filter rows where a > 1, then calculate the average of b', ['data+file:', 'data:0']],
    ['Read the attached CSV; filter rows where a > 1', ['file:', 'data:0']],
    ['Read a.csv and read b.csv', ['file:', 'file:0']],
    ['Load sales.csv, sort by revenue and plot a bar chart', ['data+file:']],
    ['Read the CSV, filter rows where a > 1 and save to database table t', ['data+file:', 'db:0']],
    ['Analyze the attached data and generate a report', ['data:', 'code:0']],
    ['Analyze the attached CSV: total revenue by region, top products, monthly trends, with charts', ['data:']],
  ])('%s', (text, steps) => expect(shape(text)).toEqual(steps))
})

describe('capabilities', () => {
  it.each<[string, string]>([
    ['Store the rows in the database', 'db'],
    ['Save everything into table users', 'db'],
    ['Load the records into the orders table', 'db'],
    ['Query all open orders', 'db'],
    ['Describe the tables please', 'db'],
    ['List all tables in the system', 'db'],
    ['Get https://x.test/orders from the endpoint', 'api'],
    ['Send a webhook to https://x.test/hook', 'api'],
    ['Post {"a":1} to https://x.test/items', 'api'],
    ['Get https://api.x.test/users please', 'api'],
    ['Fetch https://x.test/api/users now', 'api'],
    ['Download https://x.test/users.json now', 'web'],
    ['Fetch https://x.test/users.json now', 'api'],
    ['Get https://x.test/users please', 'web'],
    ['Crawl the shop for offers', 'web'],
    ['Extract the links from the page', 'web'],
    ['Convert report.md to HTML now', 'file'],
    ['Zip the attached files', 'file'],
    ['Save it all to a JSON file', 'file'],
    ['Write a function that sorts', 'code'],
    ['Prepare a short document', 'code'],
    ['Combine all the things', 'code'],
    ['Is 97 a prime number?', 'data'],
    ['Find the largest customer', 'data'],
    ['Visualise the monthly numbers', 'data'],
    ['Refactor the module for me', 'code'],
    ['Review the attached code', 'code'],
    ['Translate the text to German', 'code'],
    ['Ponder the meaning of life', 'all'],
  ])('%s -> %s', (text, capability) => expect(shape(text)).toEqual([`${capability}:`]))
  it('takes the capability of the step before when no row matches', () => {
    expect(shape('Fetch users from the API. Then make it pretty please')).toEqual(['api:', 'api:0'])
  })
})

describe('dependencies', () => {
  it.each<[string, string[]]>([
    [
      'Fetch https://x.test/a and fetch https://x.test/b in parallel, then analyze both of them',
      ['web:', 'web:', 'data:0,1'],
    ],
    ['Calculate factorial of 5 and calculate fibonacci of 10', ['data:', 'data:']],
    ['Calculate factorial of 5, calculate fibonacci of 10', ['data:', 'data:0']],
    ['Calculate factorial of 5, then calculate fibonacci of 10', ['data:', 'data:0']],
    [
      'Simultaneously calculate factorial of 5, calculate factorial of 6 and combine the results',
      ['data:', 'data:', 'code:0,1'],
    ],
    ['Calculate factorial of 5. Calculate factorial of 6. Summarise everything found', ['data:', 'data:0', 'code:0,1']],
    ['Calculate factorial of 5. Calculate factorial of 6. Compare results of both', ['data:', 'data:0', 'data:0,1']],
    [
      'Fetch https://x.test/a and fetch https://x.test/b in parallel, then analyze both, then create a report',
      ['web:', 'web:', 'data:0,1', 'code:2'],
    ],
    ['Scrape https://x.test, calculate the average and store in database table t', ['web:', 'data:0', 'db:1']],
  ])('%s', (text, steps) => expect(shape(text)).toEqual(steps))
})

describe('subtasks', () => {
  it('gives 7 to steps without dependencies that others need, else 5', () => {
    const { subtasks } = rules('Fetch weather data from API, analyze temperature trends, and create summary report')
    expect(subtasks.map(({ priority }) => priority)).toEqual([7, 5, 5])
    expect(subtasks.map(({ estimated_duration }) => estimated_duration)).toEqual([15, 30, 60])
    expect(rules('Calculate factorial of 10').subtasks[0]).toMatchObject({ priority: 5, estimated_duration: 30 })
  })
  it('takes the longer duration of two capabilities and none for all six', () => {
    expect(rules('Read a.csv and sort by x').subtasks[0]!.estimated_duration).toBe(30)
    expect(rules('1234567890')).toMatchObject({ method: 'fallback', subtasks: [{ estimated_duration: null }] })
  })
  it('says how it was made', () => {
    expect(rules('Calculate factorial of 10').method).toBe('rules')
    expect(rules('Ponder the meaning of life').method).toBe('fallback')
  })
  it('stays within 200 subtasks, each valid', () => {
    const text = Array.from({ length: 260 }, (_, i) => `fetch item ${i};`).join(' ')
    const { subtasks } = rules(text)
    expect(subtasks).toHaveLength(200)
    for (const subtask of subtasks) expect(SubTask.safeParse(subtask).success).toBe(true)
  })
  it('handles 100 steps', () => {
    const text = Array.from({ length: 100 }, (_, i) => `calculate factorial of ${i + 1}`).join('; ')
    expect(rules(text).subtasks).toHaveLength(100)
  })
})

describe('fallback', () => {
  it('is one subtask with all capabilities, cut to 1000 characters', () => {
    const { subtasks, method } = fallbackDecomposition('x'.repeat(5000), ids())
    expect(method).toBe('fallback')
    expect([...subtasks[0]!.description]).toHaveLength(1000)
    expect(subtasks[0]!.required_capabilities).toEqual([...CAPABILITIES])
  })
  it('after a model failure uses the rules when they find several steps', () => {
    const several = decomposeAfterFailure('Fetch data from API, then analyze the data', ids(), 'timeout')
    expect(several).toMatchObject({ method: 'rules', warnings: ['timeout'] })
    const one = decomposeAfterFailure('Calculate factorial of 10', ids(), 'timeout')
    expect(one).toMatchObject({ method: 'fallback', subtasks: [{ required_capabilities: [...CAPABILITIES] }] })
  })
})

export type Example = { title: string; description: string; file?: { name: string; text: string } }

const SALES = `date,region,product,revenue
2025-01-05,North,A,1200
2025-01-20,South,B,800
2025-02-03,North,B,1500
2025-02-17,South,A,500
2025-03-01,East,C,2500
`

/** Tasks that work without a model, offered as chips. */
export const EXAMPLES: Example[] = [
  { title: 'Factorial of 10', description: 'Calculate factorial of 10' },
  {
    title: 'Three steps',
    description: 'Calculate sum of 1 to 10, then calculate product of 1 to 5, then combine results',
  },
  {
    title: 'Analyse sales',
    description: 'Analyze the attached CSV: total revenue by region, top products, monthly trends, with charts',
    file: { name: 'sales.csv', text: SALES },
  },
  { title: 'Two in parallel', description: 'Calculate factorial of 5 and calculate fibonacci of 10 independently' },
  { title: 'Ask the database', description: 'Run SQL: SELECT 1 AS one' },
  { title: 'Statistics', description: 'Calculate the mean, median and standard deviation of 2, 4, 4, 4, 5, 5, 7, 9' },
]

/** What the built-in skills can do, for the notice shown while no model is configured. */
export const SKILLS = [
  'arithmetic and statistics',
  'analysis of CSV, XLSX and JSON with charts',
  'reading web pages',
  'calling HTTP APIs',
  'converting and packing files',
  'reading SQL and storing rows',
  'combining results into reports',
  'measuring code',
]

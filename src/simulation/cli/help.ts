export const HELP = `Usage: troupe simulate <command> [options]
       troupe simulate <config.yaml> [options]     the same as run

Commands
  run <config.yaml>       run a simulation in this process
  serve                   serve an output folder read-only over HTTP
  validate <config.yaml>  check a configuration and print all problems
  check <run_id>          check the event files of a run
  branch <run_id>         a new run from a checkpoint, with variables changed
  compare <a> <b>         two runs to their first divergence
  sweep <config.yaml>     every combination of parameters and seeds, with a table of results
  repeat <run_id>         run again from the manifest and verify that everything is the same
  metrics <run_id>        variables by turn as CSV
  trace <run_id>          Chrome trace for ui.perfetto.dev
  plot <run_id> …         variables over the turns as SVG

Options of run
  --verbosity <LEVEL>     MILESTONE, DECISION, ACTION, STATE or DETAIL
  --turns <n>             overrides simulation.max_turns
  --output-dir <dir>      folder of all runs (SIMULATION_OUTPUT_DIR, else output)
  --run-id <id>           id of the run instead of a generated one
  --seed <n>              overrides simulation.seed
  --write-mode <mode>     async or sync
  --implementations <dir> folder that holds implementations/ (SIMULATION_IMPLEMENTATIONS_DIR, else . or the file's folder)
  --resume-from <run_id>  continue an earlier run under a new id; the file is optional then
  --resume-turn <n|last>  checkpoint to continue from (last)
  --debug                 log at DEBUG
  --json                  no progress display

Options of serve
  --port <n>              8000
  --host <address>        127.0.0.1
  --output-dir <dir>      folder of all runs
  --cors-origin <origin>  allowed origin instead of * (repeatable)
  --json                  print one line with url and output_dir

Options of validate: --implementations <dir>, --json
Options of check: --output-dir <dir>, --json

Options of branch: those of run without --resume-…, and
  --turn <n|last>         checkpoint to branch from (last)
  --set <name>=<value>    agent.variable or global.variable of the loaded state (repeatable)
  --config <file>         settings from this file instead of the run's own

Options of sweep
  --vary <path>=<values>  a setting and its values: engine.interest_rate=0.01,0.05 or agents.*.config.x=1..5 or 0..1/0.25 (repeatable)
  --seeds <list>          1..5 or 3,8,13
  --measure <names>       wealth of the final state: a global variable, agent.variable, mean|sum|min|max(variable) (repeatable)
  --workers <n>           processes at a time (number of cores)
  --id <id>               name of the sweep; its runs are <id>.1, <id>.2, …
  --turns, --verbosity, --output-dir, --implementations as for run; --json

Options of repeat: --output-dir <dir>, --implementations <dir>, --keep (the repetition's folder), --json
  <run_id> may also be a path of a run's folder or manifest.json
Options of metrics: --variables <names>, --shape wide|long, --out <file>, --output-dir <dir>
Options of trace: --turn-start <n>, --turn-end <n>, --limit <entries> (300000), --out <file>, --output-dir <dir>
Options of plot: --variables <names> (a panel each time it is given), --title <text>, --out <file>, --output-dir <dir>
Options of compare: --output-dir <dir>, --json

Exit codes: 0 success, 1 run failed or compared runs differ, 2 configuration or usage error, 3 integrity problems, 130 interrupted
`

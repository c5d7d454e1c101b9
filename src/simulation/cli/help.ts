export const HELP = `Usage: troupe simulate <command> [options]
       troupe simulate <config.yaml> [options]     the same as run

Commands
  run <config.yaml>       run a simulation in this process
  serve                   serve an output folder read-only over HTTP
  validate <config.yaml>  check a configuration and print all problems
  check <run_id>          check the event files of a run

Options of run
  --verbosity <LEVEL>     MILESTONE, DECISION, ACTION, STATE or DETAIL
  --turns <n>             overrides simulation.max_turns
  --output-dir <dir>      folder of all runs (SIMULATION_OUTPUT_DIR, else output)
  --run-id <id>           id of the run instead of a generated one
  --seed <n>              overrides simulation.seed
  --write-mode <mode>     async or sync
  --implementations <dir> folder that holds implementations/ (SIMULATION_IMPLEMENTATIONS_DIR, else .)
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

Exit codes: 0 success, 1 run failed, 2 configuration or usage error, 3 integrity problems, 130 interrupted
`

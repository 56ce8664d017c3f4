# shellcheck shell=bash
# Named steps with their seconds, and a table of them at the end. Sourced after common.sh, never run.

step_names=() step_seconds=() step_notes=()
steps_begin=$(date +%s.%N)

record_step() {  # NAME SECONDS NOTE
  step_names+=("$1") step_seconds+=("$2") step_notes+=("$3")
}

# try_step NAME COMMAND...: the command under a heading, without stdin, in a subshell; its status in step_status.
try_step() {
  local name=$1 begin
  shift
  printf '\n== %s\n' "$name"
  begin=$(date +%s.%N)
  set +e  # not 'if' or '||': in a condition bash would ignore 'set -e' inside a function
  (
    set -e
    "$@"
  ) </dev/null
  step_status=$?
  set -e
  if [ $step_status = 0 ]; then
    record_step "$name" "$(seconds_since "$begin")" ''
  else
    record_step "$name" "$(seconds_since "$begin")" "FAILED ($step_status)"
  fi
}

# run_step NAME COMMAND...: the same, and the script ends with the command's status if it fails.
run_step() {
  try_step "$@"
  return $step_status
}

# print_steps: one line per step, and the total.
print_steps() {
  local i
  [ ${#step_names[@]} -gt 0 ] || return 0
  printf '\n%-24s %8s\n' step seconds
  for i in "${!step_names[@]}"; do
    printf '%-24s %8s  %s\n' "${step_names[i]}" "${step_seconds[i]}" "${step_notes[i]}" | sed 's/ *$//'
  done
  printf '%-24s %8s\n' total "$(seconds_since "$steps_begin")"
}

# build_jobs: how many compilers at a time: one per core, and 2 GiB of memory for each.
build_jobs() {
  local cores memory limit jobs
  cores=$(nproc)
  memory=$(awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo)
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max)
  if [[ $limit =~ ^[0-9]+$ ]] && [ $((limit / 1048576)) -lt "$memory" ]; then memory=$((limit / 1048576)); fi
  jobs=$((memory / 2048))
  [ "$jobs" -lt "$cores" ] || jobs=$cores
  [ "$jobs" -ge 1 ] || jobs=1
  echo "$jobs"
}

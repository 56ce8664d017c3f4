#!/usr/bin/env python3
"""Puts profiles from a file into the embedded database, all of them or none.

usage: scripts/db load [--strict] FILE

FILE holds JSON lines, plain or gzip: a profile per line, {"id": "...", "name": "...", ...}, or {"profile": {...}}.
Keys are columns of the table; a missing key is a column left alone. A profile that is already there has the given
columns replaced and keeps the others, such as vectors; one that is new needs a name. Loading a file again changes
nothing.

The status of a profile is stripped, as the application does when it compares. Where it is then none of the six known
values the profile is stored without one (NULL), which counts the same in scoring; --strict refuses the file instead.

examples:
  scripts/db load tests/data/fixtures/profiles-3143.jsonl.gz
  scripts/db load --strict exported.jsonl

exit codes: 0 done, 64 usage, 65 the file is not as described (the message says FILE:LINE), 66 no such file, 69 the
database is not running, 77 no permission, 78 the table is missing or PostgreSQL is not set up
"""
import gzip
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
import zlib

EX_USAGE, EX_DATA, EX_NOINPUT, EX_UNAVAILABLE, EX_IO, EX_NOPERM, EX_CONFIG = 64, 65, 66, 69, 74, 77, 78
STATUSES = ("Member", "Non Member Resource", "Pending", "Prospect", "Qualified", "Inactive")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
INT4_MAX = 2**31 - 1
SQL_ERROR = re.compile(r"^ERROR:\s+([0-9A-Z]{5}): (.*)$", re.MULTILINE)


class LoadError(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def data_error(path, line, message):
    return LoadError(EX_DATA, f"{path}:{line}: {message}")


# --- the file --------------------------------------------------------------------------------------------------------

def read_lines(path):
    """Yields line number, from 1, and bytes; gzip is recognised by its first bytes."""
    try:
        with open(path, "rb") as raw:
            is_gzip = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            if path.endswith(".gz") and not is_gzip:
                raise LoadError(EX_DATA, f"{path}: is not gzip data, though its name ends in .gz")
            file = gzip.open(raw) if is_gzip else raw
            number = 0
            try:
                for line in file:
                    number += 1
                    yield number, line
            except EOFError:
                raise data_error(path, number + 1, "the gzip data ends too early; is the file complete?") from None
            except (gzip.BadGzipFile, zlib.error) as error:
                raise data_error(path, number + 1, f"the gzip data is damaged: {error}") from None
    except (FileNotFoundError, NotADirectoryError):
        raise LoadError(EX_NOINPUT, f"{path}: no such file") from None
    except IsADirectoryError:
        raise LoadError(EX_NOINPUT, f"{path}: is a folder, not a file") from None
    except PermissionError:
        raise LoadError(EX_NOPERM, f"{path}: no permission to read it") from None


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def finite_float(text):
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"the number {text} is out of range")
    return value


def holds_nul(value):
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(holds_nul(key) or holds_nul(item) for key, item in value.items())
    return isinstance(value, list) and any(map(holds_nul, value))


def parse_profile(path, number, line):
    """The profile of one line, with only what PostgreSQL can store in it."""
    if b"\0" in line:
        raise data_error(path, number, "holds a NUL byte, which no text may; is this a text file?")
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise data_error(path, number, f"is not UTF-8 at byte {error.start + 1}") from None
    try:
        row = json.loads(text, parse_constant=refuse_constant, parse_float=finite_float)
    except json.JSONDecodeError as error:
        raise data_error(path, number, f"is not JSON: {error.msg} at column {error.colno}") from None
    except ValueError as error:
        raise data_error(path, number, str(error)) from None
    except RecursionError:
        raise data_error(path, number, "is nested too deeply") from None
    if isinstance(row, dict) and "id" not in row and "profile" in row:
        row = row["profile"]
    if not isinstance(row, dict):
        raise data_error(path, number, "is not an object; a line is {\"id\": ..., ...} or {\"profile\": {...}}")
    if "\\u0000" in text and holds_nul(row):
        raise data_error(path, number, "holds \\u0000, which PostgreSQL cannot store")
    return row


# --- columns ---------------------------------------------------------------------------------------------------------

def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def fault_of(value, column_type):
    """Why value, which is not null, cannot be in a column of that type; None if it can, or if PostgreSQL decides."""
    if column_type == "uuid":
        return None if isinstance(value, str) and UUID.fullmatch(value) else "must be a UUID"
    if column_type == "text" or column_type.startswith("timestamp"):
        return None if isinstance(value, str) else "must be a string"
    if column_type.startswith("character varying("):
        limit = int(column_type[len("character varying("):-1])
        if not isinstance(value, str):
            return "must be a string"
        return None if len(value) <= limit else f"has {len(value)} characters, at most {limit} fit"
    if column_type == "integer":
        fits = isinstance(value, int) and not isinstance(value, bool) and -INT4_MAX - 1 <= value <= INT4_MAX
        return None if fits else "must be a whole number of 32 bits"
    if column_type == "double precision":
        return None if is_number(value) and abs(value) <= sys.float_info.max else "must be a number"
    if column_type == "boolean":
        return None if isinstance(value, bool) else "must be true or false"
    if column_type == "text[]":
        fits = isinstance(value, list) and all(item is None or isinstance(item, str) for item in value)
        return None if fits else "must be an array of strings"
    if column_type.startswith("vector"):
        fits = isinstance(value, str) or (isinstance(value, list) and value and all(map(is_number, value)))
        return None if fits else "must be an array of numbers"
    return None


def shown(value):
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:37] + "..."


class Profiles:
    """Checks rows and writes them, in COPY's text format, into a spool file. A shape is a set of given columns."""

    def __init__(self, path, columns, strict, spool):
        self.path, self.columns, self.strict, self.spool = path, columns, strict, spool
        self.first_line = {}  # of an id
        self.shapes = {}
        self.strange_statuses = []

    def add(self, number, row):
        for column, value in row.items():
            self.check(number, column, value)
        profile_id = row.get("id")
        if profile_id is None:
            raise data_error(self.path, number, "has no \"id\"")
        earlier = self.first_line.setdefault(profile_id.lower(), number)
        if earlier != number:
            raise data_error(self.path, number, f"id {profile_id} is already in line {earlier}")
        if row.get("status") is not None:
            row["status"] = self.tidy_status(number, row["status"])
        for column, value in row.items():
            if isinstance(value, list) and self.columns[column][0].startswith("vector"):
                row[column] = json.dumps(value)
        shape = self.shapes.setdefault(tuple(sorted(row)), len(self.shapes))
        try:
            document = json.dumps(row, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise data_error(self.path, number, f"holds \\u{ord(error.object[error.start]):04x}, half of a surrogate "
                                                "pair, which is no character") from None
        self.spool.write(b"%d\t%d\t%s\n" % (number, shape, document.replace(b"\\", b"\\\\")))

    def check(self, number, column, value):
        if column not in self.columns:
            raise data_error(self.path, number, f"\"{column}\" is no column of profiles")
        column_type, required = self.columns[column]
        fault = ("must not be null" if required else None) if value is None else fault_of(value, column_type)
        if fault:
            raise data_error(self.path, number, f"\"{column}\" {fault}; it is {shown(value)}")

    def tidy_status(self, number, status):
        tidy = status.strip()
        if tidy in STATUSES:
            return tidy
        if self.strict:
            raise data_error(self.path, number, f"status {shown(status)} is none of {', '.join(STATUSES)}")
        self.strange_statuses.append((number, status))
        return None


# --- the database ----------------------------------------------------------------------------------------------------

def run_psql(*parts):
    """Runs a script given as strings and binary files. What it prints; a LoadError with .sqlstate where it fails."""
    psql = os.environ["JVMM_DB_PSQL"]
    if not os.access(psql, os.X_OK):
        raise LoadError(EX_CONFIG, "PostgreSQL is not set up: run scripts/setup")
    command = [psql, "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", os.environ["JVMM_DB_URL"]]
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=errors)
        try:
            with process.stdin as script:
                for part in parts:
                    if isinstance(part, str):
                        script.write(part.encode())
                    else:
                        part.seek(0)
                        while chunk := part.read(1 << 20):
                            script.write(chunk)
        except BrokenPipeError:
            pass  # psql has ended; it says why
        process.wait()
        errors.seek(0)
        output.seek(0)
        message = errors.read().decode(errors="replace")
        if process.returncode == 0:
            return output.read().decode()
    if process.returncode == 2 and "ERROR:" not in message:
        raise LoadError(EX_UNAVAILABLE, "the database is not running: run 'scripts/db start'\n" + message.strip())
    match = SQL_ERROR.search(message)
    state, text = match.groups() if match else ("", message.strip())
    code = {"22": EX_DATA, "23": EX_DATA, "42": EX_CONFIG}.get(state[:2], EX_UNAVAILABLE)
    raise LoadError(EX_NOPERM if state == "42501" else code, text)


def read_columns():
    """Name -> (type, is required) of the table's columns."""
    rows = run_psql("""
        select attname, format_type(atttypid, atttypmod), attnotnull from pg_attribute
        where attrelid = to_regclass('profiles') and attnum > 0 and not attisdropped;""").splitlines()
    if not rows:
        raise LoadError(EX_CONFIG, "there is no table profiles: run 'scripts/db reset'")
    return {name: (column_type, required == "t") for name, column_type, required in (row.split("|") for row in rows)}


STAGE = """
set client_min_messages = warning;
begin;
create temp table load_row (line integer primary key, shape integer, doc jsonb) on commit drop;
copy load_row from stdin;
"""

# The given columns of rows that exist are replaced where they differ, then what is not there is inserted. $1 limits
# both to one line, or to none in the set-based pass.
UPDATE = """
update profiles p set {assignments}
from load_row l, jsonb_populate_record(null::profiles, l.doc) r
where l.shape = {shape} and {limit} and p.id = r.id and ({ours}) is distinct from ({theirs})"""

INSERT = """
insert into profiles ({columns})
select {theirs} from load_row l, jsonb_populate_record(null::profiles, l.doc) r
where l.shape = {shape} and {limit} and not exists (select from profiles p where p.id = r.id)"""

COUNTED = "with touched as ({statement} returning 1) select '{label}', count(*) from touched;\n"

# Row by row, after the set-based pass failed: raises the same error with the line in front. Nothing of it is kept.
DIAGNOSE = """
do $diagnose$
declare
  statements text[] := array[{statements}];
  row_line integer;
  row_shape integer;
begin
  for row_line, row_shape in select line, shape from load_row order by line loop
    begin
      execute statements[2 * row_shape + 1] using row_line;
      execute statements[2 * row_shape + 2] using row_line;
    exception when data_exception or integrity_constraint_violation then
      raise exception using errcode = sqlstate, message = row_line || ': ' || sqlerrm;
    end;
  end loop;
end
$diagnose$;
rollback;
"""


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def statements_for(shape, names, limit):
    """The update and the insert of the rows that give these columns; no update where only the id is given."""
    others = [quoted(name) for name in names if name != "id"]
    values = {
        "shape": shape, "limit": limit,
        "columns": ", ".join(map(quoted, names)), "theirs": ", ".join("r." + quoted(name) for name in names),
        "assignments": ", ".join(f"{name} = r.{name}" for name in others),
    }
    update = UPDATE.format(**values | {
        "ours": ", ".join("p." + name for name in others), "theirs": ", ".join("r." + name for name in others),
    }) if others else "update profiles set id = id where false"
    return update, INSERT.format(**values)


def write(spool, shapes):
    """Loads the spool in one transaction and returns (changed, new). A row's error names the line."""
    apply = ""
    for names, shape in shapes.items():
        update, insert = statements_for(shape, names, "true")
        apply += COUNTED.format(statement=update, label="changed") + COUNTED.format(statement=insert, label="new")
    try:
        output = run_psql(STAGE, spool, "\\.\nanalyze load_row;\n", apply, "commit;\n")
    except LoadError as error:
        if error.code == EX_DATA:
            single = (text for names, shape in shapes.items() for text in statements_for(shape, names, "l.line = $1"))
            body = ", ".join(f"$sql${text}$sql$" for text in single)
            run_psql(STAGE, spool, "\\.\n", DIAGNOSE.format(statements=body))
        raise
    counts = {"changed": 0, "new": 0}
    for line in output.splitlines():
        label, count = line.split("|")
        counts[label] += int(count)
    return counts["changed"], counts["new"]


def load(path, strict):
    begin = time.monotonic()
    lines = read_lines(path)
    first = next(lines, None)  # a missing file is reported before a missing server
    with tempfile.TemporaryFile() as spool:
        profiles = Profiles(path, read_columns(), strict, spool)
        for number, line in ([first] if first else []):
            if line.strip():
                profiles.add(number, parse_profile(path, number, line))
        for number, line in lines:
            if line.strip():
                profiles.add(number, parse_profile(path, number, line))
        total = len(profiles.first_line)
        try:
            changed, new = write(spool, profiles.shapes) if total else (0, 0)
        except LoadError as error:
            if error.code == EX_DATA:
                raise LoadError(EX_DATA, f"{path}:{error}") from None
            raise
    if profiles.strange_statuses:
        number, status = profiles.strange_statuses[0]
        print(f"{path}: {len(profiles.strange_statuses)} rows have an unknown status and are stored without one "
              f"(first in line {number}: {shown(status)}); --strict refuses them", file=sys.stderr)
    print(f"{total} profiles in {time.monotonic() - begin:.1f} s: {new} new, {changed} changed, "
          f"{total - new - changed} as they were")


def main(arguments):
    if arguments in (["--help"], ["-h"]):
        print(__doc__.strip())
        return 0
    strict = "--strict" in arguments
    paths = [argument for argument in arguments if argument != "--strict"]
    if len(paths) != 1 or paths[0].startswith("--"):
        print("usage: scripts/db load [--strict] FILE.jsonl[.gz]; see scripts/db load --help", file=sys.stderr)
        return EX_USAGE
    try:
        load(paths[0], strict)
        return 0
    except LoadError as error:
        print(f"db load: {error}", file=sys.stderr)
        return error.code
    except OSError as error:
        print(f"db load: {error}", file=sys.stderr)
        return EX_IO
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

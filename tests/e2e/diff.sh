#!/bin/sh
# SPDX-License-Identifier: MIT
# `diff` on what `run` wrote, and on files that somebody changed, damaged or invented.
. "$(dirname "$0")/lib.inc"

a="$scratch/a.csv"
b="$scratch/b.csv"

# says NAME STATUS PATTERN ARGS...: the exit status, and a line of stdout or stderr that matches.
says() {
	name=$1
	want=$2
	pattern=$3
	shift 3
	run diff "$@"
	status=$?
	if [ "$status" -ne "$want" ]; then
		not_ok "$name" "exit $status: $(head -c 300 "$scratch/err")"
	else
		judge "$name" "$(head -c 600 "$scratch/out" "$scratch/err")" \
			"$(cat "$scratch/out" "$scratch/err" | grep -qe "$pattern"; echo $?)"
	fi
}

# refused NAME PATTERN ARGS...: exit 2, and one line on stderr that matches.
refused() {
	says "$1" 2 "$2" "$3" "$4"
	judge "$1: one line" "$(cat "$scratch/err")" \
		"$([ ! -s "$scratch/out" ] && lines_are "$scratch/err" 1; echo $?)"
}

# change FILE COLUMN EXPRESSION: a.csv with each row's column made anew; `row` is the row.
change() {
	/usr/bin/python3 - "$a" "$@" <<'PY'
import csv, sys
with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file))
for row in rows:
    for column in sys.argv[3].split(","):
        row[column] = eval(sys.argv[4])
with open(sys.argv[2], "w", newline="") as file:
    writer = csv.DictWriter(file, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
PY
}

run run -t unix+bytes,tcp+bytes,ws+shm -s 3x5 -n 12 -w 1 --blocks 2 --csv "$a"
run run -t unix+bytes,tcp+bytes,mp+pickle -s 3x5 -n 12 -w 1 --blocks 2 --csv "$b"
says "two runs" 0 '^unix+bytes .*\(faster\|slower\|same\|undecided.*\)$' "$a" "$b"
judge "two runs: only in A" "$(cat "$scratch/out")" \
	"$(grep -q '^ws+shm .* only in A$' "$scratch/out"; echo $?)"
judge "two runs: only in B" "$(cat "$scratch/out")" \
	"$(grep -q '^mp+pickle .* only in B$' "$scratch/out"; echo $?)"
judge "two runs: the same machine" "$(cat "$scratch/out")" \
	"$(grep -q '^another' "$scratch/out"; [ $? -eq 1 ]; echo $?)"

# From here on the figures are made up: what two runs measure is the machine's affair.
medians="p50_ns,p50_ci_low_ns,p50_ci_high_ns"
change "$a" p50_ns 2000
change "$a" p50_ci_low_ns 1990
change "$a" p50_ci_high_ns 2010
change "$a" p50_block_spread 1.005
change "$a" p50_ci_from "'ranks'"
for column in reference_ratio reference_ratio_low reference_ratio_high; do
	change "$a" $column "''"
done
says "without a reference: a file and itself" 0 '^3 undecided$' "$a" "$a" --fail-slower 0
change "$b" $medians 'float(row[column]) * 1.5'
says "without a reference: below a factor of 2" 0 'no reference, and below a factor of 2$' \
	"$a" "$b" --fail-slower 5
change "$a" reference_ratio 2
change "$a" reference_ratio_low 1.99
change "$a" reference_ratio_high 2.01
change "$a" blocks 12
change "$a" steal_share 0.01
change "$a" others_share 0.01
says "a file and itself" 0 '^3 same$' "$a" "$a" --fail-slower 0
change "$b" $medians 'float(row[column]) * 1.5'
says "the medians moved, and the reference too" 0 '^3 same$' "$a" "$b" --fail-slower 0
says "the medians moved: it says so" 0 'the medians alone say .*: the reference moved' "$a" "$b"
change "$b" reference_ratio,reference_ratio_low,reference_ratio_high 'float(row[column]) * 1.1'
says "slower by the reference: exit 1" 1 '3 cells are slower by more than 5 %' \
	"$a" "$b" --fail-slower 5
change "$b" reference_ratio,reference_ratio_low,reference_ratio_high,others_share \
	'0.3 if column == "others_share" else float(row[column]) * 1.1'
says "busier: exit 0" 0 'undecided: the machine was busier in B' "$a" "$b" --fail-slower 5

change "$b" reference_ratio,reference_ratio_low,reference_ratio_high,$medians \
	'float(row[column]) * 1000'
says "slower" 0 '^3 slower$' "$a" "$b"
says "slower by more: exit 1" 1 '3 cells are slower by more than 50 %' "$a" "$b" --fail-slower 50
says "faster: exit 0" 0 '^3 faster$' "$b" "$a" --fail-slower 0
says "slower by less: exit 0" 0 '^3 slower$' "$a" "$b" --fail-slower=1000000
change "$b" reference_ratio,reference_ratio_high 'float(row[column]) * 1000'
says "slower, but not the whole interval: exit 0" 0 '^3 undecided$' "$a" "$b" --fail-slower 5

change "$b" host "'other\\x1b[31m'"
says "another machine" 0 '^another machine: .* in A, other \[31m in B$' "$a" "$b"
change "$b" ipctop_version "'9.9'"
says "another version" 0 '^another ipctop: .* 9.9 in B$' "$a" "$b"
change "$b" memory "'fresh'"
says "nothing in common" 0 '^nothing in common: memory: reused in A, fresh in B$' "$a" "$b"
change "$b" state "'failed'"
says "failed cells fail a gate" 1 '3 cells are done in A and not in B' "$a" "$b" --fail-slower 5
says "failed cells" 0 '^ws+shm .*not comparable: B failed' "$a" "$b"
change "$b" reason "'\\x1b]0;title\\x07\\n'"
change "$b" transport "'\\x1b[2J' + row['transport']"
run diff "$a" "$b" --color never
judge "no control characters" "$(cat -v "$scratch/out")" \
	"$(grep -q '[[:cntrl:]]' "$scratch/out"; [ $? -eq 1 ]; echo $?)"

cat "$a" "$a" >"$b"
says "runs in one file" 0 '^B: .*, 3 cells; 3 earlier rows' "$a" "$b"

E2E_MARK=$mark "$IPCTOP" diff "$a" - <"$a" >"$scratch/out" 2>"$scratch/err"
judge "'-' is stdin" "$(cat "$scratch/err")" "$(grep -q '^3 same$' "$scratch/out"; echo $?)"
cat "$a" | E2E_MARK=$mark "$IPCTOP" diff /dev/stdin "$a" >"$scratch/out" 2>"$scratch/err"
judge "/dev/stdin" "$(cat "$scratch/err")" "$(grep -q '^3 same$' "$scratch/out"; echo $?)"

run diff "$a" "$a" --csv -
cp "$scratch/out" "$scratch/d.csv"
judge "--csv -: the table goes to stderr" "$(cat "$scratch/err")" \
	"$(grep -q '^3 same$' "$scratch/err"; echo $?)"
said="$(column "$scratch/d.csv" verdict ws+shm) $(column "$scratch/d.csv" ratio ws+shm)"
judge "--csv -: a row" "$said" "$([ "$said" = "same 1.00000" ]; echo $?)"
run diff "$a" "$a" --csv "$scratch/e.csv"
judge "--csv FILE" "it differs" "$(cmp -s "$scratch/d.csv" "$scratch/e.csv"; echo $?)"
cp "$a" "$scratch/kept.csv"
ln -s a.csv "$scratch/link.csv"
for pair in "$a $a" "$a $scratch/link.csv" "$scratch/link.csv $scratch/./a.csv"; do
	says "--csv over what is read: ${pair#* }" 2 'written over A, which is read' \
		${pair% *} "$scratch/e.csv" --csv ${pair#* }
done
says "--csv over B" 2 'written over B, which is read' "$scratch/e.csv" "$a" --csv "$a"
E2E_MARK=$mark "$IPCTOP" diff - "$b" --csv "$a" <"$a" >"$scratch/out" 2>"$scratch/err"
judge "--csv over stdin" "$(cat "$scratch/err")" \
	"$(grep -q 'written over A, which is read' "$scratch/err"; echo $?)"
judge "--csv over what is read: it is as it was" "it is not" "$(cmp -s "$a" "$scratch/kept.csv"; echo $?)"
says "--csv into nowhere" 2 'cannot create' "$a" "$a" --csv "$scratch/none/e.csv"

# spreadsheet FILE STATEMENT: a.csv as somebody's spreadsheet saves it; rows, options and text are changed.
spreadsheet() {
	/usr/bin/python3 - "$a" "$@" <<'PY'
import csv, io, re, sys
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    rows = list(csv.reader(file))
options, encoding = {}, "utf-8"
exec(sys.argv[3])
out = io.StringIO(newline="")
csv.writer(out, **options).writerows(rows)
text = out.getvalue()
exec(sys.argv[4] if len(sys.argv) > 4 else "")
with open(sys.argv[2], "w", newline="", encoding=encoding) as file:
    file.write(text)
PY
}
run diff "$a" "$a" --csv "$scratch/e.csv"
german='rows = [[re.sub(r"^(-?[0-9]+)[.]([0-9]+)$", r"\1,\2", f) for f in row] for row in rows]'
# read_alike NAME STATEMENTS...: is compared as the file that it was made of.
read_alike() {
	name=$1
	shift
	spreadsheet "$b" "$@"
	run diff "$a" "$b" --csv "$scratch/d.csv"
	judge "a spreadsheet's: $name" "$(cat "$scratch/err")" \
		"$(cmp -s "$scratch/d.csv" "$scratch/e.csv"; echo $?)"
}
read_alike "semicolons and decimal commas" "$german; options['delimiter'] = ';'"
read_alike "semicolons and points" "options['delimiter'] = ';'"
read_alike "tabs and decimal commas" "$german; options['delimiter'] = '\t'"
read_alike "sep=; behind a mark" "$german; options['delimiter'] = ';'" \
	"text = '\ufeffsep=;\r\n' + text"
read_alike "a mark, everything quoted" "options['quoting'] = csv.QUOTE_ALL" "text = '\ufeff' + text"
read_alike "lines that end in CR" "options['lineterminator'] = '\r'"
read_alike "empty columns and rows" \
	"options['delimiter'] = ';'; rows = [row + ['', ''] for row in rows]" \
	"text += ';' * 40 + '\r\n' + ';' * 40"
read_alike "large numbers with an exponent" "options['delimiter'] = ';'
rows[1:] = [[re.sub(r'^([0-9])([0-9]{4,})[.]?([0-9]*)$',
    lambda m: '%s,%s%sE+%d' % (m[1], m[2], m[3], len(m[2])), f) for f in row] for row in rows[1:]]"
read_alike "two files put one behind the other" "$german; options['delimiter'] = ';'" \
	"text = '\ufeff' + text + '\ufeff' + text"
spreadsheet "$b" "encoding = 'utf-16'; options['delimiter'] = '\t'"
refused "a spreadsheet's: UTF-16" 'is UTF-16, .*: save it as CSV in UTF-8$' "$a" "$b"
printf 'PK\003\004\000\000' >"$b"
refused "a spreadsheet's own file" 'save it as CSV$' "$a" "$b"
run run -t unix+bytes -s 3x5 -n 2 --blocks 1 --json "$b"
refused "JSON" 'is JSON: give what --csv wrote$' "$a" "$b"

head -n 1 "$a" >"$scratch/header.csv"
printf %s "$(head -c 500 "$a")" >"$scratch/cut.csv"
says "a header that is cut short" 2 'ends within its header' "$scratch/cut.csv" "$a"
says "a header only" 0 '^3 only in B$' "$scratch/header.csv" "$a"
: >"$scratch/empty.csv"
head -c $(($(head -n 1 "$a" | wc -c) + 300)) "$a" >"$scratch/cut.csv"
head -c 1000 /dev/zero >"$scratch/zero.csv"
printf 'a,b\n1,2\n' >"$scratch/other.csv"
refused "a directory" 'Is a directory' "$scratch" "$a"
refused "no such file" 'No such file' "$a" "$scratch/none.csv"
refused "an empty file" 'is empty' "$scratch/empty.csv" "$a"
refused "a file cut short" 'line [23] has .* cut short' "$a" "$scratch/cut.csv"
refused "zeros" 'line 1: a NUL' "$scratch/zero.csv" "$a"
refused "something else" 'A has no column "transport"' "$scratch/other.csv" "$a"
clean "nothing is left" "$pid"
finish

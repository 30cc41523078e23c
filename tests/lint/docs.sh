#!/bin/sh
# SPDX-License-Identifier: MIT
# The documents say what the program does: options, columns, keys and names are
# compared with the real thing, both ways. GOLDEN_UPDATE=1 rewrites the manual's
# section of keys.
# shellcheck disable=SC2016,SC2086 # backquotes are looked for; lists and patterns are meant to split
set -u
cd "$(dirname "$0")/../.." || exit 1
LC_ALL=C.UTF-8
export LC_ALL
ipctop=${IPCTOP:-$PWD/ipctop}
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
trap 'exit 130' INT TERM
failed=0

# verdict NAME: reads offences, a line each; none is good.
verdict()
{
	offences=$(cat)
	if [ -z "$offences" ]; then
		echo "ok $1"
		return
	fi
	failed=1
	echo "not ok $1: $(echo "$offences" | head -n 1)"
	echo "$offences" | sed 's/^/  /'
}

# same NAME FILE FILE: a line that is in one of them only is an offence.
same()
{
	if [ -s "$2" ] && [ -s "$3" ]; then
		diff "$2" "$3" | grep '^[<>]' | verdict "$1"
	else
		echo "nothing to compare" | verdict "$1"
	fi
}

# section FILE NAME: the lines of a manual's section.
section()
{
	awk -v name="$2" '/^\.S[hs] / { on = $0 ~ "^\\.S[hs] " name "$" } on' "$1"
}

# One word a line, without what stands between them.
words()
{
	tr ' ' '\n' | grep -v '^[,.]*$'
}

render()
{
	mandoc -T ascii -O width=300 "$1" | sed 's/.\x08//g'
}

if ! [ -x "$ipctop" ]; then
	echo "not ok docs: no program at $ipctop (make, or set IPCTOP)"
	exit 1
fi
page=man/ipctop.1
csv_page=man/ipctop-csv.5
pair_page=man/ipctop-pair.7
"$ipctop" --help >"$files/help"

# Options: --help is printed from the table in tui/cli/options_table.c; is it all there, and in the manual?
sed -n '/^Options:/,/^$/s/^ *\(-.*[^ ]\)   *[^ ].*$/\1/p' "$files/help" | sed 's/  .*//' |
	sort >"$files/options.help"
sed -n '/option_table\[\] = {/,/^};/s/.*\.name = "\([^"]*\)".*/\1/p' tui/cli/options_table.c |
	sort -u >"$files/names.code"
sed 's/.*--\([a-z-]*\).*/\1/' "$files/options.help" | sort >"$files/names.help"
same options_of_code_and_help "$files/names.code" "$files/names.help"
# What a command takes, it says in its own help, and takes no other. An unknown option ends each try.
sed -n '/^Usage:/,/^$/s/^  ipctop \([a-z][a-z]*\).*/\1/p' "$files/help" | sort >"$files/commands.help"
while read -r command; do
	"$ipctop" "$command" --help >"$files/help.$command"
	head -n 1 "$files/help.$command" | grep -q "^ipctop $command: " || echo "$command --help is another's"
	grep -q "^  ipctop $command " "$files/help.$command" || echo "$command --help has no usage"
	sed -n '/^Options:/,/^$/s/^ *\(-.*[^ ]\)   *[^ ].*$/\1/p' "$files/help.$command" |
		sed 's/.*--\([a-z-]*\).*/\1/' | sort >"$files/names.$command"
	while read -r name; do
		said=$("$ipctop" "$command" "--$name" --unknown --unknown 2>&1 </dev/null)
		case $said in
		*'unknown option "--unknown"'*) echo "$name" ;;
		*"--$name does not go with ipctop $command"*) ;;
		*) echo "$command --$name: $said" ;;
		esac
	done <"$files/names.help" | diff "$files/names.$command" - | grep '^[<>]' |
		sort -u | sed "s/^/$command --help: /"
done <"$files/commands.help" | verdict each_command_helps_with_its_own_options

if command -v mandoc >/dev/null; then
	render $page | sed -n '/^OPTIONS$/,/^PRESETS$/s/^     \(-.*\)$/\1/p' | sort >"$files/options.man"
	same options_of_help_and_manual "$files/options.help" "$files/options.man"
	for file in $page $csv_page $pair_page; do
		# Whether the two find each other depends on where the manuals are installed.
		mandoc -T lint "$file" 2>&1 | grep -v 'referenced manual not found\|outdated mandoc.db'
	done | verdict manuals_are_clean
else
	echo "skip options_of_help_and_manual: no mandoc"
	echo "skip manuals_are_clean: no mandoc"
fi

section $page SYNOPSIS | sed -n 's/^\.Cm //p' | sort >"$files/commands.man"
same commands_of_help_and_manual "$files/commands.help" "$files/commands.man"

sed -n '/^Presets:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p' "$files/help" | sort >"$files/presets.help"
section $page PRESETS | sed -n 's/^\.It Cm //p' | sort >"$files/presets.man"
same presets_of_help_and_manual "$files/presets.help" "$files/presets.man"
"$ipctop" list >"$files/list"
sed -n '/^Shapes/,/^$/s/^  \([0-9x]*\) .*/\1/p' "$files/list" | while read -r shape; do
	section $page PRESETS | grep -qF "$shape" || echo "$shape is not in $page"
done | verdict shapes_of_the_presets_in_manual
for kind in carrier encoding; do
	sed -n "s/^$(echo $kind | tr '[:lower:]' '[:upper:]')(\(.*\))/\1/p" transports/${kind}s.def
done | while read -r name; do
	section $page 'FOREIGN PROGRAMS' | grep -qE "^\.It Cm ([a-z0-9]+ , )*$name( |$)" ||
		echo "$name is not in $page"
done | verdict carriers_and_encodings_in_manual

sed -n 's/^CARRIER(\(.*\))/\1/p' transports/carriers.def | while read -r name; do
	[ -f "tests/golden/wire_$name.txt" ] || echo "$name has no tests/golden/wire_$name.txt"
done | verdict carriers_have_a_conversation
# The environment, but for what only tests set and what every program looks at.
{
	grep -rhoE 'getenv\("[A-Z_]+"\)' transports bench tui
	grep -ohE '"XDG_[A-Z_]+"' tui/paths.c
	# setlocale looks at three.
	grep -rqF 'setlocale(LC_CTYPE, "")' tui && printf '"%s"\n' LC_ALL LC_CTYPE LANG
} | sed 's/.*"\(.*\)".*/\1/' | grep -v '^HOME$\|^IPCTOP_TEST_' | sort -u >"$files/environment.code"
section $page ENVIRONMENT | sed -n 's/^\.It Ev //p' | words | sort >"$files/environment.man"
same environment_of_code_and_manual "$files/environment.code" "$files/environment.man"

# Columns: of what a real run writes.
"$ipctop" run -t unix+bytes -s 2x3 -n 1 -w 0 --blocks 1 --csv "$files/csv" --json "$files/json" \
	--samples-csv "$files/samples" >"$files/table" 2>&1 || cat "$files/table"
head -n 1 "$files/csv" | tr -d '\r' | tr ',' '\n' >"$files/columns.csv"
section $csv_page 'The CSV' | sed -n 's/^\.It Va //p' >"$files/columns.man"
same columns_of_csv_and_manual "$files/columns.csv" "$files/columns.man"
head -n 1 "$files/samples" | tr ',' '\n' >"$files/samples.csv"
section $csv_page 'The samples' | sed -n 's/^\.It Va //p' >"$files/samples.man"
same columns_of_samples_and_manual "$files/samples.csv" "$files/samples.man"
sed -n '/"run":/,/}/s/^[[:space:]]*"\([a-z_]*\)":.*/\1/p' "$files/json" | grep -v '^run$' | sort >"$files/members.json"
section $csv_page 'The JSON document' | sed -n '/^\.It Va run$/,/^\.It Va cells$/s/^\.Va //p' |
	words | sort -u >"$files/members.man"
same members_of_json_and_manual "$files/members.json" "$files/members.man"

# Foreign pairs: the members of their file, what a program is told, and what it may say.
sed -n '/member_table\[\] = {/,/^};/s/^\t{"\([a-z]*\)".*/\1/p' bench/plan/foreign_pairs_json.c | sort >"$files/pairs.code"
section $pair_page 'THE PAIRS FILE' | sed -n 's/^\.It Va //p' | sort >"$files/pairs.man"
same members_of_pairs_and_manual "$files/pairs.code" "$files/pairs.man"
cat >"$files/pairs.json" <<-EOF
	{"pairs": [{"name": "docs+bytes", "protocol": 2, "directions": ["both"],
		"server": ["sh", "-c", "sed -u /begin/q >$files/told.server; echo ready x; read -r stop"],
		"client": ["sh", "-c", "sed -u /begin/q >$files/told.client"]}]}
EOF
"$ipctop" run --pairs "$files/pairs.json" -t docs+bytes -s 2 --direction both --blocks 1 >/dev/null 2>&1
sed -n 's/^\([a-z_]*\) .*/\1/p' "$files/told.server" "$files/told.client" | sort -u >"$files/told.code"
section $pair_page 'What ipctop says first' | sed -n 's/^\.It Ar //p' | sort >"$files/told.man"
same options_of_pairs_and_manual "$files/told.code" "$files/told.man"
sed -n '/} verbs\[\] = {/,/};/s/.*{"\([a-z]*\)".*/\1/p' bench/wire/pair_lines.c | sort >"$files/verbs.code"
sed -n '/^\.Ss What a server says/,/^\.Ss What ipctop says then/s/^\.It Cm \([a-z]*\).*/\1/p' $pair_page |
	sort -u >"$files/verbs.man"
same verbs_of_pairs_and_manual "$files/verbs.code" "$files/verbs.man"
sed -n '/field_table\[PAIR_FIELDS\] = {/,/^};/s/.*= {"\([a-z_]*\)".*/\1/p' bench/wire/pair_lines.c | sort >"$files/fields.code"
sed -n '/^\.Ss What a server says/,/^\.Ss What ipctop says then/p' $pair_page | grep -o 'Ar [a-z][a-z_]*' |
	cut -d' ' -f2 | grep -vx 'field\|value' | sort -u >"$files/fields.man"
same fields_of_pairs_and_manual "$files/fields.code" "$files/fields.man"

# Keys: the manual's section is what tui/ui/keys.c makes of its table.
cat >"$files/keys.c" <<-EOF
	#include "tui/ui/keys.h"
	int main(void) { keys_write_mdoc(stdout); return 0; }
EOF
if ${CC:-cc} -std=gnu17 -D_GNU_SOURCE -I. -o "$files/keys" "$files/keys.c" tui/ui/keys.c tui/draw/glyphs.c transports/err.c &&
	"$files/keys" >"$files/keys.code"; then
	if [ -n "${GOLDEN_UPDATE:-}" ]; then
		sed -i -e "/BEGIN KEYS/r $files/keys.code" -e '/BEGIN KEYS/,/END KEYS/{/KEYS$/!d}' $page
	fi
	sed '1,/BEGIN KEYS/d; /END KEYS/,$d' $page >"$files/keys.man"
	same keys_of_code_and_manual "$files/keys.code" "$files/keys.man"
else
	echo "tui/ui/keys.c does not compile on its own" | verdict keys_of_code_and_manual
fi

# What the other documents name is there.
documents='README.md CONTRIBUTING.md ARCHITECTURE.md DECISIONS.md CHANGELOG.md'
for file in $documents; do
	[ -f "$file" ] || echo "$file"
done | verdict documents_exist
sed -n 's/^\([a-z][a-z_. -]*\):.*/\1/p' Makefile | words | sort -u >"$files/targets"
grep -HoE '(`|^ *(\$ )?|&& )make( [a-z][a-z_.-]*)+' $documents | sort -u |
	while IFS=: read -r file text; do
		for target in ${text#*make }; do
			grep -qx "$target" "$files/targets" || echo "$file: make $target"
		done
	done | verdict make_targets_exist
grep -HoE '`[A-Za-z0-9_./*-]+`' $documents | tr -d '\140' | grep -E ':(transports|bench|tui|tests|man|build|\.ci)/|:[A-Za-z0-9_-]+\.md$' |
	grep -v ':build/\|NAME\.[ch]$' | sort -u | while IFS=: read -r file path; do
	ls -d $path >/dev/null 2>&1 || echo "$file: $path"
done | verdict named_files_exist
grep -HoE '(^|[ `])--[a-z][a-z-]+' README.md ARCHITECTURE.md DECISIONS.md | sort -u | while IFS=: read -r file text; do
	name=$(echo "$text" | tr -d ' \140' | sed 's/^--//')
	grep -qx -e "$name" "$files/names.help" || echo "$file: --$name"
done | grep -v -e '--no-install-recommends' | verdict named_options_exist

# README.md's grid has all carriers as rows and all encodings as columns, in their order.
sed -n 's/^CARRIER(\(.*\))/row \1/p; s/^ENCODING(\(.*\))/column \1/p' transports/carriers.def transports/encodings.def \
	>"$files/grid.code"
sed -n '/^| | `/,/^$/p' README.md | awk -F ' *[|] *' '
	{ gsub("`", "") }
	NR == 1 { for (i = 3; i < NF; i++) columns = columns "column " $i "\n" }
	NR > 2 && NF { print "row " $2 }
	END { printf "%s", columns }
' >"$files/grid.readme"
same grid_of_readme_and_tables "$files/grid.readme" "$files/grid.code"

# The map of rooms in ARCHITECTURE.md has the arrows of layers.sh: "from to", a line each.
sed -n "/^arrows='/,/^'/s/: / /p" tests/lint/layers.sh |
	awk '{ for (i = 2; i <= NF; i++) print $1, $i }' | sort >"$files/arrows.lint"
awk -F ' *[|] *' '
	/^[|] `(transports|bench|tui)[`\/]/ {
		gsub("`", "")
		match($2, "[^/]*(/[*])?$")
		room[substr($2, RSTART)] = $2
		from[++rooms] = $2
		to[rooms] = $4
	}
	END {
		for (i = 1; i <= rooms; i++) {
			words = split(to[i], word, " ")
			for (k = 1; k <= words; k++)
				print from[i], word[k] in room ? room[word[k]] : word[k]
		}
	}
' ARCHITECTURE.md | sort >"$files/arrows.map"
same arrows_of_map_and_lint "$files/arrows.map" "$files/arrows.lint"

exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
# What the compiler does not check: who may include what, who may see which
# library, and the parts of the style that a pattern can find.
# shellcheck disable=SC2086 # lists are meant to split
set -u
cd "$(dirname "$0")/../.." || exit 1
LC_ALL=C.UTF-8
export LC_ALL
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
	echo "not ok $1: $(echo "$offences" | grep -c .) found, among them $(echo "$offences" | head -n 1)"
	echo "$offences" | sed 's/^/  /'
}

sources()
{
	find "$@" -type f \( -name '*.c' -o -name '*.h' -o -name '*.def' \) | sort
}

# includes FOLDER PATTERN: the lines of the folder that include what matches.
includes()
{
	sources "$1" | xargs grep -HnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]$2"
}

# calls WORDS: "file:line:text" of each call of one of them, comments and strings aside.
calls()
{
	sources transports bench tui tests | while read -r file; do
		sed -e 's,//.*,,' -e 's,"\([^"\\]\|\\.\)*","",g' -e 's,/\*.*\*/,,' \
			-e 's,^[[:space:]]*/\?\*.*,,' "$file" |
			grep -nE "(^|[^A-Za-z0-9_.>])($1)[[:space:]]*\(" | sed "s,^,$file:,"
	done
}

# only_in NAME HEADERS FILES: those headers are included nowhere but there.
only_in()
{
	for folder in transports bench tui; do includes $folder "$2"; done |
		grep -vE "^($3):" | verdict "$1"
}

# The arrows between wings, and between floors: who may include whom, each once. "carriers/*" is each
# folder of that name; a wing may always include itself. ARCHITECTURE.md says what lives where.
arrows='
transports/net: transports
transports/carriers/*: transports transports/net
transports/carriers: transports transports/net transports/carriers/*
transports/encodings/*: transports
transports/encodings: transports transports/encodings/*
bench/text: transports
bench/stats: transports
bench/machine: transports transports/net bench/text
bench/plan: transports transports/net bench/text bench/machine
bench/wire: transports bench/text bench/stats bench/machine bench/plan
bench/model: transports bench/text bench/stats bench/machine bench/plan
bench/report: transports bench/text bench/stats bench/machine bench/plan bench/model
bench/run: transports bench/stats bench/machine bench/plan bench/wire bench/model
bench/worker: transports transports/net bench/text bench/stats bench/machine bench/plan bench/wire
tui/draw: transports bench/text bench/stats
tui/term: transports bench/machine tui/draw
tui/cli: transports transports/net bench/text bench/machine bench/plan bench/model bench/report bench/run bench/worker tui/term
tui/ui: transports bench/machine bench/text bench/plan bench/model bench/report tui/draw tui/term
tui/views: transports bench/text bench/plan bench/model bench/report tui/draw tui/ui
tui: transports bench/text bench/machine bench/plan bench/report bench/run bench/worker tui/cli tui/draw tui/term tui/ui tui/views
'
# Every arrow that the sources have: "from to file".
drawn()
{
	sources transports bench tui | xargs grep -HE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' |
		sed -n 's,^\(.*\)/\([^/:]*\):[^"]*"\(.*\)/[^/"]*".*,\1 \3 \1/\2,p' | awk '$1 != $2'
}
drawn | awk -v arrows="$arrows" '
	function wing(folder) {
		if (folder ~ "^transports/(carriers|encodings)/")
			sub("/[^/]*$", "/*", folder)
		return folder
	}
	BEGIN {
		lines = split(arrows, line, "\n")
		for (i = 1; i <= lines; i++) {
			words = split(line[i], word, " ")
			sub(":", "", word[1])
			for (k = 2; k <= words; k++)
				allowed[word[1] " " word[k]] = 1
		}
	}
	!((wing($1) " " wing($2)) in allowed) { print $3 " includes " $2; next }
	wing($1) == wing($2) { print $3 " includes " $2 ": one carrier, or encoding, knows no other"; next }
	{ used[wing($1) " " wing($2)] = 1 }
	END { for (arrow in allowed) if (!(arrow in used)) print "nothing needs the arrow " arrow }
' | verdict wings_include_what_they_may
echo "$arrows" | awk '{ sub(":", "", $1); for (i = 2; i <= NF; i++) print $1, $i }' | tsort 2>&1 >/dev/null |
	verdict no_circle_of_wings

# A module is NAME.c with its NAME.h. It stands on those whose headers it includes, and on itself
# by no detour. "from to" of each such include:
edges=$(sources transports bench tui | xargs grep -HE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]*\.h"' |
	sed 's,^\([^:]*\)\.[a-z]*:[^"]*"\([^"]*\)\.h".*,\1 \2,' | awk '$1 != $2' | sort -u)
# The includes that still close a circle; one that is gone has no place here.
knots='
bench/machine/world bench/machine/world_process
bench/run/cast bench/run/cast_parts
bench/worker/random_normal bench/worker/random_normal_paths
transports/encodings/decimal/decimal transports/encodings/decimal/decimal_parse
transports/encodings/pickle/pickle_reader transports/encodings/pickle/pickle_numpy
'
# circles KNOTS: those of the edges without the knots.
circles()
{
	echo "$edges" | grep -vxF -e "$1" | tsort 2>&1 >/dev/null |
		sed -e 's,.*input contains a loop.*,a circle:,' -e 's,^tsort: ,  ,'
}
circles "$knots" | verdict no_circle_of_modules
echo "$knots" | grep . | while read -r knot; do
	[ -n "$(circles "$(echo "$knots" | grep -vxF -e "$knot")")" ] || echo "no circle is closed by $knot"
done | verdict every_knot_closes_a_circle
includes tui 'tests/' | verdict nothing_built_knows_tests
# A folder can be taken in at a look.
sources transports bench tui | sed 's,\.[^.]*$,,' | sort -u | sed 's,/[^/]*$,,' | uniq -c |
	awk '$1 > 25 { print $2 " has " $1 " modules" }' | verdict no_wing_over_25_modules
sources transports bench tui tests | xargs grep -HnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' |
	grep -vE 'include[[:space:]]*"(transports|bench|tui|tests)/' | verdict includes_start_at_the_root

only_in ncurses_in_one_file '(ncurses|curses|term|panel|menu)(\.h|w/|/)' 'tui/term/term_curses\.c'
only_in microhttpd_in_http 'microhttpd' 'transports/carriers/http(/http_(server|reply))?\.[ch]'
only_in curl_in_http 'curl/' 'transports/carriers/http(/http_client)?\.c'
only_in libwebsockets_in_ws 'libwebsockets' 'transports/carriers/(l?ws\.c|ws/lws_(server|link)\.[ch])'
only_in cjson_where_json_is 'cjson/' 'transports/encodings/cjson\.c|bench/(report/json|plan/foreign_pairs_json)\.c'
only_in openssl_in_one_file 'openssl/' 'transports/carriers/mp/mp_auth\.c'
only_in xxhash_in_one_file 'xxhash' 'bench/text/hash\.c'
# A library that is not named here yet.
c_library='aio arpa/.* assert complex ctype dirent dlfcn endian errno fcntl fenv float fnmatch ftw getopt glob
	grp iconv immintrin inttypes langinfo libgen limits linux/.* locale malloc math net/.* netdb netinet/.* poll
	pthread pty pwd regex sched search semaphore setjmp signal spawn stdalign stdarg stdatomic stdbool stddef
	stdint stdio stdlib stdnoreturn string strings sys/.* syslog termios time uchar unistd wchar wctype'
libraries='curl/curl cjson/cJSON libwebsockets microhttpd ncurses term openssl/.* xxhash'
for folder in transports bench tui; do includes $folder '[^">]*>'; done |
	grep -vE "<($(echo $c_library $libraries | tr ' ' '|'))\.h>" | verdict no_unknown_library

# But for the end of a hybrid wait's spinning, which is no measurement: see wait.c.
calls 'clock_gettime|clock_now_ns|gettimeofday|timespec_get' | grep '^transports/' |
	grep -v '^transports/wait\.c:' | verdict transports_read_no_clock
calls 'strcpy|strcat|sprintf|vsprintf|strncpy|gets|atoi|atol|atof|strtok|system|popen|rand|srand|gettimeofday|alloca' |
	verdict no_banned_function
# So that a run can be driven by a world that is made up: bench/machine/world.h.
calls 'clock_now_ns|clock_gettime|clock_nanosleep|time|getrandom|posix_spawn|fork|kill|wait|waitid|waitpid|epoll_[a-z0-9_]*|poll|socketpair|send|recv|read|write|pread|memfd_create|mmap|munmap|open|close|io_[a-z]*|rename|unlink|mkstemp|noise_take|sweep_[a-z_]*' |
	grep '^bench/run/' | verdict runner_reaches_out_through_its_world
calls 'getrandom|rename|unlink|mkstemp' | grep '^bench/report/' |
	verdict reports_replace_files_through_a_world
sources bench | xargs grep -Hn 'world_real' |
	grep -vE '^bench/(machine/world\.[ch]|worker/worker\.c):' | verdict owners_choose_the_world
# What a handler needs, signal() leaves open; to ignore one it will do.
calls 'signal' | grep -v '^tests/' | grep -vE 'signal\(SIG[A-Z]+, SIG_(IGN|DFL)\)' | verdict signal_sets_no_handler
calls 'sleep|usleep|nanosleep' | verdict nobody_sleeps
sources transports bench tui tests | xargs grep -HnE '^typedef (struct|union|enum)[^(]*$' | verdict no_typedef_of_a_struct

{
	sources transports bench tui tests
	find bench tests -name '*.cpp' -o -name '*.sh' -o -name '*.py' -o -name '*.exp'
	echo Makefile
	echo tests/run
} | while read -r file; do
	head -n 3 "$file" | grep -q 'SPDX-License-Identifier: MIT' || echo "$file"
done | verdict every_file_names_its_licence

# A header that is there to be included more than once says so in its first lines.
sources transports bench tui tests | grep '\.h$' | while read -r file; do
	head -n 12 "$file" | grep -qi 'included .*\(once\|times\|for each\|twice\)' && continue
	guard=$(echo "$file" | tr '[:lower:]/.' '[:upper:]__')
	grep -qx "#ifndef $guard" "$file" && grep -qx "#define $guard" "$file" || echo "$file: not $guard"
done | verdict guards_have_their_files_names

sources transports bench tui tests | while read -r file; do
	expand -t 8 "$file" | grep -nE '^.{101,}' | sed "s,^\([0-9]*\):.*,$file:\1,"
done | verdict no_line_over_100_columns
sources transports bench tui tests | xargs grep -nE '[[:blank:]]$' | verdict no_space_at_line_ends
sources transports bench tui tests | xargs grep -nE '^        ' | verdict tabs_indent

# rows KIND FOLDER: the names of the .def table, and of the files that define such a row.
rows()
{
	table=transports/$1s.def
	macro=$(echo "$1" | tr '[:lower:]' '[:upper:]')
	sed -n "s/^$macro(\([a-z0-9_]*\)).*/\1/p" "$table" | while read -r name; do
		grep -q "^const struct $1 $1_$name = {" "transports/$1s/$name.c" 2>/dev/null ||
			echo "$table has $name, transports/$1s/$name.c does not define $1_$name"
	done
	grep -oE "^const struct $1 $1_[a-z0-9_]+ = " "transports/$1s"/*.c |
		sed "s/\(.*\):const struct $1 $1_\([a-z0-9_]*\) = /\1 \2/" | while read -r file name; do
		grep -q "^$macro($name)" "$table" || echo "$file defines $name, $table does not have it"
	done
}
rows carrier | verdict carriers_and_their_table_agree
rows encoding | verdict encodings_and_their_table_agree
# A role is a file of bench/worker/, whatever its name.
{
	sed -n 's/^ROLE(\([a-z]*\))$/\1/p' bench/wire/roles.def | while read -r name; do
		grep -q "^const struct worker_role role_$name = {" bench/worker/*.c ||
			echo "bench/wire/roles.def has $name, no file of bench/worker defines role_$name"
	done
	grep -hoE "^const struct worker_role role_[a-z]+ = " bench/worker/*.c |
		sed 's/.*role_\([a-z]*\) = /\1/' | while read -r name; do
		grep -q "^ROLE($name)" bench/wire/roles.def ||
			echo "bench/worker defines role_$name, bench/wire/roles.def does not have it"
	done
} | verdict roles_and_their_table_agree

exit $failed

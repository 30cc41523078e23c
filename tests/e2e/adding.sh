#!/bin/sh
# SPDX-License-Identifier: MIT
# A carrier, an encoding and an exporter are a file and a line each, and an encoding's fuzzer is a
# file: in a copy of the tree, in which make builds only what depends on them.
. "$(dirname "$0")/lib.inc"

root=$(cd "$here/../.." && pwd)
build=${BUILD:-build/release}
variant=${build##*/}
copy=$scratch/copy
csv=$scratch/a.csv

mkdir -p "$copy/build"
cp -a "$root/Makefile" "$root/transports" "$root/bench" "$root/tui" "$root/tests" "$copy"
cp -a "$root/$build" "$copy/build/$variant"
cd "$copy" || exit 1

# What they do does not matter here: unix and base64 by another name.
sed 's/carrier_unix = {/carrier_toy = {/; s/"unix"/"toy"/' transports/carriers/unix.c \
	>transports/carriers/toy.c
echo 'CARRIER(toy)' >>transports/carriers.def
sed 's/encoding_base64 = {/encoding_toy = {/; s/"base64"/"toy"/' transports/encodings/base64.c \
	>transports/encodings/toy.c
echo 'ENCODING(toy)' >>transports/encodings.def
sed 's/encoding_base64/encoding_toy/' tests/fuzz/fuzz_base64.c >tests/fuzz/fuzz_toy.c
cp -a tests/fuzz/corpus/base64 tests/fuzz/corpus/toy
cat >bench/report/export_toy.c <<'C'
#include "bench/report/export.h"

int export_toy(const struct model *model, FILE *file, struct err *err)
{
	(void)fprintf(file, "%zu toys\n", model->cell_count);
	return ferror(file) ? err_system(err, "cannot write the toys") : 0;
}
C
echo 'EXPORTER(toy)' >>bench/report/exporters.def
# As callers find an exporter: by its name, or by the ending of a file's.
cat >tests/unit/test_toy.c <<'C'
#include <string.h>

#include "bench/report/export.h"

int main(int argc, char **argv)
{
	static const struct model model;
	const struct exporter *exporter = exporter_table;

	while (exporter->name && strcmp(exporter->name, "toy") != 0)
		exporter++;
	return argc < 2 || !exporter->name || strcmp(exporter->extension, ".toy") != 0 ||
	       export_file(&world_real, &model, exporter, argv[1], NULL) != 0;
}
C

contracts=$(ls tests/contract/contract_*.c | sed "s,\(.*\)\.c,$build/\1,")
fuzzer=$build/tests/fuzz/fuzz_toy
exporting=$build/tests/unit/test_toy
(
	unset MAKEFLAGS MFLAGS MAKELEVEL
	# shellcheck disable=SC2086 # a list
	make -j2 VARIANT="$variant" all $contracts "$fuzzer" "$exporting"
) >"$scratch/made" 2>&1
status=$?
judge "it builds" "$(tail -n 5 "$scratch/made")" $status
[ $status -eq 0 ] || finish
IPCTOP=$copy/$build/ipctop

"$IPCTOP" list >"$scratch/list"
missing=
for name in toy+toy toy+bytes http+toy; do
	grep -q "^ *$name " "$scratch/list" || missing="$missing $name"
done
judge "list knows them" "without$missing" "$([ -z "$missing" ]; echo $?)"
run run -t toy+toy,toy+shm,http+toy -s 3x5 -n 2 --blocks 1 --csv "$csv"
status=$?
judge "they are measured" "exit $status: $(cat "$scratch/err")" \
	"$([ $status -eq 0 ] && [ "$(grep -c ',done,.*,2,2,1,' "$csv")" -eq 3 ]; echo $?)"

for program in $contracts; do
	"$program" toy >"$scratch/said" 2>&1
	status=$?
	judge "${program##*/} takes it" "exit $status: $(grep -v '^ok ' "$scratch/said")" \
		"$([ $status -eq 0 ] && grep -q '^ok toy' "$scratch/said"; echo $?)"
done
FUZZ_MUTATIONS=1000 "$fuzzer" >"$scratch/said" 2>&1
judge "the fuzzer fuzzes it" "$(cat "$scratch/said")" \
	"$(grep -qx 'ok 1000 mutations' "$scratch/said"; echo $?)"

"$exporting" "$scratch/out.toy" >"$scratch/said" 2>&1
judge "the exporter can be asked for" "$(cat "$scratch/said")" $?
said=$(cat "$scratch/out.toy" 2>&1)
judge "the exporter writes" "$said" "$([ "$said" = "0 toys" ]; echo $?)"
finish

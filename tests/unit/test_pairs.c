/* SPDX-License-Identifier: MIT */
/* Files of foreign pairs: what is read from them, what is refused, what becomes of a name. */
#include "bench/plan/foreign_pairs.h"

#include <unistd.h>

#include "bench/plan/estimate.h"
#include "bench/plan/plan.h"
#include "bench/wire/setup.h"
#include "tests/support/drive_pairs.h"
#include "tests/support/test.h"
#include "tui/ui/picker.h"

static struct pairs pairs;
static struct err err;

static int parse(const char *text)
{
	pairs_fini(&pairs);
	pairs = (struct pairs){0};
	err_clear(&err);
	return drive_pairs(&pairs, text, strlen(text), &err);
}

#define ENDS "\"server\": [\"a\"], \"client\": [\"b\"]"

#define SPEAKS2 "{\"pairs\": [{\"name\": \"a+b\", \"protocol\": 2, "

static void test_parse(void)
{
	CHECK_MSG(parse("{\"pairs\": [{\"name\": \"zmq-x+raw\", \"title\": \"ZeroMQ\","
			"\"server\": [\"a\", \"\"], \"client\": [\"b\", \"c d\"],"
			"\"env\": {\"K\": \"V\", \"E\": \"\"}, \"directory\": \"x/y\","
			"\"checksums\": true, \"needs\": {\"/x\": \"python3-zmq\"}}]}\n ") == 0,
		  "%s", err.message);
	CHECK(pairs.count == 1);
	CHECK_STR(pairs.rows[0].name, "zmq-x+raw");
	CHECK_STR(pairs.rows[0].carrier_name, "zmq-x");
	CHECK_STR(pairs.rows[0].encoding_name, "raw");
	CHECK_STR(pairs.rows[0].server[1], "");
	CHECK(!pairs.rows[0].server[2]);
	CHECK_STR(pairs.rows[0].client[1], "c d");
	CHECK_STR(pairs.rows[0].environment[1], "V");
	CHECK_STR(pairs.rows[0].environment[2], "E");
	CHECK(!pairs.rows[0].environment[4] && pairs.rows[0].checksums);
	CHECK(pairs.rows[0].need_count == 1);
	pairs_fini(&pairs);
}

/* What a pair speaks: of version 1, what version 1 has. */
static void test_speech(void)
{
	const struct pairs_row *row = &pairs.rows[0];

	CHECK(parse("{\"pairs\": [{\"name\": \"a+b\", " ENDS "}]}") == 0);
	CHECK(row->protocol == 1 && row->dtypes == DTYPE_BIT(DTYPE_FLOAT64));
	CHECK(row->directions == 1u << DIRECTION_PULL);
	CHECK(parse("{\"pairs\": [{\"name\": \"a+b\", \"protocol\": 2, " ENDS "}]}") == 0);
	CHECK(row->protocol == 2 && row->dtypes == DTYPE_BIT(DTYPE_FLOAT64));
	CHECK(row->directions == 1u << DIRECTION_PULL);
	CHECK(parse("{\"pairs\": [{\"name\": \"a+b\", \"directions\": [\"push\", \"both\"],"
		    "\"dtypes\": [\"uint8\", \"bool\"], \"protocol\": 2, " ENDS "}]}") == 0);
	CHECK(row->dtypes == (DTYPE_BIT(DTYPE_UINT8) | DTYPE_BIT(DTYPE_BOOL)));
	CHECK(row->directions == (1u << DIRECTION_PUSH | 1u << DIRECTION_BOTH));
	CHECK(parse("{\"pairs\": [{\"name\": \"a+b\", \"dtypes\": [\"uint8\"], " ENDS "}]}") == -1);
	CHECK(strstr(err.message, "\"dtypes\" needs \"protocol\": 2"));
	pairs_fini(&pairs);
}

static void test_refused(void)
{
	static const char *const texts[] = {
		"", "[]", "{}", "null", "{\"pairs\": {}}", "{\"pairs\": []}", "{\"pairs\": [1]}",
		"{\"pairs\": [{" ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", " ENDS "}], \"x\": 1}",
		"{\"pairs\": [{\"name\": \"a+b\", " ENDS "}]} x",
		"{\"pairs\": [{\"name\": 1, " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a\", " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"+b\", " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+\", " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b+c\", " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"A+b\", " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a,b+c\", " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"abcdefghijklmnop+abcdefghijklmnop\", " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"name\": \"a+c\", " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"Name\": 1, " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"server\": [\"a\"]}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"server\": \"a\", \"client\": [\"b\"]}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"server\": [], \"client\": [\"b\"]}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"server\": [\"\"], \"client\": [\"b\"]}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"server\": [1], \"client\": [\"b\"]}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"env\": {\"A=B\": \"\"}, " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"env\": {\"A\": 1}, " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"checksums\": 1, " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"title\": \"a\\nb\", " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"title\": \"a\\u0000b\", " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"needs\": {\"x\": \"y\"}, " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"needs\": {\"/x\": \"; rm\"}, " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"directory\": \"\", " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"protocol\": 3, " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"protocol\": 1.5, " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"protocol\": \"2\", " ENDS "}]}",
		"{\"pairs\": [{\"name\": \"a+b\", \"directions\": [\"push\"], " ENDS "}]}",
		SPEAKS2 "\"dtypes\": [], " ENDS "}]}",
		SPEAKS2 "\"dtypes\": {\"x\": \"uint8\"}, " ENDS "}]}",
		SPEAKS2 "\"dtypes\": [\"complex64\"], " ENDS "}]}",
		SPEAKS2 "\"dtypes\": [8], " ENDS "}]}",
		SPEAKS2 "\"directions\": \"pull\", " ENDS "}]}",
		SPEAKS2 "\"directions\": [\"in\"], " ENDS "}]}",
		SPEAKS2 "\"directions\": [1], " ENDS "}]}",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		CHECK_MSG(parse(texts[i]) == -1, "%s", texts[i]);
		CHECK(err.kind == ERR_USAGE && err.message[0]);
	}
	pairs_fini(&pairs);
}

/* Writes a file of its own, whose name path receives. */
static bool write_file(char path[32], const char *text)
{
	int fd;
	bool whole;

	(void)snprintf(path, 32, "/tmp/test-pairs-XXXXXX");
	fd = mkstemp(path);
	whole = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	(void)close(fd);
	return whole;
}

static int read_setup(const struct record_writer *writer, struct worker_setup *setup)
{
	static struct record record;

	err_clear(&err);
	return record_parse(&record, writer->text, writer->used, &err) != 0 ?
		       -1 :
		       setup_read(setup, &record, &err);
}

static const char *uncarried(struct plan_cell *cell, enum direction direction, enum dtype request,
			     enum dtype reply)
{
	const char *why;

	cell->direction = direction;
	cell->type.dtype = direction == DIRECTION_PUSH ? request : reply;
	cell->request = cell->type;
	cell->request.dtype = request;
	why = plan_cell_uncarried(cell);
	return why ? why : "";
}

/* A pair is given what its file says that it speaks, both ways. */
static void test_carried(const struct plan_cell *any)
{
	struct plan_cell cell = *any;

	CHECK(transport_parse("zmq+raw", &cell.transport, &err) == 0);
	CHECK_STR(uncarried(&cell, DIRECTION_PULL, DTYPE_FLOAT64, DTYPE_FLOAT64), "");
	CHECK(strstr(uncarried(&cell, DIRECTION_PULL, DTYPE_UINT8, DTYPE_UINT8), "float64 alone"));
	CHECK(strstr(uncarried(&cell, DIRECTION_PUSH, DTYPE_FLOAT64, 0), "--direction pull"));
	CHECK(transport_parse("two+json", &cell.transport, &err) == 0);
	CHECK_STR(uncarried(&cell, DIRECTION_PUSH, DTYPE_UINT8, 0), "");
	CHECK_STR(uncarried(&cell, DIRECTION_PUSH, DTYPE_BFLOAT16, 0), "");
	CHECK(strstr(uncarried(&cell, DIRECTION_PUSH, DTYPE_FLOAT64, 0), "this dtype"));
	CHECK(strstr(uncarried(&cell, DIRECTION_PULL, 0, DTYPE_UINT8), "this direction"));
	CHECK(strstr(uncarried(&cell, DIRECTION_BOTH, DTYPE_UINT8, DTYPE_UINT8), "direction"));
}

/* One file, read once: the registry keeps it for as long as this process lives. */
static void test_load(void)
{
	static const char text[] =
		"{\"pairs\": [{\"name\": \"zmq+raw\", \"directory\": \"/\", " ENDS "},"
		"{\"name\": \"zmq+bytes\", \"needs\": {\"/dev/null/such\": \"python3-zmq\"}, " ENDS
		"}, {\"name\": \"two+json\", \"protocol\": 2,"
		"\"dtypes\": [\"uint8\", \"bfloat16\"],\"directions\": [\"push\"], " ENDS "}]}";
	static struct picker picker;
	char command[200];
	char wanted[200];
	struct plan_cell cell = {.samples = 1, .blocks = 1, .clients = 1};
	struct transport transport;
	struct worker_setup setup;
	struct record_writer writer;
	struct plan plan;
	char path[32];
	size_t all = 0;

	while (transport_at(all, &transport))
		all++;
	err_clear(&err);
	CHECK(write_file(path, text));
	CHECK_MSG(pairs_load(path, NULL, 0, &err) == 0, "%s", err.message);
	CHECK(transport_at(all + 2, &transport) && !transport_at(all + 3, &transport));
	CHECK(transport_parse("zmq+raw", &transport, &err) == 0);
	CHECK_STR(transport.carrier->program->directory, "/");
	CHECK_STR(transport.encoding->title, "raw");
	cell.transport = transport;
	cell.type = (struct array_type){.shape = {.dimensions = 1, .extents = {8}}};
	CHECK_MSG(plan_cell_fits(&cell, &err) == 0, "%s", err.message);
	CHECK(plan_cell_estimate_ns(&cell, &plan_defaults) > 0);

	/* A known encoding is that; what is missing is said. */
	CHECK(transport_parse("zmq+bytes", &cell.transport, &err) == 0);
	CHECK(cell.transport.encoding == encoding_find("bytes"));
	CHECK(plan_cell_fits(&cell, &err) == -1);
	CHECK_STR(err.message, "needs: apt-get install python3-zmq");

	test_carried(&cell);
	CHECK(plan_make(&plan, "all", "2", &plan_defaults, NULL, &err) == 0);
	CHECK(plan.cell_count == all + 3);
	plan_free(&plan);
	picker_init(&picker);
	CHECK(picker_apply_lists(&picker, "zmq+raw,ws+shm", "2", &err) == 0);
	(void)snprintf(wanted, sizeof(wanted), "ipctop run --pairs '%s' -t ws+shm,zmq+raw -s 2",
		       path);
	CHECK_STR(picker_command(&picker, command, sizeof(command)), wanted);

	/* The setup record says where it is; here it has been read already. */
	setup = (struct worker_setup){.transport = transport, .type = cell.type, .token = "t"};
	setup_write(&setup, &writer);
	CHECK(!writer.overflow);
	CHECK(read_setup(&writer, &setup) == -1 && strstr(err.message, "zmq+raw already"));
	CHECK(truncate(path, (off_t)strlen(text) - 1) == 0);
	CHECK(read_setup(&writer, &setup) == -1 && strstr(err.message, "has changed"));
	(void)unlink(path);
	CHECK(read_setup(&writer, &setup) == -1 && strstr(err.message, "cannot be read"));
}

static const struct test tests[] = {
	{"parse", test_parse},
	{"speech", test_speech},
	{"refused", test_refused},
	{"load", test_load},
};

TEST_MAIN(tests)
